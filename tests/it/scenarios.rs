//! Scenarios as data: keys in, effects and screen out. Each file of `tests/scenarios` is one test; whoever adds a case
//! writes no Rust. A step without effects must give none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use obx::message::{Effect, Event, StoreEvent, StoreRequest};
use obx_core::fetch::Source;
use obx_core::i18n::Language;
use obx_core::store::{Annotation, ExchangeId, ItemHistory, Listed, StoreError, StoreErrorKind};
use onebound::RequestStage;
use rstest::rstest;
use serde::Deserialize;

use crate::support::{
    Driver, effect_name, failure, found, item_with, known_item, response, scoped, stored, tests_folder,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    #[serde(default = "usual_size")]
    size: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    demo: bool,
    /// Where calls go; the vendor's gateway alone where nothing is said.
    #[serde(default = "usual_hosts")]
    hosts: Vec<String>,
    /// What a billed call costs.
    price: Option<String>,
    #[serde(default)]
    id: Option<String>,
    step: Vec<Step>,
}

/// What happens, and what the app asks for and shows then.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Typed as text.
    text: Option<String>,
    /// Keys by name, separated by blanks.
    keys: Option<String>,
    /// A key that came in one read with other text.
    burst_key: Option<String>,
    paste: Option<String>,
    resize: Option<String>,
    /// Seconds that pass.
    wait: Option<f64>,
    /// The newest fetch was sent.
    #[serde(default)]
    sent: bool,
    /// A body of `tests/responses` answers the newest fetch.
    answer: Option<String>,
    /// This body does.
    body: Option<String>,
    /// An item of so many SKUs does.
    skus: Option<u32>,
    #[serde(default = "ok_status")]
    status: u16,
    /// The answer comes from the store.
    #[serde(default)]
    from_store: bool,
    /// It ends without an answer.
    fails: Option<String>,
    #[serde(default)]
    refused: bool,
    /// The newest jq program comes to its end.
    filtered: Option<bool>,
    /// The store has every known item, the one asked for last first.
    store_items: Option<Vec<Known>>,
    /// The store has found this.
    store_found: Option<FoundWords>,
    /// The store has this of an item: a body of `tests/responses`, or nothing.
    store_newest: Option<Newest>,
    /// The store has this star and note of an item.
    store_annotation: Option<Known>,
    /// The star and note of this item could not be written.
    store_refuses_note: Option<String>,
    /// The store has kept these jq programs.
    store_programs: Option<Vec<String>>,
    /// Whatever the store was asked could not be read, for this reason.
    store_fails: Option<String>,
    #[serde(default)]
    effects: Vec<String>,
    #[serde(default)]
    shows: Vec<String>,
    #[serde(default)]
    hides: Vec<String>,
}

/// What the store knows of an item.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    starred: bool,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FoundWords {
    words: String,
    items: Vec<Known>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Newest {
    id: String,
    answer: Option<String>,
}

fn usual_size() -> String {
    "120x36".to_owned()
}

fn usual_hosts() -> Vec<String> {
    vec![onebound::GATEWAY.to_owned()]
}

fn ok_status() -> u16 {
    200
}

#[rstest]
fn goes_as_written(
    #[files("*.toml")]
    #[base_dir = "tests/scenarios"]
    path: PathBuf,
) {
    play(&parse(&path));
}

/// The list of tests is made when they are compiled: a file that was added since is played here.
#[test]
fn files_newer_than_the_list_of_tests_go_as_written() {
    let own = std::env::current_exe().unwrap();
    let listed = process::Command::new(own).args(["--list", "scenarios::goes_as_written"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let is_listed = |path: &Path| {
        let name = format!("{}_toml: test", path.file_stem().unwrap().to_str().unwrap());
        let cases = listed.lines().filter_map(|line| line.split_once("::path_"));
        cases.filter_map(|(_, numbered)| numbered.split_once('_')).any(|(_, case)| case == name)
    };
    let paths: Vec<PathBuf> =
        fs::read_dir(tests_folder().join("scenarios")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let newer: Vec<&PathBuf> = paths.iter().filter(|path| !is_listed(path)).collect();
    assert!(newer.len() < paths.len(), "no file is listed:\n{listed}");
    for path in newer {
        play(&parse(path));
    }
}

fn parse(path: &Path) -> Scenario {
    let text = fs::read_to_string(path).unwrap();
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn play(scenario: &Scenario) {
    let language = if scenario.lang == "zh" { Language::Zh } else { Language::En };
    let hosts: Vec<&str> = scenario.hosts.iter().map(String::as_str).collect();
    let mut driver = Driver::with(&scenario.size, language, scenario.demo, &hosts, scenario.price.as_deref());
    if let Some(id) = &scenario.id {
        driver.app.fill_id(id);
    }
    for (at, step) in scenario.step.iter().enumerate() {
        let place = format!("«{}», step {}", scenario.name, at + 1);
        assert_eq!(take(&mut driver, step), step.effects, "{place}");
        let screen = driver.screen();
        for text in &step.shows {
            assert!(screen.contains(text.as_str()), "{place}: {text:?} is not on the screen\n{screen}");
        }
        for text in &step.hides {
            assert!(!screen.contains(text.as_str()), "{place}: {text:?} is on the screen\n{screen}");
        }
    }
}

/// Does what the step says, in the order of its fields.
fn take(driver: &mut Driver, step: &Step) -> Vec<String> {
    let mut effects = Vec::new();
    effects.extend(step.text.iter().flat_map(|text| driver.type_text(text)));
    effects.extend(step.keys.iter().flat_map(|keys| driver.keys(keys)));
    effects.extend(step.burst_key.iter().flat_map(|key| driver.key(key, true)));
    effects.extend(step.paste.iter().flat_map(|text| driver.update(Event::Paste(text.clone()))));
    effects.extend(step.resize.iter().flat_map(|size| driver.resize(size)));
    if let Some(seconds) = step.wait {
        driver.wait(seconds);
    }
    if step.sent {
        driver.reach(true);
    }
    let body = step.answer.as_deref().map(response).or_else(|| step.body.clone().map(Into::into));
    let body = body.or_else(|| step.skus.map(item_with));
    if let Some(body) = body {
        let source = if step.from_store { Source::Store } else { Source::Live };
        driver.answer(step.status, body, source);
    }
    if let Some(name) = &step.fails {
        let sent = step.sent || matches!(name.as_str(), "timeout" | "closed");
        driver.fail(if sent { RequestStage::Sent } else { RequestStage::NothingSent }, failure(name));
    }
    if step.filtered == Some(true) {
        driver.filter();
    }
    if step.refused {
        driver.refuse();
    }
    effects.extend(store_events(step).into_iter().flat_map(|event| driver.update(Event::Store(event))));
    // How often a word asks while it is typed is the program's own affair: a search or a jq program takes the place of
    // the one before it.
    effects.dedup_by(|newer, older| {
        let replaces = is_replaced_by(older, newer);
        if replaces {
            std::mem::swap(older, newer);
        }
        replaces
    });
    effects.iter().map(effect_name).collect()
}

fn is_replaced_by(older: &Effect, newer: &Effect) -> bool {
    matches!(
        (older, newer),
        (Effect::Filter(_), Effect::Filter(_))
            | (Effect::Store(StoreRequest::Find { .. }), Effect::Store(StoreRequest::Find { .. }))
    )
}

/// What the store answers in this step.
fn store_events(step: &Step) -> Vec<StoreEvent> {
    let mut events = Vec::new();
    let annotation = |known: &Known| Annotation { starred: known.starred, note: known.note.clone() };
    events.extend(step.store_items.as_ref().map(|items| {
        let known = |at: (usize, &Known)| known_item(at.0, &at.1.id, &at.1.title, annotation(at.1));
        StoreEvent::Items(items.iter().enumerate().map(known).collect::<Vec<_>>().into())
    }));
    events.extend(step.store_found.as_ref().map(|asked| {
        let each = |at: (usize, &Known)| found(at.0, &at.1.id, &at.1.title);
        let found = asked.items.iter().enumerate().map(each).collect();
        StoreEvent::Found { words: asked.words.clone(), found }
    }));
    events.extend(step.store_newest.as_ref().map(|newest| {
        let answer = newest.answer.as_ref().map(|name| (ExchangeId(7), stored(&newest.id, name)));
        StoreEvent::Newest { item: scoped(&newest.id), answer }
    }));
    events.extend(step.store_annotation.as_ref().map(|known| {
        let (item, annotation) = (scoped(&known.id), annotation(known));
        StoreEvent::Versions(ItemHistory { item, versions: Listed::default(), annotation })
    }));
    let full = |detail: &str| StoreError::new(StoreErrorKind::Full, detail);
    events.extend(
        step.store_refuses_note
            .as_ref()
            .map(|id| StoreEvent::NotNoted { item: scoped(id), error: full("disk full") }),
    );
    events.extend(step.store_programs.clone().map(StoreEvent::Programs));
    events.extend(step.store_fails.as_deref().map(|why| StoreEvent::Failed(full(why))));
    events
}
