//! Puts text on the clipboard: through tmux where obx runs in it, for there OSC 52 often fails silently; else
//! by OSC 52, which works over SSH. Says which way it went, and no more than is known.

use std::io::Write;
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use crate::message::Done;

pub(super) async fn copy(what: String, text: String) -> Done {
    let copied = tokio::task::spawn_blocking(move || {
        if std::env::var_os("TMUX").is_some_and(|tmux| !tmux.is_empty()) && by_tmux(&text).is_ok() {
            return Done::CopiedToTmux(what);
        }
        match execute!(std::io::stdout(), CopyToClipboard::to_clipboard_from(&text)) {
            Ok(()) => Done::CopiedToTerminal(what),
            Err(error) => Done::CopyFailed(error.to_string()),
        }
    });
    copied.await.unwrap_or_else(|error| Done::CopyFailed(error.to_string()))
}

fn by_tmux(text: &str) -> std::io::Result<()> {
    let mut tmux = Command::new("tmux");
    tmux.args(["load-buffer", "-w", "-"]).env_remove("OBX_KEY").env_remove("OBX_SECRET");
    let mut child = tmux.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_bytes())?;
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other("tmux refused")) }
}
