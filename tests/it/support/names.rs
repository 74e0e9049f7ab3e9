//! Keys and effects by the names that scenarios have for them.

use crossterm::event::{KeyCode, KeyModifiers};
use obx::message::{Content, Effect, Reading, StoreRequest, Target};
use obx_core::fetch::FetchPolicy;

pub(crate) fn key_named(name: &str) -> (KeyCode, KeyModifiers) {
    let plain = |code| (code, KeyModifiers::NONE);
    match name {
        "<enter>" => plain(KeyCode::Enter),
        "<esc>" => plain(KeyCode::Esc),
        "<tab>" => plain(KeyCode::Tab),
        "<backtab>" => plain(KeyCode::BackTab),
        "<backspace>" => plain(KeyCode::Backspace),
        "<up>" => plain(KeyCode::Up),
        "<down>" => plain(KeyCode::Down),
        "<left>" => plain(KeyCode::Left),
        "<right>" => plain(KeyCode::Right),
        "<home>" => plain(KeyCode::Home),
        "<space>" => plain(KeyCode::Char(' ')),
        "<end>" => plain(KeyCode::End),
        "<pgdn>" => plain(KeyCode::PageDown),
        "<pgup>" => plain(KeyCode::PageUp),
        _ => {
            let letter = name.strip_prefix('^').filter(|letter| !letter.is_empty());
            let modifiers = if letter.is_some() { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
            let mut chars = letter.unwrap_or(name).chars();
            let key = chars.next().unwrap_or_else(|| panic!("an empty key"));
            assert!(chars.next().is_none(), "{name} is no key");
            (KeyCode::Char(key), modifiers)
        }
    }
}

/// `fetch 610947572360 store_first`, `end_unsent`, `quit`.
pub(crate) fn effect_name(effect: &Effect) -> String {
    match effect {
        Effect::Fetch(order) => {
            let want = match order.want() {
                FetchPolicy::CacheOnly => "store_only",
                FetchPolicy::CacheFirst => "store_first",
                FetchPolicy::Refresh => "refresh",
                FetchPolicy::Override => "override",
                FetchPolicy::AtHost { place: 0, .. } => "at_first_host",
                FetchPolicy::AtHost { is_override: false, .. } => "at_next_host",
                FetchPolicy::AtHost { .. } => "override_at_next_host",
                FetchPolicy::InBatch { .. } => "in_batch",
                FetchPolicy::Trade(_) => "trade",
            };
            format!("fetch {} {want}", order.call().subject())
        }
        Effect::PlanBatch(request) if request.settings.retry_unknown => "plan_batch_retry_unknown".to_owned(),
        Effect::PlanBatch(_) => "plan_batch".to_owned(),
        Effect::RunBatch(order) => {
            format!("run_batch {} lines {} calls", order.lines().len(), order.max_calls())
        }
        Effect::CommandBatch(command) => format!("{command:?}_batch").to_lowercase(),
        Effect::EndUnsent(_) => "end_unsent".to_owned(),
        Effect::Close(_) => "close".to_owned(),
        Effect::Copy { text, .. } => format!("copy {}", text.as_str()),
        Effect::Store(query) => format!("store {}", query_name(query)),
        Effect::Filter(job) => {
            let program = job.program.as_ref();
            program.map_or_else(|| "make_ready".to_owned(), |program| format!("filter {program}"))
        }
        Effect::SetMouse(on) => format!("mouse {on}"),
        Effect::EndFilter => "end_filter".to_owned(),
        Effect::LoadPicture(order) => format!("load {}", order.url.as_str()),
        Effect::CalculatePrices(_) => "calculate_prices".to_owned(),
        Effect::OpenPage(url) => format!("open {url}"),
        Effect::Export(export) => {
            let content = content_name(&export.content);
            match &export.to {
                Target::File { path, overwrite } => {
                    let over = if *overwrite { " over" } else { "" };
                    format!("export {content} to {path}{over}")
                }
                Target::Clipboard => format!("export {content} to the clipboard"),
            }
        }
        Effect::Read(reader, Reading::Body(_)) => format!("read in {reader:?}"),
        Effect::Read(reader, Reading::JqResult(_, outputs)) => {
            format!("read {:?} in {reader:?}", outputs.pretty())
        }
        Effect::Suspend => "suspend".to_owned(),
        Effect::SetTheme(theme) => format!("set theme {}", theme.as_str()),
        Effect::Redraw => "redraw".to_owned(),
        Effect::Job(_) => "job".to_owned(),
        Effect::Quit => "quit".to_owned(),
        own => panic!("the app carries this out itself: {own:?}"),
    }
}

fn content_name(content: &Content) -> String {
    match content {
        Content::Exchanges { form, of, .. } => format!("{form:?} of {}", of.len()),
        Content::JqResult { outputs, unquoted: false } => format!("jq {:?}", outputs.lines()),
        Content::ShownSkus { places, bom, .. } => format!("{} SKUs, bom {bom}", places.len()),
        Content::JqResult { outputs, unquoted: true } => format!("jq {:?}", outputs.unquoted()),
    }
}

/// `opened`, `exchange 7`, `find 直销`.
fn query_name(query: &StoreRequest) -> String {
    match query {
        StoreRequest::Opened { .. } => "opened".to_owned(),
        StoreRequest::Rows(ids) => format!("{} rows", ids.len()),
        StoreRequest::Recent { before, .. } => format!("recent before {}", before.0),
        StoreRequest::Scan(_) => "scan".to_owned(),
        StoreRequest::After(id) => format!("after {}", id.0),
        StoreRequest::Exchange { id, .. } => format!("exchange {}", id.0),
        StoreRequest::Versions(item) => format!("versions {}", item.num_iid),
        StoreRequest::Difference { before, after } => format!("difference {} {}", before.0, after.0),
        StoreRequest::Find { words, .. } => format!("find {words}"),
        StoreRequest::Programs => "programs".to_owned(),
        StoreRequest::KeepProgram(program) => format!("keep {program}"),
        StoreRequest::FindInBodies { words, .. } => format!("find {words} in bodies"),
        StoreRequest::Items(_) => "items".to_owned(),
        StoreRequest::Doubt(call) => format!("doubt {}", call.subject()),
        StoreRequest::Newest(item) => format!("newest {}", item.num_iid),
        StoreRequest::Note { item, annotation } => {
            let star = if annotation.starred { "starred" } else { "unstarred" };
            format!("note {} {star} {}", item.num_iid, annotation.note).trim_end().to_owned()
        }
    }
}
