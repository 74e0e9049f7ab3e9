//! What a program in a terminal is started with.

use std::path::Path;

use tempfile::TempDir;

use super::pty::Session;

/// What a session is started with. The environment is empty but for what is put in here.
pub(crate) struct Setup {
    pub(super) program: String,
    pub(super) args: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
    pub(super) size: (u16, u16),
    pub(super) home: TempDir,
}

impl Setup {
    /// The program under test, in English, with an empty home, on 120x36.
    pub(crate) fn new() -> Self {
        Self::with_program(env!("CARGO_BIN_EXE_obx"))
    }

    /// Another program, by its path.
    pub(crate) fn with_program(program: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let setup = Self {
            program: program.to_owned(),
            args: Vec::new(),
            variables: Vec::new(),
            size: (120, 36),
            home,
        };
        let path = setup.home.path().to_str().unwrap().to_owned();
        let search = std::env::var("PATH").unwrap_or_default();
        setup.var("HOME", &path).var("PATH", &search).var("TERM", "xterm-256color").var("LANG", "C.UTF-8")
    }

    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(|arg| (*arg).to_owned()));
        self
    }

    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// An account at this host.
    pub(crate) fn account(self, host: &str) -> Self {
        self.var("OBX_HOST", host).var("OBX_KEY", "test-key").var("OBX_SECRET", "test-secret")
    }

    /// The same home as another session's: its settings and its store. It begins on the empty screen.
    pub(crate) fn home_of(self, session: &Session) -> Self {
        self.restored_from(session).args(&["--no-restore"])
    }

    /// The same home as another session's, and the screen on which that ended.
    pub(crate) fn restored_from(self, session: &Session) -> Self {
        let path = session.home().to_str().unwrap().to_owned();
        self.var("HOME", &path)
    }

    pub(crate) fn size(mut self, width: u16, height: u16) -> Self {
        self.size = (width, height);
        self
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn start(self) -> Session {
        Session::start(self)
    }
}
