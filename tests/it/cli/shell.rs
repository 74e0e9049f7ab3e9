//! Runs the program as a script would, against an emulator of its own.

use std::process::{Command, Output, Stdio};

use onebound_emulator::{Emulator, Settings};
use serde_json::Value;
use tokio::runtime::Runtime;

/// The key and the secret of the account; neither may be printed anywhere.
pub(crate) const KEY: &str = "planted-key-0123456789";
pub(crate) const SECRET: &str = "planted-secret-0123456789abcdef0";

/// A home directory of its own, and an emulator that plays the vendor.
pub(crate) struct Shell {
    pub(crate) home: tempfile::TempDir,
    host: String,
    /// The emulator runs on it, and ends with it.
    emulator: (Emulator, Runtime),
}

/// What a command printed, and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Shell {
    pub(crate) fn new() -> Self {
        Self::with(Settings::default())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        let runtime = Runtime::new().unwrap();
        let emulator = runtime.block_on(Emulator::start_with(settings)).unwrap();
        Self { home: tempfile::tempdir().unwrap(), host: emulator.url(), emulator: (emulator, runtime) }
    }

    /// What plays the vendor.
    pub(crate) fn emulator(&self) -> &Emulator {
        &self.emulator.0
    }

    /// The emulator's address.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The command line, with the account and the gateway in the environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.anonymous(args);
        command.env("OBX_KEY", KEY).env("OBX_SECRET", SECRET).env("OBX_HOST", &self.host);
        command
    }

    /// The command line of somebody without an account.
    pub(crate) fn anonymous(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_obx"));
        command.args(args).env_clear().env("HOME", self.home.path()).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let ran = Ran::new(&self.command(args).output().unwrap());
        ran.assert_documented(args);
        ran
    }

    /// The same where there is no terminal to ask on: in a session of its own.
    pub(crate) fn run_without_terminal(&self, args: &[&str]) -> Ran {
        let command = self.command(args);
        let mut setsid = Command::new("setsid");
        setsid.arg("--wait").arg(command.get_program()).args(command.get_args()).env_clear();
        setsid.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?)))).stdin(Stdio::null());
        setsid.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        let ran = Ran::new(&setsid.output().unwrap());
        ran.assert_documented(args);
        ran
    }

    /// Writes a file in the home directory; returns its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The IDs that the emulator was asked for, in their order.
    pub(crate) fn requested_ids(&self) -> Vec<String> {
        let value = |(name, value): (String, String)| (name == "num_iid").then_some(value);
        let requests = self.emulator().requests().into_iter();
        requests.filter_map(|request| request.query.into_iter().find_map(value)).collect()
    }

    /// Writes the config file.
    pub(crate) fn configure(&self, text: &str) {
        let folder = self.home.path().join(".config/obx");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), text).unwrap();
    }
}

impl Ran {
    pub(crate) fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let ran =
            Self { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) };
        for secret in [KEY, SECRET] {
            assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "{ran:?}");
        }
        ran
    }

    /// The command ended with a code that docs/commands.md has for it, or by a signal.
    fn assert_documented(&self, args: &[&str]) {
        let page = include_str!("../../../docs/commands.md");
        let part = |name: &&str| page.split_once(&format!("<!-- command: {name} -->"));
        let Some((_, part)) = args.iter().find_map(part) else { return };
        let (_, codes) = part.split_once("Exit codes: ").unwrap();
        let codes = codes.split('.').next().unwrap().split(", ").map(|code| code.parse().unwrap());
        let codes: Vec<i32> = codes.collect();
        let code = self.code.unwrap();
        assert!(
            code > 128 || codes.contains(&code),
            "{args:?} ended with {code}, not one of {codes:?}: {self:?}"
        );
    }

    /// Stdout as one document a line.
    pub(crate) fn records(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The objects in `name` (`error`, `money`) on stderr.
    pub(crate) fn reported(&self, name: &str) -> Vec<Value> {
        let objects = self.stderr.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        objects.filter_map(|object| object.get(name).cloned()).collect()
    }
}
