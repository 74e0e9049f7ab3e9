//! A `PostgreSQL` server of the tests' own, with a folder, a socket, and TLS on a port of this machine. It ends with the
//! tests.

mod proxy;

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use obx_core::config::PostgresPlace;

pub(crate) use proxy::{LinkState, Proxy};

/// The superuser of the server.
const USER: &str = "postgres";

/// The server, shared by all tests of this process; `None` if it is not installed.
static SERVER: OnceLock<Option<Server>> = OnceLock::new();

#[derive(Debug)]
struct Server {
    folder: PathBuf,
    port: u16,
    programs: Programs,
    /// The process at its other end stops the server once this is closed, be it that the tests were killed.
    _alive: ChildStdin,
}

/// The distribution's programs.
#[derive(Debug)]
struct Programs {
    initdb: PathBuf,
    pg_ctl: PathBuf,
    pg_dump: PathBuf,
    psql: PathBuf,
}

/// A schema of one test's own.
#[derive(Debug)]
pub(crate) struct Schema {
    server: &'static Server,
    name: String,
}

impl Schema {
    /// Names a schema that does not exist yet; `None` if there is no server, which is said past the harness.
    pub(crate) fn create() -> Option<Self> {
        Self::on(SERVER.get_or_init(|| Programs::find().map(Server::start)).as_ref())
    }

    /// The same on a server that no other test uses, so that it can be stopped. It ends with the tests.
    pub(crate) fn on_its_own_server() -> Option<Self> {
        let started = Programs::find().map(Server::start);
        Self::on(started.map(|server| &*Box::leak(Box::new(server))))
    }

    fn on(server: Option<&'static Server>) -> Option<Self> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let Some(server) = server else {
            // Where `.ci/run` installs it.
            let is_installed_in_ci = cfg!(all(target_os = "linux", target_env = "gnu"));
            assert!(!is_installed_in_ci || std::env::var_os("CI").is_none(), "PostgreSQL is not installed");
            let thread = std::thread::current();
            let test = thread.name().unwrap_or("a test");
            // Not `eprintln`, which is shown for failing tests only.
            let _ = writeln!(std::io::stderr(), "left out: {test}, since PostgreSQL is not installed");
            return None;
        };
        let name = format!("Team {}", COUNT.fetch_add(1, Ordering::Relaxed));
        Some(Self { server, name })
    }

    pub(crate) fn place(&self) -> PostgresPlace {
        let mut place = PostgresPlace::new(self.server.folder.to_str().unwrap(), "postgres", USER);
        place.port = self.server.port;
        place.schema.clone_from(&self.name);
        place
    }

    /// The same as `--store` takes it.
    pub(crate) fn address(&self) -> String {
        let Server { port, folder, .. } = self.server;
        self.address_at(&format!("localhost:{port}"), &format!("host={}", folder.display()))
    }

    pub(crate) fn address_at(&self, host: &str, parameters: &str) -> String {
        format!("postgres://{USER}@{host}/postgres?{parameters}&schema={}", self.name.replace(' ', "%20"))
    }

    /// The server's socket.
    pub(crate) fn socket(&self) -> PathBuf {
        self.server.folder.join(format!(".s.PGSQL.{}", self.server.port))
    }

    /// The server's certificate, which is valid for `127.0.0.1`.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.server.folder.join("cert.pem")
    }

    /// What the server writes of its own accord.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.server.folder.join("log")).unwrap()).into_owned()
    }

    /// Returns the rows as `psql` prints them, their columns parted by `|`.
    pub(crate) fn query(&self, sql: &str) -> String {
        self.run(&format!("SET search_path TO \"{}\"; {sql}", self.name))
    }

    /// Runs one statement outside of a transaction and of the schema.
    pub(crate) fn run(&self, sql: &str) -> String {
        let mut command = Command::new(&self.server.programs.psql);
        command.args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-c", sql]);
        self.output(command)
    }

    /// Changes a setting of the server, for connections from now on.
    pub(crate) fn set(&self, setting: &str) {
        self.run(&format!("ALTER SYSTEM SET {setting}"));
        self.run("SELECT pg_reload_conf()");
    }

    /// Asks this user for a password from now on, by TCP and by the socket. For a server that no other test uses.
    pub(crate) fn ask_for_password(&self, user: &str) {
        let path = self.server.folder.join("data/pg_hba.conf");
        let others = fs::read_to_string(&path).unwrap();
        let asked = format!("local all {user} scram-sha-256\nhost all {user} 127.0.0.1/32 scram-sha-256\n");
        fs::write(path, asked + &others).unwrap();
        self.run("SELECT pg_reload_conf()");
    }

    /// Everything that the database has, as a backup has it.
    pub(crate) fn dump(&self) -> String {
        self.output(Command::new(&self.server.programs.pg_dump))
    }

    fn output(&self, mut command: Command) -> String {
        let Server { folder, port, .. } = self.server;
        command.args(["-U", USER, "-p", &port.to_string(), "-h"]).arg(folder);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned()
    }

    /// Ends the server as a crash does, without writing anything out.
    pub(crate) fn crash(&self) {
        assert!(self.server.control(&["-m", "immediate", "-w", "stop"]), "{}", self.log());
    }

    /// Starts the server again.
    pub(crate) fn restart(&self) {
        self.server.run();
    }
}

impl Programs {
    fn find() -> Option<Self> {
        Some(Self {
            initdb: program("initdb")?,
            pg_ctl: program("pg_ctl")?,
            pg_dump: program("pg_dump")?,
            psql: program("psql")?,
        })
    }
}

impl Server {
    fn start(programs: Programs) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        if is_root() {
            assert!(Command::new("chown").arg(USER).arg(&folder).status().unwrap().success());
        }
        let mut command = as_postgres(&programs.initdb);
        command.args(["--no-sync", "-A", "trust", "-E", "UTF8", "--locale=C", "-U", USER, "-D"]);
        let made = command.arg(folder.join("data")).current_dir(&folder).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // Not on the command line, so that a test can change it.
        let settings = fs::OpenOptions::new().append(true).open(folder.join("data/postgresql.conf"));
        let at = folder.display();
        let tls = format!("ssl = on\nssl_cert_file = '{at}/cert.pem'\nssl_key_file = '{at}/key.pem'\n");
        settings.unwrap().write_all(format!("fsync = off\n{tls}").as_bytes()).unwrap();
        let alive = stop_at_the_end(&programs.pg_ctl, &folder);
        certify(&folder);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, port, programs, _alive: alive };
        server.run();
        server
    }

    fn run(&self) {
        let (at, port) = (self.folder.display(), self.port);
        let options = format!("-k {at} -p {port} -c listen_addresses=127.0.0.1");
        let log = self.folder.join("log");
        let started = self.control(&["-w", "-o", &options, "-l", log.to_str().unwrap(), "start"]);
        assert!(started, "{:?}", fs::read_to_string(log));
    }

    fn control(&self, args: &[&str]) -> bool {
        let mut command = as_postgres(&self.programs.pg_ctl);
        command.arg("-D").arg(self.folder.join("data")).args(args).current_dir(&self.folder);
        // Its output would stay open as long as the server runs.
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success()
    }
}

/// Makes a certificate for this machine, and its key.
pub(crate) fn certificate_and_key() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    (pem("CERTIFICATE", made.cert.der()), pem("PRIVATE KEY", &made.signing_key.serialize_der()))
}

/// Writes a certificate for this machine, and its key.
fn certify(folder: &Path) {
    let (certificate, key) = certificate_and_key();
    for (name, content) in [("cert.pem", certificate), ("key.pem", key)] {
        let path = folder.join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        if is_root() {
            assert!(Command::new("chown").arg(USER).arg(&path).status().unwrap().success());
        }
    }
}

/// Lines of 64 characters, as a server reads them.
fn pem(label: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// Starts a process that stops the server when this one ends, in whatever way.
fn stop_at_the_end(pg_ctl: &Path, folder: &Path) -> ChildStdin {
    let mut command = as_postgres(Path::new("sh"));
    command.args(["-c", "read line; \"$1\" -D \"$2/data\" -m immediate stop; rm -r \"$2\"", "sh"]);
    command.arg(pg_ctl).arg(folder).current_dir("/");
    let child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    child.unwrap().stdin.take().unwrap()
}

/// A program of the distribution, also one that is not on the path.
fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .chain(versions.map(|version| version.path().join("bin")))
        .map(|folder| folder.join(name))
        .find(|path| path.exists())
}

/// As its own user, since it refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", USER, "--"]).arg(program);
    command
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
