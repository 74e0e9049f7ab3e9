//! The program as its users have it: behind a real `sshd` on this machine, and inside tmux, on four types of terminal.
//!
//! Where `sshd` or tmux is not installed, these tests say on stderr that they were left out; with `CI` set that is a failure.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use rstest::rstest;
use tempfile::TempDir;

use super::gateway::{ITEM, SKU_IDS};
use super::pty::{ENTER, ESC, Session, Setup, english, wait_until};

/// Paths of these programs, if all are installed. Servers are often outside of a user's search path.
fn installed<const N: usize>(test: &str, programs: [&str; N]) -> Option<[PathBuf; N]> {
    let search = std::env::var("PATH").unwrap_or_default();
    let folders = || search.split(':').chain(["/usr/sbin", "/usr/local/sbin"]);
    let found = programs.map(|name| {
        let path = folders().map(|folder| Path::new(folder).join(name)).find(|path| path.is_file());
        path.ok_or(name)
    });
    if let Some(missing) = found.iter().find_map(|path| path.as_ref().err()) {
        assert!(std::env::var_os("CI").is_none(), "{missing} is not installed");
        // Not `eprintln`, which is shown for failing tests only.
        let _ = writeln!(std::io::stderr(), "left out: {test}, since {missing} is not installed");
        return None;
    }
    Some(found.map(Result::unwrap))
}

/// An `sshd` of this user on a free port of this machine, which knows one key.
struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

impl Server {
    fn start(sshd: &Path, keygen: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for key in ["host", "user"] {
            let made =
                Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-f", &file(key)]).status();
            assert!(made.unwrap().success());
        }
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let settings = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nStrictModes no\n\
             UsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nPrintMotd no\nPrintLastLog no\n",
            file("host"),
            file("user.pub"),
        );
        fs::write(file("sshd_config"), settings).unwrap();
        let log = fs::File::create(file("log")).unwrap();
        let mut command = Command::new(sshd);
        command.args(["-D", "-e", "-f", &file("sshd_config")]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let server = Self { child, port, folder };
        wait_until("sshd", || TcpStream::connect(("127.0.0.1", port)).ok());
        server
    }

    /// The program on a terminal behind this server. Its process ID is in the file `pid` of the session's home.
    fn open(&self, ssh: &Path, terminal: &str) -> Session {
        let setup = Setup::with_program(ssh.to_str().unwrap()).var("TERM", terminal);
        let home = setup.home().to_str().unwrap();
        let program = env!("CARGO_BIN_EXE_obx");
        let remote = format!(
            "echo $$ > {home}/pid; exec env -i HOME={home} PATH=/usr/bin:/bin LANG=C.UTF-8 TERM=$TERM {program}"
        );
        let port = self.port.to_string();
        let key = self.folder.path().join("user");
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let target = format!("{}@127.0.0.1", String::from_utf8(user).unwrap().trim());
        let options =
            ["-tt", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];
        let quiet =
            ["-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-i", key.to_str().unwrap(), "-p", &port];
        setup.args(&options).args(&quiet).args(&[&target, &remote]).start()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Fetches an item, filters its SKUs, changes the size, and leaves by `q`.
fn look_at_an_item(session: &mut Session) {
    session.wait_for("DEMO");
    session.type_id(ITEM);
    session.press(ENTER);
    for id in SKU_IDS {
        session.wait_for(id);
    }
    session.press("/");
    for letter in SKU_IDS[1].chars() {
        session.write_at_once(&letter.to_string());
    }
    session.wait_without(SKU_IDS[0]);
    session.press(ENTER);
    session.press(ESC);
    session.wait_for(SKU_IDS[0]);
    session.resize(80, 24);
    session.wait_for(english().hint_quit());
    session.press("q");
}

#[rstest]
fn it_works_behind_ssh(#[values("xterm-256color", "screen-256color", "linux", "vt220")] terminal: &str) {
    let Some([sshd, keygen, ssh]) = installed("it_works_behind_ssh", ["sshd", "ssh-keygen", "ssh"]) else {
        return;
    };
    let server = Server::start(&sshd, &keygen);
    let mut session = server.open(&ssh, terminal);
    look_at_an_item(&mut session);
    assert_eq!(session.wait_exit(), 0, "{}", session.picture());
    session.assert_given_back();
}

#[test]
fn it_ends_when_the_connection_is_lost() {
    let Some([sshd, keygen, ssh]) =
        installed("it_ends_when_the_connection_is_lost", ["sshd", "ssh-keygen", "ssh"])
    else {
        return;
    };
    let server = Server::start(&sshd, &keygen);
    let mut session = server.open(&ssh, "xterm-256color");
    session.wait_for("DEMO");
    let pid = fs::read_to_string(session.home().join("pid")).unwrap();
    let runs = || Path::new("/proc").join(pid.trim()).exists();
    assert!(runs() || !Path::new("/proc").exists());
    session.kill();
    wait_until("the end of obx", || (!runs()).then_some(()));
}

#[rstest]
fn it_works_inside_tmux(#[values("xterm-256color", "screen-256color", "linux", "vt220")] terminal: &str) {
    let Some([tmux]) = installed("it_works_inside_tmux", ["tmux"]) else { return };
    let setup = Setup::with_program(tmux.to_str().unwrap()).var("TERM", terminal).var("SHELL", "/bin/sh");
    let home = setup.home().to_str().unwrap().to_owned();
    let settings = setup.home().join("tmux.conf");
    fs::write(
        &settings,
        "set -sg escape-time 10\nset -g status off\nset -g default-terminal screen-256color\n",
    )
    .unwrap();
    fs::set_permissions(setup.home(), fs::Permissions::from_mode(0o700)).unwrap();
    let socket = format!("{home}/socket");
    let program = env!("CARGO_BIN_EXE_obx");
    let command = format!("exec env HOME={home} LANG=C.UTF-8 {program}");
    let args = ["-u", "-S", &socket, "-f", settings.to_str().unwrap(), "new-session", &command];
    let mut session = setup.args(&args).start();
    look_at_an_item(&mut session);
    assert_eq!(session.wait_exit(), 0, "{}", session.picture());
    session.assert_given_back();
}
