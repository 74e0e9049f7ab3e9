//! Keys that texts name: as they are bound, never as the defaults.

use std::collections::BTreeSet;

use obx::keymap::{Keymap, Keys};
use obx::message::Action;
use obx_core::config::{KeySetting, NameAt};
use obx_core::fetch::Source;
use obx_core::i18n::{Language, templates};
use regex::Regex;
use rstest::rstest;

use crate::support::{Driver, response};

/// Texts in which this is no key of the table of actions.
const NO_KEYS: [(&str, &str); 30] = [
    ("about_agent", "← →"),
    ("about_cache", "← →"),
    ("about_host", "← →"),
    ("about_lang", "← →"),
    ("about_page", "1"),
    ("about_platform", "← →"),
    ("about_result_type", "← →"),
    ("about_sales_data", "← →"),
    ("body_broken_utf8", "U"),
    ("characters", "→"),
    ("column_api_seconds", "s"),
    ("column_total_seconds", "s"),
    ("editor_add", "+"),
    ("editor_to", "→"),
    ("editor_wrong_name", "_"),
    ("editor_wrong_parameter", "_"),
    ("export_unquoted", "r"),
    ("fetching_item", "1"),
    ("filter_no_alternative", "|"),
    ("id_on_1688", "="),
    ("id_on_taobao", "="),
    ("jq_one_output", "1"),
    ("log_unknown", "?"),
    ("one_digit", "1"),
    ("pace_slow", "1"),
    ("paste_cut_off", "2 s"),
    ("quota_of", "/"),
    ("split_unknown", "?"),
    ("type_changed", "→"),
    ("without_control_character", "1"),
];

/// Texts of what is printed before the keymap is loaded, or while another program has the terminal.
const BEFORE_THE_KEYMAP: [&str; 2] = ["program_is_over", "reading_so_far"];

fn default_labels() -> BTreeSet<String> {
    let keys = Action::all().flat_map(Action::default_keys).flat_map(|(_, keys)| keys.split(' '));
    let labels = keys.map(|keys| Keys::parse(keys).unwrap().label());
    // "a" is an article.
    labels.chain(["回车".to_owned(), "yq".to_owned()]).filter(|label| label != "a").collect()
}

/// The default keys in a text. What touches a placeholder or an apostrophe is part of a word, and `s` behind a
/// placeholder a unit; in brackets it is the ending of a plural.
fn named(template: &str, labels: &BTreeSet<String>) -> Vec<String> {
    let argument = Regex::new(r"\{\w*\}( [sdh]\b)?").unwrap();
    let text = argument.replace_all(template, "…").replace("(s)", "").replace("(y/ies)", "");
    let word = Regex::new(r"回车|[\w^'.…&&[:ascii:]…]+|[↑↓←→]|(?:^| )([|/!?<>:*+_()=-])(?: |$)").unwrap();
    let words = word.captures_iter(&text).map(|found| {
        let word = found.get(1).or_else(|| found.get(0)).unwrap().as_str();
        word.trim_matches('.').to_owned()
    });
    words.filter(|word| labels.contains(word)).collect()
}

#[test]
fn no_text_spells_a_default_key() {
    let (labels, mut wrong, mut excused) = (default_labels(), Vec::new(), BTreeSet::new());
    for (name, en, zh) in templates().filter(|(name, ..)| !BEFORE_THE_KEYMAP.contains(name)) {
        let exception = NO_KEYS.iter().find(|(other, _)| other == name);
        for key in [en, zh].into_iter().flat_map(|template| named(template, &labels)) {
            match exception {
                Some((_, words)) if words.split(' ').any(|word| word == key) => {
                    excused.insert(*name);
                }
                _ => wrong.push(format!("{name}: {key} in {en:?}, {zh:?}")),
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let all: BTreeSet<&str> = NO_KEYS.iter().map(|(name, _)| *name).collect();
    assert_eq!(excused, all, "an exception that excuses nothing");
}

#[test]
fn a_spelled_key_is_found() {
    let labels = default_labels();
    for (text, key) in [
        ("Wait a moment, then R.", "R"),
        ("稍等后按R重试。", "R"),
        ("Enter fetches", "Enter"),
        ("按回车显示", "回车"),
        ("再按^C或q退出", "^C"),
        ("! explains it", "!"),
        ("{id}  {seconds} s  Esc stops", "Esc"),
        ("6 shows the response", "6"),
    ] {
        assert!(named(text, &labels).contains(&key.to_owned()), "{text}: {:?}", named(text, &labels));
    }
    for text in ["The vendor's cache", "{seconds} s", "HAR 1.2", "C.UTF-8", "needs {width}x{height}", "isn't"]
    {
        assert_eq!(named(text, &labels), Vec::<String>::new(), "{text}");
    }
}

/// A session with these keys in the config file; no key is `-`.
pub(crate) fn with_keys(keys: &[(&str, &str)], language: Language) -> Driver {
    let at = |name: &str| NameAt { name: name.to_owned(), line: 1 };
    let setting = |(action, key): &(&str, &str)| KeySetting {
        scope: None,
        action: at(action),
        keys: Some(*key).filter(|key| *key != "-").into_iter().map(at).collect(),
    };
    let settings: Vec<KeySetting> = keys.iter().map(setting).collect();
    let mut driver = Driver::new("80x24", language, false);
    driver.app = driver.app.with_keymap(Keymap::from_settings(&settings).unwrap());
    driver
}

#[rstest]
#[case::rebound("ctrl-g", "^G")]
#[case::unbound("-", ":refetch")]
fn a_text_names_the_key_that_is_bound(#[case] key: &str, #[case] shown: &str) {
    let expected = [format!("{shown} refetches"), format!("按{shown}重新获取")];
    for (language, expected) in [Language::En, Language::Zh].into_iter().zip(expected) {
        let mut driver = with_keys(&[("refetch", key)], language);
        driver.type_text("610947572000");
        driver.keys("<enter>");
        driver.answer(200, response("1688_error_2000.json"), Source::Live);
        driver.keys("2");
        assert!(driver.focused().contains(&expected), "{}", driver.screen());
        driver.keys("!");
        assert!(driver.focused().contains(shown), "{}", driver.screen());
    }
}

#[test]
fn enter_has_its_chinese_name_until_it_is_rebound() {
    let mut driver = with_keys(&[], Language::Zh);
    driver.type_text("610947572360");
    assert!(driver.screen().contains("回车调用接口"), "{}", driver.screen());
    let mut driver = with_keys(&[("submit", "ctrl-g")], Language::Zh);
    driver.type_text("610947572360");
    assert!(driver.screen().contains("^G调用接口"), "{}", driver.screen());
    assert!(!driver.screen().contains("回车"), "{}", driver.screen());
}

#[test]
fn a_key_that_is_to_be_pressed_again_has_its_chinese_name() {
    let mut driver = Driver::new("80x24", Language::Zh, false);
    // The first digits are taken as keys of panes, the third one as that of the input.
    driver.keys("<esc> 6 1");
    driver.type_text("610947572360");
    driver.keys("<enter>");
    assert!(driver.screen().contains("再按回车才调用"), "{}", driver.screen());
}
