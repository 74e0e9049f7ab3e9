//! The config file, its mistakes, and where credentials come from. No value of theirs is looked at.

use super::check::{Check, CheckKind};
use crate::cli::explore::keymap;
use obx_core::config::{CredentialsOrigin, InspectedFile, Inspection};
use obx_core::i18n::{Describe, Texts};

const WRITABLE_BY_OTHERS: u32 = 0o022;

pub(super) fn checks(inspection: &Inspection, texts: Texts) -> Vec<Check> {
    let mut checks = match &inspection.file {
        Some(file) => file_checks(file, texts),
        None => {
            vec![Check::warning(CheckKind::ConfigFile, texts.doctor_no_home(), texts.doctor_set_home())]
        }
    };
    checks.extend(settings(inspection, texts));
    checks.push(credentials(inspection, texts));
    checks
}

fn file_checks(file: &InspectedFile, texts: Texts) -> Vec<Check> {
    let path = file.path.display();
    let Some(mode) = file.mode else {
        return vec![Check::ok(CheckKind::ConfigFile, texts.doctor_not_there(path))];
    };
    let shown = format!("{mode:04o}");
    // Whether others may read it depends on whether it has a secret: then that is a mistake in it.
    let permissions = if mode & WRITABLE_BY_OTHERS == 0 {
        Check::ok(CheckKind::ConfigMode, shown)
    } else {
        let what_to_do = texts.doctor_chmod(&path);
        Check::warning(CheckKind::ConfigMode, texts.doctor_writable(shown), what_to_do)
    };
    vec![Check::ok(CheckKind::ConfigFile, path.to_string()), permissions]
}

/// A check for each mistake.
fn settings(inspection: &Inspection, texts: Texts) -> Vec<Check> {
    let kind = CheckKind::Settings;
    let of_keys = inspection.config.as_ref().and_then(|config| keymap(config).err());
    let mistakes = [
        inspection.mistakes.as_ref().map(|error| error.describe(texts)),
        of_keys.map(|failure| failure.describe(texts)),
    ];
    let mut checks: Vec<Check> = mistakes
        .iter()
        .flatten()
        .flat_map(|mistakes| mistakes.lines())
        .map(|mistake| Check::fault(kind, mistake, texts.doctor_correct()))
        .collect();
    let warnings = inspection.config.iter().flat_map(|config| &config.warnings);
    checks.extend(
        warnings.map(|warning| Check::warning(kind, warning.describe(texts), texts.doctor_correct())),
    );
    if checks.is_empty() {
        checks.push(Check::ok(kind, texts.doctor_no_mistakes()));
    }
    checks
}

fn credentials(inspection: &Inspection, texts: Texts) -> Check {
    let kind = CheckKind::Credentials;
    let quoted = |profile: &String| format!("{profile:?}");
    match &inspection.credentials {
        None => Check::unknown(kind, texts.doctor_credentials_unread()),
        Some(Err(error)) => Check::fault(kind, error.describe(texts), texts.doctor_set_credentials()),
        Some(Ok(CredentialsOrigin::None)) => {
            Check::warning(kind, texts.doctor_no_credentials(), texts.doctor_set_credentials())
        }
        Some(Ok(CredentialsOrigin::Environment)) => Check::ok(kind, texts.doctor_pair()),
        Some(Ok(CredentialsOrigin::File { profile })) => {
            Check::ok(kind, texts.doctor_in_file(quoted(profile)))
        }
        Some(Ok(CredentialsOrigin::Command { profile })) => {
            Check::ok(kind, texts.doctor_by_command(quoted(profile)))
        }
    }
}
