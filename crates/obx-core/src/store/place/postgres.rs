//! A database on a `PostgreSQL` server.

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

/// A database on a `PostgreSQL` server, and who uses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresPlace {
    /// A name, an address, or the folder of a Unix socket.
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    pub password: Option<StorePassword>,
    pub tls: TlsMode,
    /// Certificates to trust in place of the system's.
    pub root_certificates: Option<PathBuf>,
    /// The schema that holds the tables.
    pub schema: String,
    /// Who asks: this name is in each row that this session writes, and its stars, notes and programs belong to it.
    pub asked_by: String,
    /// Where answers wait that can't be sent to the server; without it they wait in memory alone.
    pub spool_folder: Option<PathBuf>,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsMode {
    /// Not at all.
    Disable,
    /// By TLS, whoever the server is.
    Require,
    /// By TLS, and the server's certificate must be valid for its name.
    #[default]
    VerifyFull,
}

/// A password, which no output shows.
#[derive(Clone)]
pub struct StorePassword {
    secret: SecretString,
    origin: &'static str,
}

impl PostgresPlace {
    /// The port of `PostgreSQL`.
    pub const PORT: u16 = 5432;
    /// The schema if none is named.
    pub const SCHEMA: &str = "obx";

    /// Creates a place with the usual port and schema, without a password.
    pub fn new(host: impl Into<String>, database: impl Into<String>, user: impl Into<String>) -> Self {
        let user = user.into();
        Self {
            host: host.into(),
            port: Self::PORT,
            database: database.into(),
            asked_by: user.clone(),
            user,
            password: None,
            tls: TlsMode::default(),
            root_certificates: None,
            schema: Self::SCHEMA.to_owned(),
            spool_folder: None,
        }
    }

    /// Returns true if the server is reached by a Unix socket, which needs no TLS.
    pub fn is_socket(&self) -> bool {
        self.host.starts_with('/')
    }
}

/// The address without its password, as `--store` takes it.
impl fmt::Display for PostgresPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, database, user, schema, .. } = self;
        let (host, folder) = match () {
            () if self.is_socket() => ("localhost".to_owned(), Some(host)),
            () if host.contains(':') => (format!("[{host}]"), None),
            () => (host.clone(), None),
        };
        write!(f, "postgres://{user}@{host}")?;
        if *port != Self::PORT {
            write!(f, ":{port}")?;
        }
        write!(f, "/{database}")?;
        let schema = Some(schema).filter(|schema| *schema != Self::SCHEMA);
        let parameters = [("host", folder), ("schema", schema)];
        let given = parameters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        for ((name, value), sign) in given.zip(["?", "&"]) {
            write!(f, "{sign}{name}={value}")?;
        }
        Ok(())
    }
}

impl StorePassword {
    /// Wraps a password, so that no output shows it. `origin` names where it comes from, for a message if it is wrong.
    pub fn new(password: impl Into<String>, origin: &'static str) -> Self {
        Self { secret: SecretString::from(password.into()), origin }
    }

    /// Returns where it comes from.
    pub fn origin(&self) -> &'static str {
        self.origin
    }

    /// Returns the password in clear, for the server alone.
    pub fn expose(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for StorePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorePassword")
    }
}

impl PartialEq for StorePassword {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for StorePassword {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_output_has_the_password() {
        let mut place = PostgresPlace::new("db.example", "team", "ann");
        place.password = Some(StorePassword::new("s3cret", "PGPASSWORD"));
        assert_eq!(place.to_string(), "postgres://ann@db.example/team");
        assert!(!format!("{place:?}").contains("s3cret"));
        (place.host, place.port, place.schema) = ("::1".to_owned(), 5433, "other".to_owned());
        assert_eq!(place.to_string(), "postgres://ann@[::1]:5433/team?schema=other");
        place.host = "/run/postgresql".to_owned();
        assert_eq!(place.to_string(), "postgres://ann@localhost:5433/team?host=/run/postgresql&schema=other");
    }
}
