//! Opens the file and finds out who else may. What stands in it is [`super::schema`]'s.

use std::fs::Metadata;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use toml::de::DeTable;

use super::error::{ConfigError, Problem, shown};
use super::paths::ConfigFile;
use super::report::{self, Report};
use super::schema::{self, File};
use super::section::Section;

/// Who may do what to the file, and how to change that.
pub(super) struct Guard {
    /// Group and others have no rights at all.
    pub(super) private: bool,
    /// Others may write it.
    pub(super) writable_by_all: bool,
    /// The command that makes it private.
    pub(super) remedy: String,
}

#[cfg(unix)]
const RIGHTS_OF_GROUP_AND_OTHERS: u32 = 0o077;
#[cfg(unix)]
const WRITABLE_BY_OTHERS: u32 = 0o002;

impl Guard {
    #[cfg(unix)]
    fn of(path: &Path, metadata: &Metadata) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode();
        Self {
            private: mode & RIGHTS_OF_GROUP_AND_OTHERS == 0,
            writable_by_all: mode & WRITABLE_BY_OTHERS != 0,
            remedy: format!("chmod 600 {}", shown(path)),
        }
    }

    /// Where there are no modes, the system's own rights have to do.
    #[cfg(not(unix))]
    fn of(path: &Path, _: &Metadata) -> Self {
        Self { private: true, writable_by_all: false, remedy: shown(path) }
    }
}

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
    let mut file = std::fs::File::open(path)?;
    let guard = Guard::of(path, &file.metadata()?);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok((guard, bytes))
}

fn parse(guard: &Guard, bytes: &[u8]) -> Result<File, Vec<Problem>> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.iter().take(error.valid_up_to());
        let line = valid.filter(|byte| **byte == b'\n').count() + 1;
        vec![Problem { line, column: None, text: "not UTF-8".to_owned() }]
    })?;
    let root = DeTable::parse(text).map_err(|error| vec![report::syntax(text, &error)])?;
    let mut report = Report::new(text);
    let file = schema::file(Section::new(root.get_ref()), guard, &mut report);
    let problems = report.into_problems();
    if problems.is_empty() { Ok(file) } else { Err(problems) }
}
