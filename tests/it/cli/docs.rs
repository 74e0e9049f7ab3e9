//! The examples of README and docs/, run as they are, by the kind of their block:
//!
//! | block | what is done with it |
//! |---|---|
//! | `sh` | each command runs in a terminal, and ends with 0 |
//! | `sh no-run` | listed in [`NOT_RUN`], as are commands of `cargo` |
//! | `console` | what is behind `$` prints the lines below it, in any order |
//! | `csv` | is a file of the name in the text above it |
//! | `sql` | can be asked of the store |
//! | `toml` | is a config file without mistakes |
//! | `text` | nothing |
//!
//! The blocks of a page share a folder, a store and an emulator. With the first block of `sh` the folder gets the files
//! that examples name, and the store some answers.

mod blocks;
mod terminal;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use onebound_emulator::{Delay, Settings};
use rstest::rstest;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;

use super::shell::{KEY, Ran, SECRET, Shell};
use blocks::{Block, blocks};

/// Commands that the reader's own machine, browser or account is needed for.
const NOT_RUN: [(&str, &str); 9] = [
    ("README.md", "cargo run --release"),
    ("README.md", "cargo test"),
    ("README.zh-CN.md", "cargo run --release"),
    ("README.zh-CN.md", "cargo test"),
    ("commands.md", "obx quota --textfile /var/lib/node_exporter/obx.prom   # for Prometheus' node exporter"),
    (
        "commands.md",
        "obx show 610947572360 --at 2026-11-23 --raw   # the body that was stored by that day, as it came",
    ),
    ("commands.md", "obx store copy postgres://ann@db.example/team backup.sqlite   # the same the other way"),
    (
        "commands.md",
        "obx store copy store.sqlite postgres://ann@db.example/team    # a file into the team's database",
    ),
    ("export.md", "pbpaste | obx view -"),
];

const ITEM: &str = "610947572360";
const OTHER: &str = "610947572361";

/// A page of the documentation, and what its examples work on.
struct Page {
    name: String,
    text: String,
    shell: Shell,
    folder: PathBuf,
}

impl Page {
    fn new(path: &Path) -> Self {
        let shell = Shell::with(Settings { delay: Delay::NONE, ..Settings::default() });
        let folder = shell.home.path().join("work");
        fs::create_dir(&folder).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        Self { name, text: fs::read_to_string(path).unwrap(), shell, folder }
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    /// The variables of somebody with an account.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let programs = Path::new(env!("CARGO_BIN_EXE_obx")).parent().unwrap().display().to_string();
        let path = format!("{programs}:{}", std::env::var("PATH").unwrap());
        let home = self.shell.home.path().display().to_string();
        vec![
            ("PATH", path),
            ("HOME", home),
            ("OBX_HOST", self.shell.host().to_owned()),
            ("OBX_KEY", KEY.to_owned()),
            ("OBX_SECRET", SECRET.to_owned()),
            ("EDITOR", "true".to_owned()),
            ("MANPAGER", "cat".to_owned()),
        ]
    }

    /// What a user would have before the examples: files and answers.
    fn furnish(&self) {
        for folder in [".local/share/bash-completion/completions", ".config/fish/completions", ".zfunc"] {
            fs::create_dir_all(self.shell.home.path().join(folder)).unwrap();
        }
        self.shell.configure("[profiles.work]\nkey_command = \"pass show onebound\"\n");
        self.file("new.toml", "[money]\ncap = 200\n");
        self.file("list.csv", format!("商品ID,目标价\n{ITEM},790\n{OTHER},40\n"));
        self.file("ids.txt", format!("{ITEM}\n{OTHER}\n"));
        for args in [&["get", ITEM, OTHER][..], &["get", ITEM, "--fresh"], &["get", ITEM, "--fresh"]] {
            assert_eq!(self.shell.run(args).code, Some(0));
        }
        let body = self.shell.run(&["get", ITEM, "--raw"]).stdout;
        self.file("answer.json", &body);
        let url = format!("https://api-gw.onebound.cn/1688/item_get/?num_iid={ITEM}");
        let har = json!({"log": {"entries": [{
            "startedDateTime": "2026-11-24T15:24:00Z", "time": 650, "request": {"method": "GET", "url": url},
            "response": {"status": 200, "content": {"text": body}},
        }]}});
        self.file("browser.har", har.to_string());
        self.file("session.har", har.to_string());
    }

    fn run(&self) {
        let (mut is_furnished, mut text_above) = (false, "");
        for Block { above, info, code } in blocks(&self.text) {
            text_above = if above.trim().is_empty() { text_above } else { above };
            match info {
                "sh" => {
                    if !std::mem::replace(&mut is_furnished, true) {
                        self.furnish();
                    }
                    blocks::commands(code)
                        .filter(|line| !is_left_out(line))
                        .for_each(|line| self.run_in_terminal(line));
                }
                "console" => code.split("$ ").skip(1).for_each(|example| self.run_and_compare(example)),
                "csv" => self.file(blocks::file_name(text_above), code),
                "sql" => self.ask_store(code),
                "toml" => self.check_config(code),
                "sh no-run" | "text" => {}
                other => panic!("{}: a block of {other:?}: {code}", self.name),
            }
        }
    }

    fn run_in_terminal(&self, line: &str) {
        let script = format!("cd {} && set -eo pipefail && {line}", self.folder.display());
        // Nobody else ends it.
        let expected = if line.contains("--follow") { 130 } else { 0 };
        let (code, screen) = terminal::run(&script, &self.variables());
        assert_eq!(code, expected, "{}: {line}\n{screen}", self.name);
    }

    fn run_and_compare(&self, example: &str) {
        let (line, expected) = example.split_once('\n').unwrap();
        let mut command = Command::new("bash");
        command.args(["-eo", "pipefail", "-c", line]).current_dir(&self.folder).env_clear();
        let output = command.envs(self.variables()).stdin(Stdio::null()).output().unwrap();
        let ran = Ran::new(&output);
        let printed = format!("{}{}", ran.stdout, ran.stderr).replace('\r', "");
        assert_eq!(blocks::sorted(&printed), blocks::sorted(expected), "{}: {line}\n{printed}", self.name);
    }

    fn ask_store(&self, query: &str) {
        let path = self.shell.home.path().join(".local/share/obx/store.sqlite");
        if !path.exists() {
            self.furnish();
        }
        let store = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut statement = store.prepare(query).unwrap();
        let mut rows = statement.query([]).unwrap();
        while rows.next().unwrap_or_else(|error| panic!("{}: {error}: {query}", self.name)).is_some() {}
    }

    fn check_config(&self, text: &str) {
        self.file("example.toml", text);
        let path = self.folder.join("example.toml");
        let ran = self.shell.run(&["config", "check", "--config", path.to_str().unwrap()]);
        assert_eq!(ran.code, Some(0), "{}: {text}\n{ran:?}", self.name);
    }
}

/// Whether a program that the command needs is not on this machine.
fn is_left_out(line: &str) -> bool {
    if line.starts_with("cargo ") {
        return true;
    }
    let mut programs = line.split(" | ").filter_map(|part| part.split(' ').find(|word| !word.contains('=')));
    let is_missing = |name: &str| {
        let found =
            Command::new("sh").args(["-c", &format!("command -v {name}")]).stdout(Stdio::null()).status();
        name != "obx" && !found.unwrap().success()
    };
    let missing = programs.find(|name| is_missing(name));
    if let Some(name) = missing {
        let _ = writeln!(io::stderr(), "left out: {name} is not installed: {line}"); // nobody may read it
    }
    missing.is_some()
}

#[rstest]
fn the_examples_of_the_documentation_run_as_they_are(
    #[files("docs/*.md")]
    #[files("README*.md")]
    path: PathBuf,
) {
    Page::new(&path).run();
}

#[rstest]
fn examples_that_are_not_run_are_listed(
    #[files("docs/*.md")]
    #[files("README*.md")]
    path: PathBuf,
) {
    let text = fs::read_to_string(&path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let lines = blocks(&text).flat_map(|block| {
        let is_left_out = block.info == "sh no-run";
        let is_run_here =
            move |line: &&str| is_left_out || (block.info == "sh" && line.starts_with("cargo "));
        blocks::commands(block.code).filter(is_run_here)
    });
    let mut lines: Vec<&str> = lines.collect();
    lines.sort_unstable();
    let listed: Vec<&str> = NOT_RUN.iter().filter(|(page, _)| *page == name).map(|(_, line)| *line).collect();
    assert_eq!(lines, listed);
}
