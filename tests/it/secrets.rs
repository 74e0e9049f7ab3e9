//! A planted secret is searched for wherever something is shown or written.
//!
//! Key and secret are a short piece many times over, so that no line break and no part of a redrawing hides one:
//! wherever anything of them shows, the piece does.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::tui::gateway::{Gateway, ITEM, SKU_IDS, closed};
use crate::tui::pty::{CTRL_C, ENTER, ESC, Session, Setup, english, holds};

const KEY_PIECE: &str = "qZ7xV";
const SECRET_PIECE: &str = "w/K+9";

/// The pieces as they are, and as they may be spelt: percent-encoded, in JSON, with a plus for a blank.
const PLANTED: [&str; 8] =
    [KEY_PIECE, SECRET_PIECE, "w%2FK%2B9", "w%2fK%2b9", "w/K%2B9", "w%2FK+9", "w\\/K+9", "w/K 9"];

fn key() -> String {
    KEY_PIECE.repeat(5)
}

fn secret() -> String {
    SECRET_PIECE.repeat(5)
}

/// With the pair in the environment.
fn by_environment(host: &str) -> Setup {
    Setup::new().var("OBX_HOST", host).var("OBX_KEY", &key()).var("OBX_SECRET", &secret())
}

/// With the pair in a config file that is its owner's alone.
fn by_file(host: &str) -> Setup {
    let setup = Setup::new();
    write_config(setup.home(), 0o600, &profile(host));
    setup
}

fn profile(host: &str) -> String {
    format!("[profiles.main]\nkey = \"{}\"\nsecret = \"{}\"\nhosts = [\"{host}\"]\n", key(), secret())
}

fn write_config(home: &Path, mode: u32, text: &str) {
    let folder = home.join(".config/obx");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("config.toml");
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    fs::write(&path, text).unwrap();
}

/// Searches everything that the session showed and wrote.
#[track_caller]
fn assert_nothing_shows(session: &Session) {
    let written = session.bytes();
    for planted in PLANTED {
        assert!(!holds(&written, planted), "{planted} was written to the terminal");
        let shown = session.pictures().into_iter().find(|picture| picture.contains(planted));
        assert_eq!(shown, None, "{planted} was on the screen");
    }
    for path in files_below(session.home()) {
        let found = fs::read(&path).unwrap();
        let config = path.ends_with(".config/obx/config.toml");
        for planted in PLANTED.iter().filter(|_| !config) {
            assert!(!holds(&found, planted), "{planted} is in {}", path.display());
            assert!(!holds(path.as_os_str().as_encoded_bytes(), planted), "{planted} names a file");
        }
    }
}

pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

/// The process's title, as `ps` shows it to everybody.
#[cfg(target_os = "linux")]
fn assert_title_is_clean(session: &Session) {
    for file in ["cmdline", "comm"] {
        let title = fs::read(format!("/proc/{}/{file}", session.pid())).unwrap();
        assert!(!title.is_empty() && PLANTED.iter().all(|planted| !holds(&title, planted)));
    }
}

#[cfg(not(target_os = "linux"))]
fn assert_title_is_clean(_: &Session) {}

fn fetch(session: &mut Session, id: &str) {
    session.press_all(&["1", "\x15"]);
    session.wait_for(english().id_placeholder());
    session.type_id(id);
    // Not for what Enter does: after an answer that stops calls that is another text.
    session.wait_for(&format!("┃ {id}"));
    session.press(ENTER);
}

/// Help and palette, and the response from its top to its end.
fn look_around(session: &mut Session) {
    session.press("6");
    session.press_all(&["G", "g", "?"]);
    session.wait_for(english().help_title());
    session.press(ESC);
    session.wait_without(english().help_title());
    session.press(":");
    session.wait_for(english().palette_placeholder());
    session.press(ESC);
    session.wait_without(english().palette_placeholder());
}

/// An item, errors of all kinds, and the vendor's own echo of the key.
fn whole_session(setup: Setup, gateway: &Gateway) {
    let mut session = setup.var("OBX_LOG", "trace").var("RUST_LOG", "trace").start();
    session.wait_for(english().pane_requests());
    assert_title_is_clean(&session);
    let cut = english().body_cut("");
    let cases = [
        (ITEM, SKU_IDS[0]),
        ("610947578102", "GBK"),
        ("610947572000", "商品没找到"),
        ("610947578101", cut.trim()),
        ("610947578103", english().body_html()),
        ("610947578108", "610947578108"),
        ("610947578109", "/redirected"),
        // 4005 with the key in its reason. It stops further calls.
        ("610947578120", "4005"),
    ];
    for (id, message) in cases {
        fetch(&mut session, id);
        session.wait_for(message);
        look_around(&mut session);
    }
    fetch(&mut session, "610947574013");
    session.wait_for(english().hint_override());
    session.press("Y");
    session.wait_for("4013");
    look_around(&mut session);
    assert_eq!(gateway.calls(), 9);
    session.press(CTRL_C);
    assert_eq!(session.wait_exit(), 0);
    assert_nothing_shows(&session);
    let log = fs::read_to_string(session.home().join(".local/state/obx/obx.log")).unwrap();
    assert!(log.contains("610947578120"), "a log that says nothing proves nothing: {log}");
}

#[test]
fn a_pair_of_the_environment_is_shown_nowhere() {
    let gateway = Gateway::start();
    whole_session(by_environment(&gateway.url()), &gateway);
}

#[test]
fn a_pair_that_signs_is_shown_nowhere_and_the_secret_is_not_sent() {
    let gateway = Gateway::start();
    whole_session(by_environment(&gateway.url()).var("OBX_AUTH", "sign"), &gateway);
    for request in gateway.requests() {
        let sent = |name: &str| request.query.iter().any(|(sent, _)| sent == name);
        assert!(sent("sign") && sent("dateline") && !sent("secret"), "{request:?}");
    }
}

#[test]
fn a_pair_of_the_file_is_shown_nowhere_else() {
    let gateway = Gateway::start();
    whole_session(by_file(&gateway.url()), &gateway);
}

#[test]
fn the_vendors_echo_of_the_key_is_masked_and_this_test_would_see_it() {
    let gateway = Gateway::start();
    let mut session = by_environment(&gateway.url()).start();
    session.wait_for(english().pane_requests());
    fetch(&mut session, "610947578120");
    session.wait_for("Key[***");
    session.press("6");
    session.wait_for("error_code");
    assert_nothing_shows(&session);
    // With another pair the same piece is no secret, and shows.
    let mut session = Setup::new().account(&gateway.url()).start();
    session.wait_for(english().pane_requests());
    session.press_all(&[ESC, ":"]);
    session.write_at_once(KEY_PIECE);
    session.wait_for(KEY_PIECE);
    assert!(holds(&session.bytes(), KEY_PIECE));
}

#[test]
fn exports_copies_and_pagers_have_nothing_of_an_echoed_pair() {
    let gateway = Gateway::start();
    let setup = by_environment(&gateway.url());
    let pager = setup.home().join("pager");
    fs::write(&pager, "#!/bin/sh\ncat $1 > paged\nenv > environment\n").unwrap();
    fs::set_permissions(&pager, fs::Permissions::from_mode(0o700)).unwrap();
    let mut session = setup.var("PAGER", pager.to_str().unwrap()).start();
    session.wait_for(english().pane_requests());
    fetch(&mut session, "610947578120");
    session.wait_for("Key[***");
    session.press("2");
    let below =
        ["", "body", "ndjson", "sku_csv", "props_csv", "markdown", "har", "har_of_day", "curl", "bundle"];
    let written = ["", "body", "har", "har_of_day", "curl", "bundle"];
    for (down, name) in below.iter().enumerate().filter(|(_, name)| written.contains(name)) {
        session.press("x");
        session.wait_for(english().export_redacted());
        session.press_all(&vec!["\x1b[B"; down]);
        session.press("\x15");
        session.write_at_once(&format!("out-{name}."));
        session.wait_for(&format!("out-{name}."));
        if *name == "bundle" {
            // It is offered for the clipboard only where the card offers it.
            session.wait_for(english().hint_client_ip());
        }
        session.press(ENTER);
        session.wait_without(english().export_redacted());
        let text = fs::read_to_string(session.home().join(format!("out-{name}."))).unwrap();
        assert!(text.contains("610947578120") || text.contains("Key["), "{name}: {text}");
    }
    session.press_all(&["y", "c", "v"]);
    crate::tui::pty::wait_until("the pager", || fs::metadata(session.home().join("environment")).ok());
    session.wait_for("[obx]");
    session.press(ENTER);
    session.wait_for("Key[***");
    session.press(CTRL_C);
    assert_eq!(session.wait_exit(), 0);
    assert!(fs::read_to_string(session.home().join("paged")).unwrap().contains("Key[***"));
    assert_nothing_shows(&session);
}

#[test]
fn failed_connections_and_a_closed_call_show_nothing() {
    let nobody = closed();
    let mut session = by_environment(&nobody.url()).var("OBX_LOG", "trace").start();
    session.wait_for(english().pane_requests());
    fetch(&mut session, ITEM);
    session.wait_for(english().mark_free());
    look_around(&mut session);
    session.press(CTRL_C);
    assert_eq!(session.wait_exit(), 0);
    assert_nothing_shows(&session);

    let gateway = Gateway::start();
    let mut session = by_file(&gateway.url()).var("OBX_LOG", "trace").start();
    session.wait_for(english().pane_requests());
    fetch(&mut session, "610947578112");
    gateway.wait_for_calls(1);
    session.press(ESC);
    session.press_second_esc();
    session.wait_for(english().cancelled_sent());
    session.signal("TERM");
    assert_eq!(session.wait_exit(), 143);
    assert_nothing_shows(&session);
}

#[test]
fn errors_of_the_configuration_quote_nothing_of_a_secret() {
    let sound = profile("https://api-gw.onebound.cn");
    let cases = [
        (0o644, sound.clone()),
        (0o600, sound.replace("]\n", "\n")),
        (0o600, sound.replace("secret =", "secrte =")),
        (0o600, sound.replace("key = \"", "key = \"two words ")),
        (0o600, sound.replace("https://api-gw.onebound.cn", &format!("https://x/?key={}", key()))),
        (0o600, format!("{}\n{sound}", key())),
    ];
    for (mode, text) in cases {
        let setup = Setup::new();
        write_config(setup.home(), mode, &text);
        let mut session = setup.start();
        assert_eq!(session.wait_exit(), 2, "{}", session.picture());
        assert_nothing_shows(&session);
    }
}

#[test]
fn errors_of_the_environment_and_of_flags_quote_nothing_of_a_secret() {
    let host = format!("https://{}:{}@api-gw.onebound.cn/?key={}", key(), secret(), key());
    let cases = [
        Setup::new().var("OBX_KEY", &key()),
        Setup::new().var("OBX_SECRET", &secret()),
        Setup::new().var("OBX_KEY", &format!("{} x", key())).var("OBX_SECRET", &secret()),
        by_environment(&host),
        by_environment("http://api-gw.onebound.cn"),
        by_environment("https://api-gw.onebound.cn").args(&["--profile", "none"]),
    ];
    for setup in cases {
        let mut session = setup.start();
        assert_eq!(session.wait_exit(), 2, "{}", session.picture());
        assert_nothing_shows(&session);
    }
}
