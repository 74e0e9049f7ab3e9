//! What the keys of a batch do at each of its stages, and that footer and help say no other.

use super::*;

/// The keys of a batch's own, by their action's text.
const KEYS: [(&str, &str, &str); 7] = [
    ("B", "buy what is planned", "购买计划中的行"),
    ("Y", "buy in spite of a block", "无视停用强制购买"),
    ("<space>", "pause, or go on", "暂停或继续"),
    ("X", "stop after the calls under way", "等进行中的调用结束后停止"),
    ("U", "buy lines in doubt as well, or not", "结果未知的行也购买"),
    ("r", "plan the same list again", "按同一列表重新计划"),
    ("n", "plan another list", "换一个列表"),
];

fn bring(stage: &str, language: Language) -> Driver {
    let mut driver = driver("120x36", language);
    if stage == "blocked" {
        plan_within(&mut driver, 0, GuardViolation::Blocked(block()));
        driver.late(2.0);
        return driver;
    }
    let ticket = plan(&mut driver);
    driver.late(2.0);
    if stage == "planned" {
        return driver;
    }
    driver.keys("B");
    half(&mut driver, ticket);
    driver.keys(match stage {
        "paused" => "<space>",
        "stopping" => "X",
        "paused and stopping" => "<space> X",
        _ => "j",
    });
    if stage == "ended" {
        runs(&mut driver, ticket, vec![stopped(StopReason::Asked, 4)]);
    }
    driver.late(2.0);
    driver
}

/// Whether the key does what it is for, rather than say that there is nothing to do.
fn works(stage: &str, key: &str, language: Language) -> bool {
    let mut driver = bring(stage, language);
    let effects = driver.keys(key);
    let is_asked = driver.screen().contains("20,000");
    !effects.is_empty() || is_asked
}

#[rstest]
fn help_lists_a_key_where_it_does_something_and_else_says_that_it_does_not_now(
    #[values("planned", "blocked", "running", "paused", "stopping", "paused and stopping", "ended")]
    stage: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = bring(stage, language);
    driver.keys("?");
    let mut pages = vec![driver.screen()];
    driver.keys("<pgdn>");
    pages.push(driver.screen());
    let help = pages.concat();
    let not_now =
        if language == Language::En { "Here, but not at this stage" } else { "当前阶段不可用" };
    let (here, rest) = help.split_once(not_now).unwrap();
    for (key, en, zh) in KEYS {
        let text = if language == Language::En { en } else { zh };
        let is_listed = here.contains(text);
        assert!(is_listed || rest.contains(text), "{text}:\n{help}");
        assert_eq!(is_listed, works(stage, key, language), "{stage} {key}:\n{help}");
    }
}

#[rstest]
#[case("planned", "B buy ¥0.08   Esc back   U doubtful too   Enter open   ? keys")]
#[case("running", "Space pause   X stop   Enter open   Esc close, runs on   ? keys")]
#[case("paused", "Space resume ¥   X stop   Enter open   Esc leave paused   ? keys")]
#[case("stopping", "Enter open   Esc close, stops anyway   ? keys")]
#[case("ended", "r plan again   Esc back   Enter open   n another list   ? keys")]
fn the_footer_says_what_its_keys_do_at_this_stage(#[case] stage: &str, #[case] footer: &str) {
    let mut driver = bring(stage, Language::En);
    driver.resize("80x24");
    assert!(driver.screen().contains(footer), "{}", driver.screen());
}
