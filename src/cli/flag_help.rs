//! What the help says of each flag, by its name in the parser, and the group that it is in.

use obx_core::i18n::Texts;

/// A group of flags in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Account,
    Call,
    Store,
    Screen,
    Output,
    Spending,
}

impl Heading {
    /// The group of a flag by its name in the parser; `None` for a command's own ones.
    pub(super) fn of(id: &str) -> Option<Self> {
        Some(match id {
            "config" | "profile" | "hosts" | "auth" | "demo" => Self::Account,
            "platform" | "lang" | "cache" | "api_version" | "result_type" | "sales_data" | "agent"
            | "params" => Self::Call,
            "store" | "no_store" | "offline" | "cap" | "reserve" => Self::Store,
            "ui_lang" | "color" | "no_color" | "ascii" | "lean" | "quiet" => Self::Screen,
            "json" | "fields" | "jq" | "csv" | "raw" | "flat" | "skus" | "list" | "sql" => Self::Output,
            "fresh" | "max_calls" | "max_cost" | "dry_run" => Self::Spending,
            _ => return None,
        })
    }

    pub(super) fn title(self, texts: Texts) -> &'static str {
        match self {
            Self::Account => texts.heading_account(),
            Self::Call => texts.heading_call(),
            Self::Store => texts.heading_store(),
            Self::Screen => texts.heading_screen(),
            Self::Output => texts.heading_output(),
            Self::Spending => texts.heading_spending(),
        }
    }
}

/// The help of a flag; `None` for the parser's own ones.
pub(super) fn help(id: &str, texts: Texts) -> Option<&'static str> {
    let groups = [
        of_all,
        of_records,
        of_batch,
        of_quota,
        of_other_commands,
        super::search::help,
        super::export::help,
        super::images::help,
        super::store::help,
    ];
    groups.iter().find_map(|help| help(id, texts))
}

/// The flags of the explorer and of all commands.
fn of_all(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "color" => texts.help_color(),
        "demo" => texts.help_demo(),
        "quiet" => texts.help_quiet(),
        "config" => texts.help_config(),
        "profile" => texts.help_profile(),
        "hosts" => texts.help_host(),
        "auth" => texts.help_auth(),
        "platform" => texts.help_platform(),
        "lang" => texts.help_lang(),
        "cache" => texts.help_cache(),
        "api_version" => texts.help_api_version(),
        "result_type" => texts.help_result_type(),
        "sales_data" => texts.help_sales_data(),
        "agent" => texts.help_agent(),
        "params" => texts.help_param(),
        "ui_lang" => texts.help_ui_lang(),
        "no_restore" => texts.help_no_restore(),
        "no_color" => texts.help_no_color(),
        "ascii" => texts.help_ascii(),
        "lean" => texts.help_lean(),
        "store" => texts.help_store(),
        "no_store" => texts.help_no_store(),
        "offline" => texts.help_offline(),
        "cap" => texts.help_cap(),
        "reserve" => texts.help_reserve(),
        _ => return None,
    })
}

/// What commands that write records take.
fn of_records(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "ids" => texts.help_id(),
        "stored_id" => texts.help_stored_id(),
        "at" => texts.help_at(),
        "log_filter" => texts.help_log_filter(),
        "limit" => texts.help_limit(),
        "follow" => texts.help_follow(),
        "answers" => texts.help_diff_answers(),
        "facts_of" => texts.help_facts_of(),
        "find_words" => texts.help_find_words(),
        "bodies" => texts.help_bodies(),
        "code" => texts.help_code(),
        "csv" => texts.help_csv(),
        "fields" => texts.help_fields(),
        "jq" => texts.help_jq(),
        "json" => texts.help_json(),
        "dry_run" => texts.help_dry_run(),
        "flat" => texts.help_flat(),
        "fresh" => texts.help_fresh(),
        "max_calls" => texts.help_max_calls(),
        "max_cost" => texts.help_max_cost(),
        "skus" => texts.help_skus(),
        "raw" => texts.help_raw(),
        _ => return None,
    })
}

/// The flags of `obx batch`.
fn of_batch(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "batch_list" => texts.help_batch_list(),
        "column" => texts.help_column(),
        "sheet" => texts.help_sheet(),
        "plan" => texts.help_plan(),
        "retry_unknown" => texts.help_retry_unknown(),
        "batch_concurrency" => texts.help_batch_concurrency(),
        "rate" => texts.help_rate(),
        "carry" => texts.help_carry(),
        "until" => texts.help_until(),
        "out" => texts.help_out(),
        _ => return None,
    })
}

/// The flags of `obx quota`, and `--yes`.
fn of_quota(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "probe" => texts.help_probe(),
        "yes" => texts.help_yes(),
        "override_guards" => texts.help_override(),
        "day" => texts.help_day(),
        "by" => texts.help_by(),
        "fingerprint" => texts.help_fingerprint(),
        "textfile" => texts.help_textfile(),
        "fail_below" => texts.help_fail_below(),
        _ => return None,
    })
}

/// The flags of `obx emulate` and `obx view`, and the shell of `obx completions`.
fn of_other_commands(id: &str, texts: Texts) -> Option<&'static str> {
    Some(match id {
        "shell" => texts.help_shell(),
        "port" => texts.help_port(),
        "delay" => texts.help_delay(),
        "quota" => texts.help_quota(),
        "key" => texts.help_key(),
        "secret" => texts.help_secret(),
        "concurrency" => texts.help_concurrency(),
        "fault" => texts.help_fault(),
        "file" => texts.help_file(),
        "max_size" => texts.help_max_size(),
        _ => return None,
    })
}
