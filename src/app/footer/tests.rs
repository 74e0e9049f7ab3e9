use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use regex::Regex;

use super::*;
use crate::model::session_info::{SessionInfo, UnstoredAnswers};
use obx_core::config::{DisplaySettings, Freshness, Guards};
use obx_core::i18n::{Language, Texts, templates};
use onebound::CallSettings;

/// Texts that never appear in the footer: whole sentences of panes and popups, which wrap them.
const IN_PANES: [&str; 4] = ["advice_2000", "advice_certificate", "waits_for_store", "tour_reopen"];

/// A typical value of a text's argument.
fn typical(argument: &str) -> &'static str {
    match argument {
        "id" | "asked" | "got" | "num_iid" => "610947572360",
        "seconds" | "count" | "used" | "left" | "cap" | "at" | "all" | "code" | "status" => "12",
        "path" | "copy" => "obx-610947572360-20261124.json",
        "error" => "another program has locked the store",
        "host" | "machine" => "api-gw.onebound.cn",
        "who" => "another session (pid 4242)",
        "clock" | "until" | "since" => "15:24",
        "submit" | "open" => "Enter",
        "escape" => "Esc",
        "copy_jq_path" => "yq",
        "refetch" | "response" | "edit_call" | "open_editor" | "open_pager" | "explain" | "complete"
        | "older" | "next_view" | "quit" | "leave" | "compare" | "mark" => "^R",
        _ => "0000 success",
    }
}

fn session() -> SessionInfo {
    SessionInfo {
        call: CallSettings::default(),
        hosts: Vec::new(),
        profile: "main".to_owned(),
        demo: false,
        offline: false,
        file: None,
        key: None,
        remembers: true,
        unstored: UnstoredAnswers::Lost,
        asked_by: None,
        freshness: Freshness::default(),
        guards: Guards::default(),
        price_per_call: None,
        price: std::sync::Arc::default(),
        zone: TimeZone::UTC,
        display: DisplaySettings::default(),
    }
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn what_is_said_fits_into_two_rows_of_eighty_columns_in_both_languages() {
    let argument = Regex::new(r"\{([a-z_]+)\}").unwrap();
    let size = Size::new(80, 24);
    let mut cut = Vec::new();
    for (name, en, zh) in templates().filter(|(name, ..)| !IN_PANES.contains(name)) {
        for (language, template) in [(Language::En, en), (Language::Zh, zh)] {
            let mut app = App::new(session(), Texts::new(language), size, Timestamp::UNIX_EPOCH);
            let text = argument.replace_all(template, |found: &regex::Captures<'_>| typical(&found[1]));
            app.warn(&text);
            let FooterContent { above, left, .. } = content(&app, size.width);
            let shown = without_blanks(&format!("{above}{left}"));
            if !shown.contains(&without_blanks(&clean(&text))) {
                cut.push(format!("{name}: {shown}"));
            }
        }
    }
    assert!(cut.is_empty(), "{}\n{}", cut.len(), cut.join("\n"));
}
