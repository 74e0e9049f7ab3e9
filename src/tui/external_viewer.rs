//! Opens a body in `$EDITOR` or `$PAGER`: writes a copy that only the user can read, and removes it when the program
//! ends.
//!
//! ```text
//!  body ─▶ file 0600 in a fresh folder 0700 ─▶ sh -c 'exec $PAGER file' ─▶ ended ─▶ folder removed
//! ```
//! The variables may hold arguments (`less -R`, `code -w`), so a shell parses them, as git does it; `exec` makes signals
//! reach the program instead of the shell. Key and secret are removed from its environment.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, PoisonError};

use crate::message::{Done, Held, ProgramEnd, Reading, Viewer};
use obx_core::export;

/// The shell's exit code for a program that was not found.
const NOT_FOUND: i32 = 127;

/// How many folder names are tried.
const NAMES: u32 = 1_000;

/// Folders that hold copies, for an exit that runs no destructors.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes all copies, for the thread that ends the process when the main thread can't.
pub(super) fn remove_copies() {
    for folder in FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = fs::remove_dir_all(folder); // nothing is left to say so on
    }
}

/// A copy of a body in a folder of its own, both removed when this is dropped.
#[derive(Debug)]
pub(super) struct BodyCopy {
    folder: PathBuf,
    file: PathBuf,
}

impl BodyCopy {
    /// Writes the masked body, pretty-printed if it is JSON, or the outputs of a jq program, each pretty-printed.
    pub(super) fn write(reading: &Reading) -> io::Result<Self> {
        let (text, name) = match reading {
            Reading::Body(Held(exchange)) => {
                let (text, ending) = export::readable(exchange);
                (text, format!("{}.{ending}", exchange.call.subject()))
            }
            Reading::JqResult(Held(exchange), outputs) => {
                (outputs.pretty(), format!("{}-jq.{}", exchange.call.subject(), outputs.ending()))
            }
        };
        let folder = create_folder()?;
        FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).push(folder.clone());
        let file = folder.join(name);
        let copy = Self { folder, file };
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&copy.file)?
            .write_all(text.as_bytes())?;
        Ok(copy)
    }
}

impl Drop for BodyCopy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder); // a temporary file that stays harms nobody
        FOLDERS.lock().unwrap_or_else(PoisonError::into_inner).retain(|folder| *folder != self.folder);
    }
}

/// The variable that names the program, as the user knows it.
pub(super) fn variable(viewer: Viewer) -> &'static str {
    match viewer {
        Viewer::Pager => "$PAGER",
        Viewer::Editor if is_set("VISUAL") => "$VISUAL",
        Viewer::Editor => "$EDITOR",
    }
}

/// The command that opens a file in the user's editor, and the variable that names it.
pub fn editor_command(file: &Path) -> (&'static str, Command) {
    (variable(Viewer::Editor), shell(&program(Viewer::Editor), file))
}

/// Starts the program, after obx has given the terminal back.
pub(super) fn start(viewer: Viewer, copy: &BodyCopy) -> io::Result<Child> {
    shell(&program(viewer), &copy.file).spawn()
}

/// The event that reports how the program ended; `None` if it succeeded.
pub(super) fn ended(viewer: Viewer, status: ExitStatus) -> Option<Done> {
    let program = variable(viewer);
    match status.code() {
        Some(0) => None,
        Some(NOT_FOUND) => Some(Done::ProgramMissing { program, value: self::program(viewer) }),
        Some(code) => Some(Done::ProgramEnded { program, end: ProgramEnd::Code(code) }),
        None => {
            let end = ProgramEnd::Signal(status.signal().unwrap_or_default());
            Some(Done::ProgramEnded { program, end })
        }
    }
}

/// The program's command, as the user set it.
pub(super) fn program(viewer: Viewer) -> String {
    let (variables, usual): (&[&str], _) = match viewer {
        Viewer::Editor => (&["VISUAL", "EDITOR"], "vi"),
        Viewer::Pager => (&["PAGER"], "less"),
    };
    let set =
        variables.iter().find_map(|name| std::env::var(name).ok().filter(|text| !text.trim().is_empty()));
    set.unwrap_or_else(|| usual.to_owned())
}

fn is_set(name: &str) -> bool {
    std::env::var(name).is_ok_and(|text| !text.trim().is_empty())
}

fn shell(program: &str, file: &Path) -> Command {
    let mut command = Command::new("sh");
    let exec = exec_prefix(program);
    command.arg("-c").arg(format!("{exec}{program} \"$1\"")).arg("sh").arg(file);
    command.env_remove("OBX_KEY").env_remove("OBX_SECRET");
    command
}

/// Makes a single command, also one with variables before it, replace the shell. A list of commands can't.
fn exec_prefix(program: &str) -> &'static str {
    let sets_variable = program.split_whitespace().next().is_some_and(|word| word.contains('='));
    match program.contains([';', '&', '|', '(', ')', '{', '}', '`', '\n']) {
        true => "",
        false if sets_variable => "exec env ",
        false => "exec ",
    }
}

/// Creates a folder under a name that nobody else can have created before.
fn create_folder() -> io::Result<PathBuf> {
    let folder = std::env::temp_dir();
    for path in (0..NAMES).map(|at| folder.join(format!("obx-{}-{at}", std::process::id()))) {
        match DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
    Err(io::Error::other(format!("no folder can be made in {}", folder.display())))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[test]
    fn a_program_may_have_arguments_and_gets_no_secrets() {
        let command = shell("less -R", Path::new("/tmp/a b"));
        let args: Vec<_> = command.get_args().collect();
        assert_eq!(args, ["-c", "exec less -R \"$1\"", "sh", "/tmp/a b"]);
        let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).collect();
        assert_eq!(removed, [("OBX_KEY".as_ref(), None), ("OBX_SECRET".as_ref(), None)]);
    }

    #[rstest]
    #[case("LESS=R less", "exec env LESS=R less")]
    #[case("cd /tmp && vi", "cd /tmp && vi")]
    #[case("(vi)", "(vi)")]
    fn a_single_command_takes_the_place_of_its_shell(#[case] program: &str, #[case] expected: &str) {
        let args: Vec<_> =
            shell(program, Path::new("/tmp/a")).get_args().map(std::ffi::OsStr::to_owned).collect();
        assert_eq!(args[1].to_str().unwrap(), format!("{expected} \"$1\""));
    }
}
