//! Copies text to the clipboard: through tmux when obx runs in it, because OSC 52 often fails silently there;
//! otherwise by OSC 52, which works over SSH. Text that is too long for a terminal goes to a file. The result says
//! which way was taken, and claims no more than is known.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

use crate::message::{ClipboardText, CopiedTo, Done};

/// Terminals ignore an OSC 52 of more than 100,000 bytes, which is this many bytes of text after base64 and the
/// control sequence.
const LONGEST: usize = 74_994;

/// Most file names tried for a text that is too long.
const NAMES: u32 = 1_000;

pub(super) async fn copy(what: String, text: ClipboardText) -> Done {
    let copied = tokio::task::spawn_blocking(move || put(what, &text));
    copied.await.unwrap_or_else(|error| Done::CopyFailed(error.to_string()))
}

/// Copies a text. Blocks while waiting for tmux or the terminal.
pub(super) fn put(what: String, text: &ClipboardText) -> Done {
    match place(text.as_str()) {
        Ok(to) => Done::Copied { what, left_out: text.left_out(), to },
        Err(error) => Done::CopyFailed(error.to_string()),
    }
}

fn place(text: &str) -> io::Result<CopiedTo> {
    let too_long = text.len() > LONGEST;
    if std::env::var_os("TMUX").is_some_and(|tmux| !tmux.is_empty()) && by_tmux(text).is_ok() {
        return Ok(if too_long { CopiedTo::TmuxOnly } else { CopiedTo::Tmux });
    }
    if too_long {
        return Ok(CopiedTo::File(to_file(text)?.display().to_string()));
    }
    execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))?;
    Ok(CopiedTo::Terminal)
}

fn by_tmux(text: &str) -> io::Result<()> {
    let mut tmux = Command::new("tmux");
    tmux.args(["load-buffer", "-w", "-"]).env_remove("OBX_KEY").env_remove("OBX_SECRET");
    let mut child = tmux.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let written = child.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
    // Waited for even after a write error, since it would stay a zombie.
    let status = child.wait()?;
    written?;
    if status.success() { Ok(()) } else { Err(io::Error::other("tmux refused")) }
}

/// Writes a new file that only the user can read, and that nobody else can have created.
fn to_file(text: &str) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir();
    let names = (0..NAMES).map(|at| folder.join(format!("obx-copied-{}-{at}.txt", std::process::id())));
    for path in names {
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let mut file = match opened {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
            opened => opened?,
        };
        if let Err(error) = file.write_all(text.as_bytes()) {
            let _ = fs::remove_file(&path); // it may be gone
            return Err(error);
        }
        return Ok(path);
    }
    Err(io::Error::other(format!("{} is full of copies", folder.display())))
}
