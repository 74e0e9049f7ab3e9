//! Paid answers that wait on this machine until their server can be reached.

use super::check::{Check, CheckKind};
use crate::ui::measure;
use obx_core::config::{Config, Environment, Paths};
use obx_core::i18n::Texts;
use obx_core::store::UnsentAnswers;

pub(super) fn checks(config: Option<&Config>, environment: &Environment, texts: Texts) -> Vec<Check> {
    // Without a configuration the mistake in it is among the checks already.
    let (Some(config), Some(folder)) = (config, Paths::new(environment).unsent()) else { return Vec::new() };
    let waiting = UnsentAnswers::find(&folder, &config.place);
    let mut checks: Vec<Check> = waiting.iter().flat_map(|unsent| of_server(unsent, texts)).collect();
    if config.place.is_shared() && !waiting.iter().any(|unsent| unsent.is_of_place) {
        checks.insert(0, Check::ok(CheckKind::Unsent, texts.doctor_unsent_none()));
    }
    checks
}

/// Warnings of what waits for one server.
fn of_server(unsent: &UnsentAnswers, texts: Texts) -> Vec<Check> {
    let UnsentAnswers { store, is_of_place, folder, count, size, oldest, unreadable } = unsent;
    let folder = folder.display();
    let mut checks = Vec::new();
    if *count > 0 {
        let size = measure::bytes(usize::try_from(*size).unwrap_or(usize::MAX));
        let oldest = oldest.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
        let (found, what_to_do) = if *is_of_place {
            (texts.doctor_unsent(count, size, oldest, folder), texts.doctor_hand_in())
        } else {
            (texts.doctor_unsent_other(count, size, oldest, &folder), texts.doctor_hand_in_other())
        };
        let check = Check::warning(CheckKind::Unsent, found, what_to_do);
        checks.push(match store {
            Some(store) => check.about(store),
            None => check,
        });
    }
    if *unreadable > 0 {
        let found = texts.doctor_unsent_unreadable(unreadable, unsent.folder.display());
        checks.push(Check::fault(CheckKind::Unsent, found, texts.doctor_keep_unsent()));
    }
    checks
}
