//! Opens a URL in a browser. Without one, as over SSH, the URL itself is shown.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use crate::message::Done;

pub(super) async fn open(url: String) -> Done {
    let Some(program) = program() else { return Done::NoBrowser(url) };
    let opened = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(program);
        command.arg(&url).env_remove("OBX_KEY").env_remove("OBX_SECRET");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(mut child) = child else { return Done::NoBrowser(url) };
        // Reaps the child when it ends, without blocking anything.
        std::thread::spawn(move || child.wait());
        Done::PageOpened(url)
    });
    opened.await.unwrap_or_else(|error| Done::CopyFailed(error.to_string()))
}

/// `$BROWSER`, or the desktop's own opener if there is a desktop.
fn program() -> Option<OsString> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("BROWSER").or_else(|| {
        let desktop = set("DISPLAY").or_else(|| set("WAYLAND_DISPLAY"));
        desktop.map(|_| OsString::from("xdg-open")).or(cfg!(target_os = "macos").then(|| "open".into()))
    })
}
