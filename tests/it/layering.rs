//! The house's floors, held: a file imports from floors below its own, and on its own floor from what is
//! listed above it.

use std::fs;
use std::path::{Path, PathBuf};

/// From the ground up; within a floor, from the top of the list.
const FLOORS: [(u8, &str); 17] = [
    (0, "document"),
    (0, "api"),
    (0, "emulator"),
    (1, "i18n"),
    (1, "export"),
    (1, "saved"),
    (1, "config"),
    (1, "store"),
    (2, "fetch"),
    (3, "message"),
    (3, "model"),
    (3, "keymap"),
    (3, "ui"),
    (3, "pane"),
    (3, "app"),
    (4, "tui"),
    (4, "cli"),
];

/// What floor 3 must not name, in imports and inline paths: it has no clock, no file and no socket.
const NOT_ON_FLOOR_3: [&str; 14] = [
    "tokio::",
    "reqwest",
    "rusqlite",
    "axum",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "std::env",
];

#[test]
fn a_file_imports_only_from_below() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(home) = module_of(&path) else { continue };
        for named in names(&text) {
            if named != home && rank(&named) > rank(&home) {
                wrong.push(format!("{} imports crate::{named}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_emulator_and_the_api_do_not_know_each_other() {
    for (path, text) in sources() {
        match module_of(&path).as_deref() {
            Some("emulator") => {
                assert!(names(&text).iter().all(|name| name == "emulator"), "{}", path.display());
            }
            Some("api") => assert!(!names(&text).contains(&"emulator".to_owned()), "{}", path.display()),
            _ => {}
        }
    }
}

#[test]
fn state_and_picture_have_no_clock_no_file_and_no_socket() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let on_floor_3 = module_of(&path).is_some_and(|home| floor(&home) == 3);
        for name in NOT_ON_FLOOR_3.iter().filter(|name| on_floor_3 && code(&text).contains(**name)) {
            wrong.push(format!("{} names {name}", path.display()));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn one_module_sends() {
    let senders = ["reqwest", "hyper::", "ureq", "isahc", "curl::"];
    let naming = |(path, text): (PathBuf, String)| {
        let code = code(&text);
        senders.iter().any(|name| code.contains(name)).then(|| path.display().to_string())
    };
    let found: Vec<String> = sources().into_iter().filter_map(naming).collect();
    assert_eq!(found, ["src/api/client.rs"]);
}

#[test]
fn nothing_but_the_client_and_the_emulator_opens_a_socket() {
    let openers = ["TcpStream", "TcpSocket", "UdpSocket", "TcpListener", "UnixStream"];
    for (path, text) in sources() {
        if module_of(&path).as_deref() == Some("emulator") {
            continue;
        }
        let code = code(&text);
        assert!(!openers.iter().any(|name| code.contains(name)), "{}", path.display());
    }
}

#[test]
fn every_module_stands_on_a_floor() {
    for home in sources().iter().filter_map(|(path, _)| module_of(path)) {
        assert!(FLOORS.iter().any(|(_, name)| *name == home), "{home} is on no floor");
    }
}

fn rank(module: &str) -> usize {
    FLOORS.iter().position(|(_, name)| *name == module).unwrap_or(usize::MAX)
}

fn floor(module: &str) -> u8 {
    FLOORS.iter().find(|(_, name)| *name == module).map_or(u8::MAX, |(floor, _)| *floor)
}

/// Every source file but the two roots, with its text, by paths from the crate's root.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

/// `api` for `src/api.rs` and `src/api/client.rs`; none for the crate's roots.
fn module_of(path: &Path) -> Option<String> {
    let first = path.strip_prefix("src").ok()?.iter().next()?.to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "main")).then(|| name.to_owned())
}

/// The modules named by `crate::…`, in imports and inline paths.
fn names(text: &str) -> Vec<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    code(text).split("crate::").skip(1).map(name).filter(|name| !name.is_empty()).collect()
}

/// The text without comments: they may name whatever they explain.
fn code(text: &str) -> String {
    let line = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
