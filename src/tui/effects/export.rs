//! Writes an export: gets the exchanges from memory or from the store, creates the text on a blocking thread, and
//! writes it to a file or to the clipboard.
//!
//! A file gets the permissions of the user's umask, as with a shell's `>`, since the user chose its name and it
//! contains no secrets. An existing file is replaced only with the user's consent, and only after the new one is
//! complete.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::atomic_write::{self, Unwritten};
use super::clipboard;
use crate::message::{ClipboardText, Content, Done, Export, Taken, Target};
use crate::ui::measure;
use obx_core::export::{self, ExportText, NotExported};
use obx_core::i18n::Texts;
use obx_core::store::{Store, StoreError};
use onebound::Exchange;

use obx_core::session::Session;

pub(super) async fn write(session: Session, wanted: Export) -> Done {
    let texts = Texts::new(wanted.language);
    let write: Box<dyn FnOnce() -> Result<ExportText, NotExported> + Send> = match wanted.content {
        Content::Exchanges { form, extras, of } => match gather(session.store(), &of).await {
            Ok(exchanges) => Box::new(move || form.write_counted(&exchanges, &extras, texts)),
            Err(error) => return failed(&wanted.to, &error),
        },
        Content::ShownSkus { of, places, calculated, bom } => {
            Box::new(move || export::shown_skus(&of.0, &places, &calculated, bom).map(ExportText::from))
        }
        Content::JqResult { outputs, unquoted: true } => Box::new(move || Ok(outputs.unquoted().into())),
        Content::JqResult { outputs, unquoted: false } => Box::new(move || Ok(outputs.lines().into())),
    };
    let written = tokio::task::spawn_blocking(move || {
        let ExportText { text, quoted } = match write() {
            Ok(written) => written,
            Err(nothing) => return Done::NothingToExport(nothing),
        };
        match wanted.to {
            Target::Clipboard => {
                let label = match quoted {
                    0 => texts.copied_export().to_owned(),
                    count => texts.copied_export_quoted(count),
                };
                clipboard::put(label, &ClipboardText::new(&text))
            }
            Target::File { path, overwrite } => match to_file(&path, &text, overwrite) {
                Done::Exported { path, size, .. } => Done::Exported { path, size, quoted },
                failed => failed,
            },
        }
    });
    written.await.unwrap_or_else(|error| Done::CopyFailed(error.to_string()))
}

async fn gather(store: &dyn Store, of: &[Taken]) -> Result<Vec<Arc<Exchange>>, StoreError> {
    let mut exchanges = Vec::with_capacity(of.len());
    for taken in of {
        exchanges.push(match taken {
            Taken::Held(held) => Arc::clone(&held.0),
            Taken::Stored(id) => store.open(*id).await?,
        });
    }
    Ok(exchanges)
}

fn failed(to: &Target, why: &dyn ToString) -> Done {
    match to {
        Target::Clipboard => Done::CopyFailed(why.to_string()),
        Target::File { path, .. } => Done::ExportFailed { path: path.clone(), why: why.to_string() },
    }
}

fn to_file(typed: &str, text: &str, overwrite: bool) -> Done {
    let path = absolute_path(typed);
    let put = if overwrite { atomic_write::overwrite } else { atomic_write::make };
    let named = path.display().to_string();
    match put(&path, text) {
        Ok(()) => Done::Exported { path: named, size: measure::bytes(text.len()), quoted: 0 },
        Err(Unwritten::Untouched(_)) if path.is_dir() => {
            Done::ExportFailed { path: named, why: io::Error::from(io::ErrorKind::IsADirectory).to_string() }
        }
        Err(Unwritten::Untouched(error)) if error.kind() == io::ErrorKind::AlreadyExists => {
            Done::ExportExists(typed.to_owned())
        }
        Err(Unwritten::Untouched(error)) => Done::ExportFailed { path: named, why: error.to_string() },
        Err(Unwritten::InPart(error)) => Done::ExportInPart { path: named, why: error.to_string() },
    }
}

/// The absolute path: relative to the working directory, or to HOME after `~/`.
pub(super) fn absolute_path(typed: &str) -> PathBuf {
    let home = typed.strip_prefix("~/").zip(std::env::var_os("HOME"));
    let path = home.map_or_else(|| PathBuf::from(typed), |(rest, home)| PathBuf::from(home).join(rest));
    std::path::absolute(&path).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_that_exists_is_overwritten_only_when_that_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let typed = path.to_str().unwrap();
        assert!(matches!(to_file(typed, "one", false), Done::Exported { size, .. } if size == "3 B"));
        assert!(matches!(to_file(typed, "two", false), Done::ExportExists(_)));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        assert!(matches!(to_file(typed, "2", true), Done::Exported { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), "2");
        let done = to_file(folder.path().to_str().unwrap(), "x", false);
        assert!(matches!(done, Done::ExportFailed { why, .. } if why == "is a directory"));
        let nowhere = folder.path().join("none/a.json");
        let done = to_file(nowhere.to_str().unwrap(), "x", false);
        assert!(matches!(done, Done::ExportFailed { path, .. } if path.ends_with("none/a.json")));
    }
}
