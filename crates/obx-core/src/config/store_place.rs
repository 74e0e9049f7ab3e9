//! Where the store is: a file, memory, or a database on a server, with the password for it.
//!
//! ```text
//!  --store, [store] path   a file, or postgres://USER@HOST:PORT/DATABASE?sslmode=…&sslrootcert=FILE&schema=NAME
//!  password                PGPASSWORD, [store] password_command, or the line of ~/.pgpass that fits
//! ```
//! A password in the address is refused: the command line is visible to every process of the machine.

use std::path::{Path, PathBuf};

use url::Url;

use super::environment::Environment;
use super::error::{ConfigError, SettingOrigin, ValueError};
use super::password_file;
use super::schema::FileSettings;
use super::{Access, Flags, Paths, Place, Retention, parse, secrets};
use crate::store::{PostgresPlace, StorePassword, TlsMode};

/// `[store]`
#[derive(Clone, Debug, Default)]
pub(super) struct StoreSettings {
    pub(super) path: Option<StoreLocation>,
    pub(super) retention: Retention,
    /// `asked_by`: the name of this person or machine in a store that is shared.
    pub(super) asked_by: Option<String>,
    pub(super) password_command: Option<StoreCommand>,
}

/// `password_command`. Without `Debug` of its text, which may hold a secret.
#[derive(Clone)]
pub(super) struct StoreCommand(pub(super) String);

impl std::fmt::Debug for StoreCommand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoreCommand")
    }
}

/// Where a flag or the config file puts the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum StoreLocation {
    File(PathBuf),
    Server(ServerAddress),
}

/// The address of a database. What it leaves out comes from the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServerAddress {
    /// Empty for this machine.
    host: String,
    port: Option<u16>,
    user: Option<String>,
    database: Option<String>,
    tls: Option<TlsMode>,
    root_certificates: Option<PathBuf>,
    schema: Option<String>,
}

/// What a text for the place of a store looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PlaceForm {
    Path,
    Address,
    /// An address with a slip in it. As a path it would be a new store, and what a team has would be paid for again.
    Slip,
}

impl PlaceForm {
    fn new(text: &str) -> Self {
        let text = text.trim_start();
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
        let (word, rest) = text.split_at(text.find(|c| !is_word(c)).unwrap_or(text.len()));
        let word = word.to_ascii_lowercase();
        let is_database = word.starts_with("postgre") || word.starts_with("pgsql");
        match word.as_str() {
            "postgres" | "postgresql" if rest.starts_with("://") => Self::Address,
            "" => Self::Path,
            _ if rest.starts_with(":/") => Self::Slip,
            _ if is_database && (rest.starts_with(':') || rest.starts_with("//")) => Self::Slip,
            _ => Self::Path,
        }
    }
}

impl StoreLocation {
    /// Parses `--store`: a path from where obx is started, or an address.
    pub(super) fn from_flag(path: &Path) -> Result<Self, ConfigError> {
        let invalid = |reason| ConfigError::Value { origin: SettingOrigin::Name("--store"), reason };
        Self::with_path(&path.to_string_lossy(), || Ok(path.to_owned())).map_err(invalid)
    }

    /// Parses `[store] path`: an absolute path, or an address.
    pub(super) fn parse(text: &str) -> Result<Self, ValueError> {
        Self::with_path(text, || parse::absolute_path(text))
    }

    fn with_path(text: &str, path: impl FnOnce() -> Result<PathBuf, ValueError>) -> Result<Self, ValueError> {
        match PlaceForm::new(text) {
            PlaceForm::Path => path().map(Self::File),
            PlaceForm::Address => ServerAddress::parse(text).map(Self::Server),
            PlaceForm::Slip => Err(ValueError::NoStorePlace),
        }
    }
}

impl ServerAddress {
    /// Errors never have the address, in which a password may be.
    fn parse(text: &str) -> Result<Self, ValueError> {
        if !cfg!(feature = "postgres") {
            return Err(ValueError::WithoutPostgres);
        }
        let url = Url::parse(text).map_err(|error| ValueError::NoServer(error.to_string()))?;
        if url.password().is_some() {
            return Err(ValueError::PasswordInAddress);
        }
        let decoded = |text: &str| {
            let bytes = percent_encoding::percent_decode_str(text);
            bytes.decode_utf8().map(String::from).map_err(|_| ValueError::NoServer("not UTF-8".to_owned()))
        };
        let given = |text: &str| (!text.is_empty()).then(|| decoded(text)).transpose();
        let host = decoded(url.host_str().unwrap_or_default())?;
        let mut address = Self {
            // An IPv6 address has brackets in a URL alone.
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port(),
            user: given(url.username())?,
            database: given(url.path().trim_start_matches('/'))?,
            ..Self::default()
        };
        for (name, value) in url.query_pairs() {
            match &*name {
                "host" | "schema" if value.is_empty() => {
                    return Err(ValueError::EmptyServerParameter(name.into_owned()));
                }
                "host" => address.host = value.into_owned(),
                "sslmode" => address.tls = Some(tls_mode(&value)?),
                "sslrootcert" => address.root_certificates = Some(parse::absolute_path(&value)?),
                "schema" => address.schema = Some(value.into_owned()),
                _ => return Err(ValueError::NoServerParameter(name.into_owned())),
            }
        }
        Ok(address)
    }

    /// The place, without its password.
    fn place(
        self,
        environment: &Environment,
        asked_by: Option<String>,
    ) -> Result<PostgresPlace, ConfigError> {
        let variable = |name| environment.text(name).map(str::to_owned);
        let this_user = || environment.user_name();
        let user = self.user.or_else(|| variable("PGUSER")).unwrap_or_else(this_user);
        let database = self.database.or_else(|| variable("PGDATABASE")).unwrap_or_else(|| user.clone());
        let host = if self.host.is_empty() { variable("PGHOST") } else { Some(self.host) };
        let mut place = PostgresPlace::new(host.unwrap_or_else(|| "localhost".to_owned()), database, user);
        let port = match self.port {
            Some(port) => Some(port),
            None => environment.text("PGPORT").map(port_of_variable).transpose()?,
        };
        place.port = port.unwrap_or(place.port);
        // Nobody listens between a process and a server of the same machine.
        let usual = if is_this_machine(&place) { TlsMode::Disable } else { TlsMode::VerifyFull };
        place.tls = self.tls.unwrap_or(usual);
        place.root_certificates = self.root_certificates;
        if let Some(schema) = self.schema {
            place.schema = schema;
        }
        place.asked_by = match asked_by {
            Some(name) => name,
            None => usual_person(environment)?,
        };
        place.spool_folder = Paths::new(environment).unsent();
        Ok(place)
    }
}

/// Who asks where the config file names nobody.
fn usual_person(environment: &Environment) -> Result<String, ConfigError> {
    let name = format!("{}@{}", environment.user_name(), environment.machine_name());
    let origin = SettingOrigin::Name("[store] asked_by");
    parse::person(&name).map_err(|reason| ConfigError::Value { origin, reason })
}

/// Parses `PGPORT`. Another server at the usual port would be a surprise.
fn port_of_variable(text: &str) -> Result<u16, ConfigError> {
    text.parse().map_err(|_| {
        let reason = ValueError::NoPort(text.to_owned());
        ConfigError::Value { origin: SettingOrigin::Name("PGPORT"), reason }
    })
}

fn is_this_machine(place: &PostgresPlace) -> bool {
    let is_loopback = place.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    place.is_socket() || is_loopback || place.host == "localhost"
}

fn tls_mode(text: &str) -> Result<TlsMode, ValueError> {
    match text {
        "disable" => Ok(TlsMode::Disable),
        "require" => Ok(TlsMode::Require),
        "verify-full" => Ok(TlsMode::VerifyFull),
        _ => Err(ValueError::NotOneOf { value: text.to_owned(), choices: "disable, require, verify-full" }),
    }
}

/// The place of the store: `--store`, the config file's, or the usual file.
pub(super) fn place(
    access: &Access,
    flags: &Flags,
    environment: &Environment,
    file: &FileSettings,
) -> Result<Place, ConfigError> {
    if matches!(access, Access::Demo) || flags.store.no_store {
        return Ok(Place::Memory);
    }
    let flag = flags.store.path.as_deref().map(StoreLocation::from_flag).transpose()?;
    let usual = || Paths::new(environment).store().map(StoreLocation::File);
    let settings = &file.store;
    match flag.or_else(|| settings.path.clone()).or_else(usual) {
        None => Err(ConfigError::NoStorePath),
        Some(StoreLocation::File(path)) => match Place::unfit(&path) {
            Some(kind) => Err(ConfigError::StoreNotAFile { path, kind }),
            None => Ok(Place::File { path, retention: settings.retention }),
        },
        Some(StoreLocation::Server(address)) => {
            let mut place = address.place(environment, settings.asked_by.clone())?;
            if !flags.store.without_password {
                place.password = password(&place, settings.password_command.as_ref(), environment)?;
            }
            Ok(Place::Postgres(Box::new(place)))
        }
    }
}

/// The password, where there is one: a server may ask for none.
fn password(
    place: &PostgresPlace,
    command: Option<&StoreCommand>,
    environment: &Environment,
) -> Result<Option<StorePassword>, ConfigError> {
    if let Some(password) = environment.text("PGPASSWORD") {
        return Ok(Some(StorePassword::new(password, "PGPASSWORD")));
    }
    if let Some(command) = command {
        return secrets::password_from_command(&command.0).map(Some);
    }
    let home = || environment.home().map(|home| home.join(".pgpass"));
    match environment.raw("PGPASSFILE").map(PathBuf::from).or_else(home) {
        Some(path) => password_file::find(&path, place),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "postgres")]
    fn environment(variables: &[(&'static str, &str)]) -> Environment {
        [("HOME", "/nonexistent"), ("USER", "ann")].iter().chain(variables).copied().collect()
    }

    #[cfg(feature = "postgres")]
    fn server(text: &str, variables: &[(&'static str, &str)]) -> PostgresPlace {
        ServerAddress::parse(text).unwrap().place(&environment(variables), None).unwrap()
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn a_port_that_is_none_is_refused_and_not_another_one_used() {
        let parsed = |text| ServerAddress::parse(text).unwrap();
        let variables = environment(&[("PGPORT", "abc")]);
        let error = parsed("postgres://db/t").place(&variables, None).unwrap_err().to_string();
        assert!(error.contains("PGPORT") && error.contains("abc"), "{error}");
        assert_eq!(parsed("postgres://db:6432/t").place(&variables, None).unwrap().port, 6432);
        assert_eq!(server("postgres://db/t", &[("PGPORT", "6433")]).port, 6433);
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn whoever_asks_is_named_by_user_and_machine_and_never_by_a_name_that_no_file_could_give() {
        let asked_by = |name, value| {
            let variables = environment(&[(name, value)]);
            let place = ServerAddress::parse("postgres://db/t").unwrap().place(&variables, None);
            place.map(|place| place.asked_by)
        };
        assert_eq!(asked_by("HOSTNAME", "shop").unwrap(), "ann@shop");
        for unfit in ["a\nb", " ", &"a".repeat(200)] {
            let error = asked_by("USER", unfit).unwrap_err().to_string();
            assert!(
                error.starts_with("[store] asked_by: it must be a name of 1 to 100 characters"),
                "{error}"
            );
        }
    }

    #[cfg(not(feature = "postgres"))]
    #[test]
    fn an_obx_without_the_engine_says_how_to_build_it() {
        let error = StoreLocation::parse("postgres://ann@db/team").unwrap_err();
        assert!(error.to_string().contains("--features postgres"), "{error}");
        assert!(StoreLocation::from_flag(Path::new("postgres://ann@db/team")).is_err());
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn what_an_address_leaves_out_comes_from_the_environment() {
        let place = server("postgres://db.example", &[]);
        assert_eq!(place.to_string(), "postgres://ann@db.example/ann");
        assert_eq!(place.tls, TlsMode::VerifyFull);
        assert!(place.asked_by.starts_with("ann@") && place.asked_by.len() > 4, "{}", place.asked_by);
        let place = server("postgresql://bo@db.example:6432/team?sslmode=require&schema=buyers", &[]);
        assert_eq!(place.to_string(), "postgres://bo@db.example:6432/team?schema=buyers");
        assert_eq!(place.tls, TlsMode::Require);
        let named =
            server("postgres:///", &[("PGHOST", "/run/postgresql"), ("PGUSER", "bo"), ("PGDATABASE", "t")]);
        assert_eq!(
            (named.host.as_str(), named.user.as_str(), named.database.as_str()),
            ("/run/postgresql", "bo", "t")
        );
        assert_eq!(server("postgres://%2Frun%2Fpg/t", &[]).host, "/run/pg");
        assert_eq!(server("postgres:///t?host=/run/pg", &[]).host, "/run/pg");
        let socket = "postgres://bo@localhost:5433/t?host=/run/pg&schema=buyers";
        assert_eq!(server(socket, &[]).to_string(), socket);
        for near in
            ["postgres://localhost/t", "postgres://[::1]/t", "postgres://127.0.0.2/t", "postgres://%2Frun/t"]
        {
            assert_eq!(server(near, &[]).tls, TlsMode::Disable, "{near}");
        }
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn an_address_is_known_in_capitals_and_with_a_slip_it_is_never_taken_for_a_path() {
        let flag = |text: &str| StoreLocation::from_flag(Path::new(text));
        for text in ["POSTGRES://ann@db/team", "PostgreSQL://ann@db/team"] {
            assert_eq!(flag(text).unwrap(), flag("postgres://ann@db/team").unwrap());
            assert_eq!(StoreLocation::parse(text).unwrap(), flag(text).unwrap());
        }
        for text in [
            "postgres:/x",
            "postgres//h/db",
            "postgresql:",
            "Postgres:h/db",
            "postgre://h/db",
            "psql:/h/db",
            "mysql://h/db",
            "sqlite:///x",
        ] {
            let error = flag(text).unwrap_err().to_string();
            assert!(
                error.starts_with("--store: ") && error.contains("postgres://USER@HOST/DATABASE"),
                "{error}"
            );
            assert_eq!(StoreLocation::parse(text).unwrap_err(), ValueError::NoStorePlace, "{text}");
        }
        for path in
            ["postgres", "postgres.db", "postgres/a.db", "./postgres:x", "data//a.db", "/a://b", "12:30.db"]
        {
            assert_eq!(flag(path).unwrap(), StoreLocation::File(path.into()));
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_is_refused_without_being_shown() {
        for text in [
            "postgres://ann:PLANTED@db/team",
            "postgres://ann@db:99999/PLANTED",
            "postgres://db/team?password=PLANTED",
            "postgres://db/team?sslmode=prefer",
        ] {
            let error = StoreLocation::parse(text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("PLANTED"), "{error:?}");
            assert!(StoreLocation::from_flag(Path::new(text)).is_err(), "{text}");
        }
        assert!(StoreLocation::from_flag(Path::new("postgres://db/t?schema=")).is_err());
        assert_eq!(StoreLocation::from_flag(Path::new("a.db")).unwrap(), StoreLocation::File("a.db".into()));
        assert!(StoreLocation::parse("a.db").is_err());
    }
}
