//! `PostgreSQL` and `MariaDB` of the distribution, each with a folder, a socket and no port of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use crate::sql::SqlDialect;

/// A database that executes SQL and answers queries.
pub(super) trait SqlEngine {
    fn dialect(&self) -> SqlDialect;

    fn execute(&mut self, sql: &str);

    /// As by a client that goes on after an error.
    fn execute_despite_errors(&mut self, sql: &str);

    /// The rows, their columns parted by `|`.
    fn query(&mut self, sql: &str) -> String;

    /// The bytes of a text.
    fn hex(&self, column: &str) -> String;
}

/// Says what is not tested, past the harness, which hides what passing tests print.
fn left_out(what: &str) {
    // Where `.ci/run` installs them.
    let is_installed_in_ci = cfg!(all(target_os = "linux", target_env = "gnu"));
    assert!(!is_installed_in_ci || std::env::var_os("CI").is_none(), "{what} is not installed");
    let _ = writeln!(std::io::stderr(), "left out: {what} is not installed");
}

/// A program of the distribution, also one that is not on the path.
fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&folders).chain(["/usr/sbin".into()]);
    folders
        .chain(versions.map(|version| version.path().join("bin")))
        .map(|folder| folder.join(name))
        .find(|path| path.exists())
}

fn piped(mut command: Command, input: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = thread::spawn(move || {
        let _ = stdin.write_all(input.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn text_of(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

pub(super) struct PostgresServer {
    folder: TempDir,
    psql: PathBuf,
    pg_ctl: PathBuf,
}

/// As its own user, since it refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

impl PostgresServer {
    pub(super) fn start() -> Option<Self> {
        let found = (program("initdb"), program("pg_ctl"), program("psql"));
        let (Some(initdb), Some(pg_ctl), Some(psql)) = found else {
            left_out("PostgreSQL");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap().success());
        }
        let data = folder.path().join("data");
        let mut command = as_postgres(&initdb);
        command
            .args(["--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C", "-U", "postgres", "-D"])
            .arg(&data);
        text_of(&command.current_dir(folder.path()).output().unwrap());
        let options = format!("-k {} -c listen_addresses='' -c fsync=off", folder.path().display());
        let mut command = as_postgres(&pg_ctl);
        command
            .arg("-D")
            .arg(&data)
            .arg("-w")
            .args(["-o", &options, "-l"])
            .arg(folder.path().join("log"))
            .arg("start");
        let server = Self { folder, psql, pg_ctl };
        // Its output would stay open as long as the server runs.
        let started =
            command.current_dir(server.folder.path()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(started.unwrap().success(), "{:?}", fs::read_to_string(server.folder.path().join("log")));
        Some(server)
    }

    fn psql(&self) -> Command {
        let mut command = Command::new(&self.psql);
        command
            .args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-h"])
            .arg(self.folder.path());
        command
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        let mut command = as_postgres(&self.pg_ctl);
        command.arg("-D").arg(self.folder.path().join("data")).args(["-m", "immediate", "stop"]);
        let _ = command.current_dir("/").stdout(Stdio::null()).stderr(Stdio::null()).status();
    }
}

impl SqlEngine for PostgresServer {
    fn dialect(&self) -> SqlDialect {
        SqlDialect::Postgres
    }

    fn execute(&mut self, sql: &str) {
        // A server that reads backslashes as escapes by default.
        let sql = format!(
            "SET backslash_quote = off; SET escape_string_warning = off; SET standard_conforming_strings = off;\n{sql}"
        );
        text_of(&piped(self.psql(), &sql));
    }

    fn execute_despite_errors(&mut self, sql: &str) {
        let mut client = self.psql();
        client.args(["-v", "ON_ERROR_STOP=0"]);
        text_of(&piped(client, sql));
    }

    fn query(&mut self, sql: &str) -> String {
        text_of(&piped(self.psql(), sql))
    }

    fn hex(&self, column: &str) -> String {
        format!("encode(convert_to({column}, 'UTF8'), 'hex')")
    }
}

pub(super) struct MariaDb {
    folder: TempDir,
    client: PathBuf,
    server: Child,
    executed: usize,
}

impl MariaDb {
    pub(super) fn start() -> Option<Self> {
        let (Some(server), Some(client)) = (program("mariadbd"), program("mariadb")) else {
            left_out("MariaDB");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        fs::create_dir(path("data")).unwrap();
        let mut command = Command::new(server);
        command.args([
            "--no-defaults",
            "--skip-networking",
            "--skip-grant-tables",
            "--innodb-flush-log-at-trx-commit=0",
        ]);
        command.args([format!("--datadir={}", path("data")), format!("--socket={}", path("socket"))]);
        if is_root() {
            command.arg("--user=root");
        }
        let server = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = Self { folder, client, server, executed: 0 };
        let is_ready = || piped(started.client(""), "CREATE DATABASE test").status.success();
        assert!(
            (0..300).any(|_| is_ready() || {
                thread::sleep(Duration::from_millis(100));
                false
            }),
            "no MariaDB"
        );
        Some(started)
    }

    fn client(&self, database: &str) -> Command {
        let mut command = Command::new(&self.client);
        command.args([
            "--no-defaults",
            "--batch",
            "--skip-column-names",
            "--raw",
            "--default-character-set=utf8mb4",
        ]);
        command.arg(format!("--socket={}", self.folder.path().join("socket").display()));
        command.args((!database.is_empty()).then_some(database));
        command
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl SqlEngine for MariaDb {
    fn dialect(&self) -> SqlDialect {
        SqlDialect::MySql
    }

    fn execute(&mut self, sql: &str) {
        // Backslashes begin an escape, or don't, by this setting; and the names of columns are no texts by the other.
        self.executed += 1;
        let mode = ["STRICT_ALL_TABLES", "NO_BACKSLASH_ESCAPES,ANSI_QUOTES"][self.executed % 2];
        text_of(&piped(self.client("test"), &format!("SET SESSION sql_mode = '{mode}';\n{sql}")));
    }

    fn execute_despite_errors(&mut self, sql: &str) {
        let mut client = self.client("test");
        client.arg("--force");
        piped(client, sql);
    }

    fn query(&mut self, sql: &str) -> String {
        text_of(&piped(self.client("test"), sql)).replace('\t', "|")
    }

    fn hex(&self, column: &str) -> String {
        format!("hex({column})")
    }
}
