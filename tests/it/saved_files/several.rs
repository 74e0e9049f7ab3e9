//! Files of several answers.

use jiff::Timestamp;
use obx_core::i18n::Language;
use obx_core::import::{self, Imported};
use onebound::{Malformed, Outcome};
use rstest::rstest;

use super::{driver_of, exchanges_in};
use crate::screens::check;

fn found(content: &str) -> Imported {
    import::parse(content.to_owned().into(), "610947572360.json", Timestamp::UNIX_EPOCH, None)
}

#[rstest]
fn all_answers_of_a_file_become_exchanges(
    #[values("answers.ndjson", "answers_array.json", "answers_pretty.json")] name: &str,
) {
    let exchanges = exchanges_in(name);
    let subjects: Vec<_> = exchanges.iter().map(|exchange| exchange.call.subject().to_string()).collect();
    assert_eq!(subjects, ["700000001500", "700000001501", "700000001502"]);
    assert!(exchanges.iter().all(|exchange| exchange.outcome == Outcome::Item));
    let odd = |exchange: &onebound::Exchange| {
        exchange.facts().iter().any(|fact| fact.rule.id() == "text_after_json")
    };
    assert!(!exchanges.iter().any(odd), "what follows an answer is another one");
}

#[test]
fn a_line_that_is_no_answer_is_kept_among_the_answers() {
    let answer = r#"{"error_code":"2000","call_args":{"num_iid":"610947572000"}}"#;
    let found = found(&format!("{answer}\n{{\"a\": oops}}\n{{\"b\": 1}}\n{answer}\nthe end"));
    let outcomes: Vec<_> = found.exchanges.iter().map(|exchange| exchange.outcome.clone()).collect();
    let not = Outcome::NotUnderstood;
    assert_eq!(
        outcomes,
        [
            Outcome::NoResult,
            not(Malformed::NotJson(6)),
            not(Malformed::NoEnvelope),
            Outcome::NoResult,
            not(Malformed::NotJson(0)),
        ]
    );
    assert_eq!(found.exchanges[4].body.raw(), "the end");
    assert_eq!(found.exchanges[2].call.num_iid(), None, "the ID in the name is not each one's");
}

#[test]
fn a_list_that_was_cut_off_gives_its_whole_answers_and_the_rest() {
    let answer = r#"{"error_code":"2000"}"#;
    let found = found(&format!("[{answer},\n{answer},\n{{\"error_c"));
    let cut = Outcome::NotUnderstood(Malformed::Cut(9));
    assert_eq!(found.exchanges.len(), 3);
    assert_eq!(found.exchanges[2].outcome, cut);
}

#[rstest]
#[case::other_lines("{\"i\": 1}\n{\"i\": 2}\n")]
#[case::another_list("[{\"i\": 1}, 2]")]
#[case::a_warning_behind("{\"error_code\":\"2000\"} PHP Warning: {x}")]
fn what_is_not_several_answers_stays_one_body(#[case] content: &str) {
    let found = found(content);
    assert_eq!(found.exchanges.len(), 1);
    assert_eq!(found.exchanges[0].body.raw(), content);
}

#[test]
fn the_log_has_a_row_for_each_and_the_last_is_shown() {
    let mut driver = driver_of("120x36", Language::En, "answers.ndjson");
    driver.keys("5");
    check("file_several_120x36_en", &driver.screen());
}
