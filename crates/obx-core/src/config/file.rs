//! Opens the file and checks who else can read it. [`super::schema`] knows what it can set.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use toml::de::DeTable;

use super::diagnostics::{self, Diagnostics};
use super::error::{ConfigError, Mistake, Problem};
use super::file_mode::FileMode;
use super::parse;
use super::paths::ConfigFile;
use super::schema::{self, FileSettings};
use super::table_reader::TableReader;
use crate::i18n::Language;

/// No config file is larger; a device has no end.
const MAX_BYTES: u64 = 1_000_000;

/// What the file sets; nothing where there is none and none was named.
pub(super) fn read(place: Option<ConfigFile>) -> Result<FileSettings, ConfigError> {
    let Some(ConfigFile { path, named }) = place else { return Ok(FileSettings::default()) };
    match open(&path) {
        Ok((_, bytes)) if bytes.len() as u64 > MAX_BYTES => Err(ConfigError::TooLarge(path)),
        Ok((mode, bytes)) => match parse(&mode, &bytes) {
            Ok(mut file) => {
                file.keys.path = Some(path);
                Ok(file)
            }
            Err(problems) => Err(ConfigError::File { path, problems }),
        },
        Err(error) if !named && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(FileSettings::default())
        }
        Err(error) => Err(ConfigError::Unreadable { path, reason: Arc::new(error) }),
    }
}

/// The language that the file sets, whatever else is wrong with it; where it is not TOML, above the line of the mistake.
pub(super) fn ui_lang(place: Option<ConfigFile>) -> Option<Language> {
    let path = place?.path;
    // A FIFO was emptied by the first reading, and would be waited for without end.
    let (_, bytes) = fs::metadata(&path).ok()?.is_file().then(|| open(&path).ok())??;
    let text = std::str::from_utf8(&bytes).ok()?;
    let root = DeTable::parse(text).or_else(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let lines = before.rfind('\n').and_then(|end| before.get(..=end));
        DeTable::parse(lines.unwrap_or_default())
    });
    let root = root.ok()?;
    parse::ui_lang(root.get_ref().get("ui_lang")?.get_ref().as_str()?).ok()
}

/// The rights are read from the open file: another may be at its path by then.
fn open(path: &Path) -> io::Result<(FileMode, Vec<u8>)> {
    let file = File::open(path)?;
    let mode = FileMode::new(&file.metadata()?);
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok((mode, bytes))
}

fn parse(mode: &FileMode, bytes: &[u8]) -> Result<FileSettings, Vec<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.iter().take(error.valid_up_to());
        let line = valid.filter(|byte| **byte == b'\n').count() + 1;
        vec![Problem { line, column: None, mistake: Mistake::NotUtf8 }]
    })?;
    let root = DeTable::parse(text).map_err(|error| vec![diagnostics::syntax(text, &error)])?;
    let mut found = Diagnostics::new(text);
    let file = schema::file(TableReader::new(root.get_ref()), mode, &mut found);
    let problems = found.into_problems();
    if problems.is_empty() { Ok(file) } else { Err(problems) }
}
