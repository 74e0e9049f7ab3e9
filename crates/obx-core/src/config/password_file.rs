//! `~/.pgpass`: passwords by server, as libpq reads them. A line is `HOST:PORT:DATABASE:USER:PASSWORD`; `*` stands for
//! anything, and a backslash for the character behind it. The first line that fits counts.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use super::error::ConfigError;
use crate::store::{PostgresPlace, StorePassword};

/// Finds the password for this server; `None` if there is no such file or no line fits.
///
/// # Errors
/// If the file can't be read, or others can read it.
pub(super) fn find(path: &Path, place: &PostgresPlace) -> Result<Option<StorePassword>, ConfigError> {
    let unreadable =
        |reason: io::Error| ConfigError::Unreadable { path: path.to_owned(), reason: Arc::new(reason) };
    let about = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        about => about.map_err(unreadable)?,
    };
    // As libpq passes over a file that is none, such as /dev/null.
    if !about.is_file() {
        return Ok(None);
    }
    if is_shared(&about.permissions()) {
        return Err(ConfigError::PasswordFileReadable(path.to_owned()));
    }
    let text = fs::read(path).map_err(unreadable)?;
    Ok(password(&String::from_utf8_lossy(&text), place)
        .map(|password| StorePassword::new(password, "~/.pgpass")))
}

fn is_shared(permissions: &Permissions) -> bool {
    permissions.mode() & 0o077 != 0
}

fn password(text: &str, place: &PostgresPlace) -> Option<String> {
    // libpq takes a Unix socket for this machine.
    let host = if place.is_socket() { "localhost" } else { &place.host };
    let wanted = [host, &place.port.to_string(), &place.database, &place.user];
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [rest @ .., password] = fields.as_slice() else { return None };
        let fits = |(field, wanted): (&String, &&str)| field == "*" || field == wanted;
        (rest.len() == wanted.len() && rest.iter().zip(&wanted).all(fits)).then(|| password.clone())
    })
}

/// The five fields of a line. The last one may have colons of its own.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut characters) = (vec![String::new()], line.chars());
    while let Some(character) = characters.next() {
        let is_end = character == ':' && fields.len() < FIELDS;
        let Some(field) = fields.last_mut() else { break };
        match character {
            _ if is_end => fields.push(String::new()),
            '\\' => field.extend(characters.next()),
            other => field.push(other),
        }
    }
    fields
}

const FIELDS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, host: &str) -> Option<String> {
        password(text, &PostgresPlace::new(host, "team", "ann"))
    }

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "# db:5432:team:ann:no\ndb:5433:team:ann:no\ndb:5432:*:ann:a\\:b\\\\c:d\n*:*:*:*:last\nshort:line\n";
        assert_eq!(found(text, "db").as_deref(), Some("a:b\\c:d"));
        assert_eq!(found(text, "other").as_deref(), Some("last"));
        assert_eq!(found("localhost:*:*:*:here\n", "/run/postgresql").as_deref(), Some("here"));
        assert_eq!(found("db:5432:team:bo:no\n", "db"), None);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        let place = PostgresPlace::new("db", "team", "ann");
        assert_eq!(find(&path, &place).unwrap(), None);
        fs::write(&path, "*:*:*:*:PLANTED\n").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        let error = find(&path, &place).unwrap_err();
        assert!(error.to_string().contains("chmod 600") && !error.to_string().contains("PLANTED"), "{error}");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(find(&path, &place).unwrap(), Some(StorePassword::new("PLANTED", "~/.pgpass")));
    }
}
