//! Where the other files are.

use std::path::PathBuf;

use super::check::{Check, CheckKind};
use crate::cli::explore::view_file;
use obx_core::config::{Config, Environment, Paths};
use obx_core::i18n::Texts;

pub(super) fn checks(config: Option<&Config>, environment: &Environment, texts: Texts) -> Vec<Check> {
    let paths = Paths::new(environment);
    let log = match paths.log() {
        Some(path) if environment.log_level().is_none() => {
            Check::ok(CheckKind::Log, texts.doctor_log_off(path.display()))
        }
        path => place(CheckKind::Log, path, texts),
    };
    let pictures = config.and_then(|config| config.picture_folder.clone());
    vec![log, view(config, texts), place(CheckKind::Pictures, pictures, texts)]
}

fn place(kind: CheckKind, path: Option<PathBuf>, texts: Texts) -> Check {
    match path {
        Some(path) if path.exists() => Check::ok(kind, path.display().to_string()),
        Some(path) => Check::ok(kind, texts.doctor_not_there(path.display())),
        None => Check::ok(kind, texts.doctor_nothing_kept()),
    }
}

/// The screen of the last session.
fn view(config: Option<&Config>, texts: Texts) -> Check {
    let Some(file) = config.and_then(view_file) else {
        return Check::ok(CheckKind::View, texts.doctor_nothing_kept());
    };
    match file.load() {
        Ok(_) => place(CheckKind::View, Some(file.path().to_owned()), texts),
        Err(unusable) => Check::warning(CheckKind::View, unusable.message(texts), texts.doctor_replaced())
            .about(&file.path().display()),
    }
}
