//! The examples with which the help of each command begins.

use std::fmt::Write as _;

use crate::ui::text::{pad_right, width};
use obx_core::i18n::Texts;

/// A command line, and what it does.
pub(super) type Example = (&'static str, fn(Texts) -> &'static str);

/// The order of the commands in the help: what calls, what reads the store, what is about obx itself.
const ORDER: [&str; 22] = [
    "get",
    "search",
    "batch",
    "images",
    "quota",
    "show",
    "find",
    "history",
    "diff",
    "log",
    "facts",
    "export",
    "store",
    "errors",
    "view",
    "emulate",
    "config",
    "doctor",
    "completions",
    "man",
    "help",
    "filter-worker",
];

/// The place of a command in the help.
pub(super) fn place(name: &str) -> usize {
    ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len())
}

/// The examples of each command; the explorer's are under its own name.
const EXAMPLES: &[(&str, &[Example])] = &[
    (
        "obx",
        &[
            ("obx", Texts::example_explore),
            ("obx 610947572360", Texts::example_explore_id),
            ("obx get 610947572360 --json", Texts::example_get_json),
        ],
    ),
    (
        "get",
        &[
            ("obx get 610947572360", Texts::example_get),
            ("obx get https://detail.1688.com/offer/610947572360.html", Texts::example_get_address),
            ("obx get 610947572360 --skus --csv", Texts::example_get_skus),
            ("obx get 610947572360 --jq .title", Texts::example_get_jq),
            ("obx get - --json --max-calls 20 < ids.txt", Texts::example_get_stdin),
            ("obx get 610947572360 --dry-run", Texts::example_get_dry_run),
        ],
    ),
    (
        "search",
        &[
            ("obx search 手机壳 --sort sales --price 5..20", Texts::example_search),
            ("obx search 手机壳 --pages 3 --csv > found.csv", Texts::example_search_pages),
            ("obx search 手机壳 --jq .num_iid | obx get - --json", Texts::example_search_get),
            ("obx search 手机壳 --top 5 --details", Texts::example_search_details),
        ],
    ),
    (
        "batch",
        &[
            ("obx batch list.csv --plan", Texts::example_batch_plan),
            ("obx batch list.csv --column 商品ID --out found.csv", Texts::example_batch_column),
            ("obx batch - --yes --max-calls 500 < ids.txt", Texts::example_batch_script),
        ],
    ),
    (
        "images",
        &[
            ("obx images 610947572360 --to pictures", Texts::example_images),
            (
                "obx search 手机壳 --top 3 --jq .num_iid | obx images - --to pictures",
                Texts::example_images_search,
            ),
        ],
    ),
    (
        "quota",
        &[
            ("obx quota", Texts::example_quota),
            ("obx quota --day yesterday --by api,key,code", Texts::example_quota_day),
            ("obx quota --fail-below 500 --quiet", Texts::example_quota_cron),
            ("obx quota --textfile /var/lib/node_exporter/obx.prom", Texts::example_quota_textfile),
            ("obx quota --probe", Texts::example_quota_probe),
        ],
    ),
    (
        "show",
        &[
            ("obx show 610947572360", Texts::example_show),
            ("obx show 610947572360 --skus --csv", Texts::example_get_skus),
            ("obx show 610947572360 --at 2026-11-23 --raw", Texts::example_show_at),
        ],
    ),
    (
        "history",
        &[
            ("obx history 610947572360", Texts::example_history),
            ("obx history 610947572360 --csv > prices.csv", Texts::example_history_csv),
        ],
    ),
    (
        "diff",
        &[
            ("obx diff 610947572360", Texts::example_diff),
            ("obx diff 610947572360 1 3 --json", Texts::example_diff_numbers),
        ],
    ),
    (
        "facts",
        &[
            ("obx facts 610947572360", Texts::example_facts),
            ("obx facts answer.json --json", Texts::example_facts_file),
        ],
    ),
    (
        "find",
        &[
            ("obx find 智能手机", Texts::example_find),
            ("obx find --bodies 799.00", Texts::example_find_bodies),
        ],
    ),
    (
        "log",
        &[
            ("obx log", Texts::example_log),
            ("obx log code!=0000 today", Texts::example_log_filter),
            ("obx log --follow --json cost:billed", Texts::example_log_follow),
        ],
    ),
    (
        "export",
        &[
            ("obx export --since yesterday > items.ndjson", Texts::example_export_since),
            ("obx export --list skus --csv > skus.csv", Texts::example_export_skus),
            ("obx export --list skus --out skus.xlsx", Texts::example_export_sheet),
            ("obx export --sql sqlite | sqlite3 items.db", Texts::example_export_sql),
        ],
    ),
    (
        "store",
        &[
            ("obx store check", Texts::example_store_check),
            ("obx store copy store.sqlite postgres://ann@db.example/team", Texts::example_store_copy),
            ("obx store copy postgres://ann@db.example/team backup.sqlite", Texts::example_store_backup),
        ],
    ),
    ("errors", &[("obx errors", Texts::example_errors), ("obx errors 4013", Texts::example_errors_code)]),
    (
        "view",
        &[
            ("obx view answer.json", Texts::example_view),
            ("obx view session.har", Texts::example_view_har),
            ("obx get 610947572360 --raw | obx view -", Texts::example_view_stdin),
        ],
    ),
    (
        "emulate",
        &[
            ("obx emulate", Texts::example_emulate),
            ("obx emulate --quota 100 --delay 0.6-2", Texts::example_emulate_quota),
        ],
    ),
    (
        "config",
        &[
            ("obx config edit", Texts::example_config_edit),
            ("obx config show --profile work", Texts::example_config_show),
            ("obx config check --config new.toml", Texts::example_config_check),
        ],
    ),
    (
        "completions",
        &[
            (
                "obx completions bash > ~/.local/share/bash-completion/completions/obx",
                Texts::example_completions_bash,
            ),
            ("obx completions zsh > ~/.zfunc/_obx", Texts::example_completions_zsh),
            ("obx completions fish > ~/.config/fish/completions/obx.fish", Texts::example_completions_fish),
        ],
    ),
    ("doctor", &[("obx doctor", Texts::example_doctor), ("obx doctor --json", Texts::example_doctor_json)]),
    ("man", &[("obx man | man -l -", Texts::example_man)]),
];

/// The examples of a command; none if it needs none.
pub(super) fn list(name: &str) -> &'static [Example] {
    EXAMPLES.iter().find(|(known, _)| *known == name).map_or(&[], |(_, list)| list)
}

/// What the help of a command begins with: a line for each example, or two where it is long.
pub(super) fn examples(name: &str, texts: Texts) -> Option<String> {
    /// A longer command has a line of its own.
    const LONGEST: usize = 44;
    let all = list(name);
    let fitting = all.iter().map(|(line, _)| width(line)).filter(|width| *width <= LONGEST);
    let room = fitting.max().unwrap_or_default() + 3;
    let mut text = texts.heading_examples().to_owned();
    for (line, about) in all {
        let about = about(texts);
        let _ = if width(line) > LONGEST {
            write!(text, "\n  {line}\n  {}{about}", pad_right("", room))
        } else {
            write!(text, "\n  {}{about}", pad_right(line, room))
        }; // writing to a String can't fail
    }
    (!all.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Args;
    use crate::cli::command_line;
    use obx_core::i18n::Language;

    /// The words of the part of a pipeline that is obx.
    fn words(line: &'static str) -> Vec<Vec<&'static str>> {
        let parts = line.split(" | ").map(|part| part.split([' ']).collect::<Vec<_>>());
        let before_redirection = |words: Vec<&'static str>| {
            words.into_iter().take_while(|word| !["<", ">"].contains(word)).collect()
        };
        parts.map(before_redirection).filter(|words: &Vec<&str>| words.first() == Some(&"obx")).collect()
    }

    #[test]
    fn each_command_has_examples_that_are_command_lines() {
        let command = Args::command();
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
        for name in shown.map(clap::Command::get_name).chain(["obx"]) {
            assert!(!list(name).is_empty(), "{name}");
            assert!(place(name) < ORDER.len() || name == "obx", "{name}");
            for words in list(name).iter().flat_map(|(line, _)| words(line)) {
                let parsed = command_line::matches(Args::command(), words.iter().map(Into::into));
                assert!(parsed.is_ok(), "{words:?}: {}", parsed.unwrap_err());
            }
            for language in [Language::En, Language::Zh] {
                let text = examples(name, Texts::new(language)).unwrap();
                let widest = text.lines().map(width).max().unwrap();
                assert!(widest <= 100, "{widest}: {text}");
            }
        }
    }
}
