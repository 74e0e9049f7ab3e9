//! Opens the file and finds out who else may. What stands in it is [`super::schema`]'s.

use std::io::{self, ErrorKind, Read};
use std::path::Path;

use toml::de::DeTable;

use super::diagnostics::{self, Report};
use super::error::{ConfigError, Problem};
use super::file_mode::Guard;
use super::paths::ConfigFile;
use super::schema::{self, File};
use super::table_reader::Section;

/// No config file is larger; a device has no end. In bytes.
const LARGEST: u64 = 1_000_000;

/// What the file says; an empty one where there is none and none was named.
pub(super) fn read(place: Option<ConfigFile>) -> Result<File, ConfigError> {
    let Some(ConfigFile { path, named }) = place else { return Ok(File::default()) };
    match open(&path) {
        Ok((guard, bytes)) => parse(&guard, &bytes).map_err(|problems| ConfigError::File { path, problems }),
        Err(error) if !named && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(File::default())
        }
        Err(error) => Err(ConfigError::Unreadable { path, reason: error.to_string() }),
    }
}

/// The rights are those of the file that is read, not of what stands at the path a moment before.
fn open(path: &Path) -> io::Result<(Guard, Vec<u8>)> {
    let file = std::fs::File::open(path)?;
    let guard = Guard::of(path, &file.metadata()?);
    let mut bytes = Vec::new();
    let count = file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if count as u64 > LARGEST {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is too large for a config file"));
    }
    Ok((guard, bytes))
}

fn parse(guard: &Guard, bytes: &[u8]) -> Result<File, Vec<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.iter().take(error.valid_up_to());
        let line = valid.filter(|byte| **byte == b'\n').count() + 1;
        vec![Problem { line, column: None, text: "not UTF-8".to_owned() }]
    })?;
    let root = DeTable::parse(text).map_err(|error| vec![diagnostics::syntax(text, &error)])?;
    let mut report = Report::new(text);
    let file = schema::file(Section::new(root.get_ref()), guard, &mut report);
    let problems = report.into_problems();
    if problems.is_empty() { Ok(file) } else { Err(problems) }
}
