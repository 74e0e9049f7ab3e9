//! The layers of the architecture: a file imports from layers below its own, and in its own layer from what is listed
//! above it.

use std::fs;
use std::path::{Path, PathBuf};

/// From the lowest up; within a layer, from the top of the list.
const LAYERS: [(u8, &str); 29] = [
    (1, "suggest"),
    (1, "i18n"),
    (1, "file_kind"),
    (1, "part_file"),
    (1, "spreadsheet"),
    (1, "jq"),
    (1, "price"),
    (1, "export"),
    (1, "record"),
    (1, "flat"),
    (1, "sql"),
    (1, "import"),
    (1, "picture"),
    (1, "owner"),
    (1, "search_line"),
    (1, "policy"),
    (1, "store"),
    (1, "config"),
    (2, "fetch"),
    (2, "session"),
    (2, "batch"),
    (3, "message"),
    (3, "keymap"),
    (3, "model"),
    (3, "ui"),
    (3, "pane"),
    (3, "app"),
    (4, "tui"),
    (4, "cli"),
];

/// What the layer of state and picture (3), and the rules of money, must not name, in imports and inline paths: they have
/// no clock, no file, no socket and no SQL.
const NOT_IN_STATE: [&str; 14] = [
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
    let wrong: Vec<String> =
        sources().iter().flat_map(|(path, text)| imports_from_above(path, text)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn state_and_picture_have_no_clock_no_file_and_no_socket() {
    let wrong: Vec<String> = sources().iter().flat_map(|(path, text)| not_in_state(path, text)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn one_module_sends_calls_and_one_fetches_pictures() {
    let senders = ["reqwest", "hyper::", "ureq", "isahc", "curl::"];
    let naming = |(path, text): (PathBuf, String)| {
        let code = spread_out(&text);
        senders.iter().any(|name| code.contains(name)).then(|| path.display().to_string())
    };
    let found: Vec<String> = sources().into_iter().filter_map(naming).collect();
    let expected = [
        "crates/onebound/src/client/connect.rs",
        "crates/onebound/src/client.rs",
        "crates/onebound/src/picture/client.rs",
    ];
    assert_eq!(found, expected);
}

/// It takes checked addresses alone, and has nothing that a call is made of.
#[test]
fn the_client_of_pictures_cannot_make_a_call() {
    let part_of_call = ["Credentials", "Signature", "Call", "Host", "Fingerprint", "Url::parse"];
    let (_, text) =
        sources().into_iter().find(|(path, _)| path.ends_with("onebound/src/picture/client.rs")).unwrap();
    let code = spread_out(&text);
    let named: Vec<_> = part_of_call.iter().filter(|name| code.contains(**name)).collect();
    assert_eq!(named, Vec::<&&str>::new());
    assert_eq!(code.matches(".get(url.request_url())").count(), 1);
    assert_eq!(code.matches(".send()").count(), 1);
}

/// It connects, and has nothing that a request could be made of.
#[test]
fn a_probe_of_a_host_can_send_nothing() {
    let part_of_call =
        ["Credentials", "Signature", "Call::", "call::", "query", "write", "AsyncWrite", "head_of"];
    let (_, text) =
        sources().into_iter().find(|(path, _)| path.ends_with("onebound/src/client/probe.rs")).unwrap();
    let code = spread_out(&text);
    let named: Vec<_> = part_of_call.iter().filter(|name| code.contains(**name)).collect();
    assert_eq!(named, Vec::<&&str>::new());
    // The connector takes each connection over before anything is written, and `slot().take()` drops it.
    assert_eq!((code.matches(".send()").count(), code.matches("CONNECT_TASK.scope(").count()), (1, 1));
}

#[test]
fn the_program_reaches_store_and_client_through_a_session() {
    let below = ["LocalStore", "Fetcher", "Client::new"];
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("src")) {
        let code = spread_out(text);
        assert!(!below.iter().any(|name| code.contains(name)), "{}", path.display());
    }
}

/// An engine is chosen by its place in `store.rs`, and configured by its address; whoever works with a store knows its
/// trait alone.
#[test]
fn nothing_above_the_store_knows_which_engine_it_has() {
    let engines = ["PostgresStore", "LocalStore", "rusqlite", "tokio_postgres", "Place::Postgres"];
    let knows = |path: &Path| {
        let core = Path::new("crates/obx-core/src");
        let is_below = |home: &&str| path.starts_with(core.join(home));
        let is_test = path.ends_with("tests.rs") || path.iter().any(|part| part == "tests");
        is_test || ["store", "store.rs", "config", "config.rs"].iter().any(is_below)
    };
    let naming = |(path, text): (PathBuf, String)| {
        let code = spread_out(&text);
        let named = engines.iter().find(|name| code.contains(**name))?;
        Some(format!("{} names {named}", path.display()))
    };
    let found: Vec<String> =
        sources().into_iter().filter(|(path, _)| !knows(path)).filter_map(naming).collect();
    assert_eq!(found, Vec::<String>::new());
}

/// They read facts and write what was decided: whether a call may be sent, and how long an answer is fresh, is decided by the
/// policy.
#[test]
fn no_engine_of_the_store_has_a_rule_of_money() {
    let rules = [
        "GuardViolation",
        "Freshness",
        "Billing::",
        "Override::Block",
        "reserve >",
        "reserve <",
        "cap >",
        "cap <",
    ];
    let (mut engines, mut deciding, mut found) = (0, Vec::new(), Vec::new());
    for (path, text) in sources() {
        let is_engine = ["sqlite", "postgres"]
            .iter()
            .any(|name| path.starts_with(Path::new("crates/obx-core/src/store").join(name)));
        if !is_engine || path.ends_with("tests.rs") {
            continue;
        }
        engines += 1;
        let code = spread_out(&text);
        let named = rules.iter().filter(|rule| code.contains(**rule));
        found.extend(named.map(|rule| format!("{} names {rule}", path.display())));
        if code.contains("Decision::") {
            deciding.push(path.display().to_string());
            assert_eq!(code.matches("match decide(&facts, ").count(), 1, "{}", path.display());
        }
    }
    assert!(engines > 40, "{engines}");
    assert_eq!(found, Vec::<String>::new());
    let ledgers = ["postgres", "sqlite"].map(|name| format!("crates/obx-core/src/store/{name}/ledger.rs"));
    assert_eq!(deciding, ledgers);
}

#[test]
fn the_program_opens_no_socket_of_its_own() {
    let openers = ["TcpStream", "TcpSocket", "UdpSocket", "TcpListener", "UnixStream"];
    for (path, text) in sources().iter().filter(|(path, _)| path.starts_with("src")) {
        let code = spread_out(text);
        assert!(!openers.iter().any(|name| code.contains(name)), "{}", path.display());
    }
}

#[test]
fn every_module_is_in_a_layer() {
    for home in sources().iter().filter_map(|(path, _)| module_of(path)) {
        assert!(LAYERS.iter().any(|(_, name)| *name == home), "{home} is in no layer");
    }
}

/// A fetch may cost something: only the app's check of the price starts one, and only the model orders it.
#[test]
fn nothing_is_fetched_past_the_check_of_its_price() {
    let naming = |needles: &[&str]| -> Vec<String> {
        let is_code = |path: &Path| path.starts_with("src") && !path.ends_with("tests.rs");
        let named = |text: &str| needles.iter().any(|needle| spread_out(text).contains(needle));
        let found = sources().into_iter().filter(|(path, text)| is_code(path) && named(text));
        found.map(|(path, _)| path.display().to_string()).collect()
    };
    assert_eq!(
        naming(&["FetchOrder::", "FetchOrder {"]),
        ["src/message/fetch_order.rs", "src/model/fetches.rs"]
    );
    assert_eq!(naming(&["model.start(", "Model::start("]), ["src/app/spending.rs"]);
    assert_eq!(naming(&["BatchOrder::", "BatchOrder {"]), ["src/message/batch.rs", "src/model/batch.rs"]);
    let batch = ["model.start_batch(", "model.pause_batch(", "Model::start_batch(", "Model::pause_batch("];
    assert_eq!(naming(&batch), ["src/app/spending.rs"]);
    // A fetch needs a handle. `Run::fetch` waits until the answer is stored, so that no command can forget that.
    let in_commands: Vec<String> =
        naming(&["CallHandle"]).into_iter().filter(|path| path.starts_with("src/cli")).collect();
    assert_eq!(in_commands, ["src/cli/run.rs"]);
}

/// The compiler warns of an effect that is dropped, but not of one in a `Vec` or an `Option`. `app` and `model`
/// have a lint for all results instead.
#[test]
fn a_function_that_returns_effects_must_be_used() {
    let sources = sources();
    let linted = ["app", "model"].map(|name| Some(name.to_owned()));
    let is_bound = |path: &Path| path.starts_with("src") && !linted.contains(&module_of(path));
    let bound = sources.iter().filter(|(path, _)| is_bound(path));
    let found: Vec<String> = bound.flat_map(|(path, text)| droppable_effects(path, text)).collect();
    assert_eq!(found, Vec::<String>::new());
    for linted in ["src/app.rs", "src/model.rs"] {
        let text = &sources.iter().find(|(path, _)| path == Path::new(linted)).unwrap().1;
        assert!(text.contains("#![warn(unused_results)]"), "{linted}");
    }
}

/// Else none of these tests would say anything of what is imported in braces or by `super`.
#[test]
fn a_file_that_breaks_the_rules_is_seen_to() {
    let (path, text) = (Path::new("src/pane/broken.rs"), include_str!("layering/broken.rs"));
    let above: Vec<String> = imports_from_above(path, text);
    let expected = ["cli", "tui", "app"].map(|name| format!("src/pane/broken.rs imports crate::{name}"));
    assert_eq!(above, expected);
    let below = ["message", "ui", "model", "keymap"];
    assert!(
        below.iter().all(|name| names(path, text).contains(&(*name).to_owned())),
        "{:?}",
        names(path, text)
    );
    let expected = ["tokio::", "std::fs", "std::net"].map(|name| format!("src/pane/broken.rs names {name}"));
    assert_eq!(not_in_state(path, text), expected);
    let droppable =
        ["several", "perhaps"].map(|name| format!("src/pane/broken.rs: {name} is not #[must_use]"));
    assert_eq!(droppable_effects(path, text), droppable);
}

fn imports_from_above(path: &Path, text: &str) -> Vec<String> {
    let Some(home) = module_of(path) else { return Vec::new() };
    let above = |named: &String| *named != home && rank(named) > rank(&home);
    let reported = |named: String| format!("{} imports crate::{named}", path.display());
    names(path, text).into_iter().filter(above).map(reported).collect()
}

fn not_in_state(path: &Path, text: &str) -> Vec<String> {
    if module_of(path).is_none_or(|home| layer(&home) != 3 && home != "policy") {
        return Vec::new();
    }
    let code = spread_out(text);
    let named = NOT_IN_STATE.iter().filter(|name| code.contains(**name));
    named.map(|name| format!("{} names {name}", path.display())).collect()
}

/// Functions whose effects a caller could drop without a warning. Methods of a trait are bound by its declaration.
fn droppable_effects(path: &Path, text: &str) -> Vec<String> {
    let code = code(text);
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut of_trait = false;
    let mut found = Vec::new();
    let mut before = String::new();
    for (at, line) in code.lines().enumerate() {
        if line.starts_with("impl") {
            of_trait = line.contains(" for ");
        }
        if let Some((_, function)) = line.split_once("fn ") {
            let signature = code.lines().skip(at).collect::<Vec<_>>().join(" ");
            let signature = signature.split(['{', ';']).next().unwrap_or_default();
            let returned = signature.rsplit_once("->").map_or("", |(_, returned)| returned.trim());
            if returned.contains("<Effect>") && !of_trait && !before.contains("#[must_use") {
                let name = function.split(['(', '<']).next().unwrap_or_default();
                found.push(format!("{}: {name} is not #[must_use]", path.display()));
            }
        }
        let is_attribute = line.trim().is_empty() || line.trim_start().starts_with("#[");
        before = if is_attribute { before + line } else { String::new() };
    }
    found
}

fn rank(module: &str) -> usize {
    LAYERS.iter().position(|(_, name)| *name == module).unwrap_or(usize::MAX)
}

fn layer(module: &str) -> u8 {
    LAYERS.iter().find(|(_, name)| *name == module).map_or(u8::MAX, |(layer, _)| *layer)
}

/// Every source file of the program and of the libraries, with its text, by paths from the workspace's root.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src"));
    let mut folders: Vec<PathBuf> = crates.chain([root.join("src")]).collect();
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

/// The path in the crate, of the files of the program and of its core.
fn in_crate(path: &Path) -> Option<&Path> {
    path.strip_prefix("src").or_else(|_| path.strip_prefix("crates/obx-core/src")).ok()
}

/// `pane` for `src/pane.rs` and `src/pane/help.rs`; none for the crates' roots.
fn module_of(path: &Path) -> Option<String> {
    let first = in_crate(path)?.iter().next()?.to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(name, "lib" | "main")).then(|| name.to_owned())
}

/// The modules of the crate that are named, in imports and inline paths: by `crate::`, and by as many `super::` as lead
/// out of the file's own module.
fn names(path: &Path, text: &str) -> Vec<String> {
    let own = in_crate(path).unwrap_or(path).with_extension("");
    let to_root = "super::".repeat(own.iter().count());
    let mut code = spread_out(text);
    // A test's module in the file has one `super` more; what it names is no module of the crate.
    for (_, module) in LAYERS {
        code = code.replace(&format!("{to_root}{module}::"), &format!("crate::{module}::"));
        code = code.replace(&format!("{to_root}{module}\n"), &format!("crate::{module}\n"));
    }
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found: Vec<String> = Vec::new();
    for name in code.split("crate::").skip(1).map(name).filter(|name| !name.is_empty()) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The code with each import on a line of its own, without braces: `use a::{b, c::{d, e}};` as `a::b`, `a::c::d`,
/// `a::c::e`.
fn spread_out(text: &str) -> String {
    let code = code(text);
    let mut parts = code.split("use ");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (tree, rest) = part.split_once(';').unwrap_or((part, ""));
        let tree: String = tree.split_whitespace().collect::<Vec<_>>().join(" ");
        for path in paths("", &tree) {
            out.push('\n');
            out.push_str(&path);
        }
        out.push('\n');
        out.push_str(rest);
    }
    out
}

/// The single paths of a tree of imports.
fn paths(before: &str, tree: &str) -> Vec<String> {
    let Some((head, group)) = tree.split_once('{') else { return vec![format!("{before}{}", tree.trim())] };
    let before = format!("{before}{}", head.trim());
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let one = group.get(start..at).unwrap_or_default().trim();
                if !one.is_empty() {
                    found.extend(paths(&before, one));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// The text without comments: they may name whatever they explain.
fn code(text: &str) -> String {
    let line = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}
