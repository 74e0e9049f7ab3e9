//! The configuration from outside: files, variables and flags in, a configuration or an error out.

mod accounts;
mod mistakes;
mod price;
mod screen;
mod storage;
#[cfg(feature = "postgres")]
mod store_server;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::i18n::{Describe, Texts};
use onebound::{Auth, ResultType, VendorCache};

const EXAMPLE: &str = include_str!("../../../../assets/config.example.toml");

/// Key and secret of every test; no error and no `Debug` may have it in it.
const PLANTED: &str = "PLANTED";

/// A file in a directory of its own, its owner's alone.
struct ConfigText {
    directory: TempDir,
    path: PathBuf,
}

fn written(text: impl AsRef<[u8]>) -> ConfigText {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("config.toml");
    fs::write(&path, text).unwrap();
    let written = ConfigText { directory, path };
    written.mode(0o600);
    written
}

impl ConfigText {
    #[cfg(unix)]
    fn mode(&self, mode: u32) {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&self.path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[cfg(not(unix))]
    fn mode(&self, _: u32) {}

    fn load_with(&self, flags: Flags, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        load_with(&Flags { config: Some(self.path.clone()), ..flags }, variables)
    }

    fn load(&self) -> Result<Config, ConfigError> {
        self.load_with(Flags::default(), &[])
    }

    /// The error without the path before each line.
    fn error(&self) -> String {
        let error = self.load().unwrap_err();
        discreet(&error);
        error.to_string().replace(&format!("{:?}: ", self.path.to_string_lossy()), "")
    }
}

fn load_with(flags: &Flags, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    // Whoever has an account has a home; a variable given here ranks before it.
    let home = [("HOME", "/home/u")];
    let loaded = load(flags, &home.iter().chain(variables).copied().collect());
    match &loaded {
        Ok(config) => assert!(!format!("{config:?}").contains(PLANTED)),
        Err(error) => discreet(error),
    }
    loaded
}

fn with(store: StoreFlags) -> Flags {
    Flags { store, ..Flags::default() }
}

fn discreet(error: &ConfigError) {
    let (message, debug) = (error.to_string(), format!("{error:?}"));
    assert!(!message.contains(PLANTED) && !debug.contains(PLANTED), "{debug}");
    assert!(!message.chars().any(|c| c.is_control() && c != '\n'), "{debug}");
}

fn error_of(flags: &Flags, variables: &[(&str, &str)]) -> String {
    load_with(flags, variables).unwrap_err().to_string()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn names(config: &Config) -> Vec<String> {
    config.hosts.iter().map(Host::name).collect()
}

/// Which of several accounts it is; they differ in their keys.
fn is_account(config: &Config, key: &str) -> bool {
    matches!(&config.access, Access::Account(credentials) if credentials.mask(key) != key)
}

const PAIR: [(&str, &str); 2] = [("OBX_KEY", "PLANTED-ENV"), ("OBX_SECRET", "PLANTED-SECRET")];

const FULL: &str = r#"
profile = "main"
ui_lang = "zh-CN"
[profiles.main]
key = "PLANTED-FILE"
secret = "PLANTED-SECRET"
hosts = ["https://file-1.test", "https://file-2.test"]
platform = "file"
lang = "en"
cache = "yes"
api_version = "1"
result_type = "xml"
params = { zone = "file", area_id = "file" }
[profiles.other]
lang = "ru"
[limits]
connect_timeout = "250ms"
timeout = "2m"
max_body = "3MB"
[freshness]
item = "7d"
no_result = "1h"
"#;

#[test]
fn without_anything_it_is_demo_with_the_defaults() {
    let config = load_with(&Flags::default(), &[]).unwrap();
    assert!(matches!(config.access, Access::Demo));
    assert_eq!((config.profile.as_str(), config.hosts.as_slice()), ("demo", [].as_slice()));
    assert_eq!(config.call, CallSettings::default());
    assert_eq!((config.limits, config.freshness), (Limits::default(), Freshness::default()));
    assert_eq!((config.language, config.warnings.len()), (Language::En, 0));
}

#[test]
fn the_pair_of_the_environment_is_an_account_at_the_gateway() {
    let config = load_with(&Flags::default(), &PAIR).unwrap();
    assert!(is_account(&config, "PLANTED-ENV"));
    assert_eq!((config.profile.as_str(), config.hosts), ("default", vec![Host::default()]));
}

#[test]
fn the_file_ranks_before_the_defaults() {
    let config = written(FULL).load().unwrap();
    assert!(is_account(&config, "PLANTED-FILE"));
    assert_eq!((config.profile.as_str(), config.language), ("main", Language::Zh));
    assert_eq!(names(&config), ["file-1.test", "file-2.test"]);
    let call = &config.call;
    assert_eq!(
        (call.platform(), call.lang.as_deref(), call.cache),
        ("file", Some("en"), Some(VendorCache::Yes))
    );
    assert_eq!((call.version.as_deref(), call.sales_data, call.agent), (Some("1"), false, false));
    assert_eq!(call.result_type, ResultType::Xml);
    let extra = [("zone", "file"), ("area_id", "file")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(call.extra, extra, "in the order of the file");
    assert_eq!(config.limits.connect_timeout, Duration::from_millis(250));
    assert_eq!((config.limits.timeout, config.limits.max_body), (Duration::from_secs(120), 3_000_000));
    assert_eq!(config.freshness.item, Duration::from_secs(7 * 86400));
    assert_eq!(config.freshness.no_result, Duration::from_secs(3600));
}

#[test]
fn the_environment_ranks_before_the_file() {
    let variables = [
        PAIR[0],
        PAIR[1],
        ("OBX_HOST", "https://env-1.test,\n https://env-2.test https://env-1.test,"),
        ("OBX_PLATFORM", "env"),
        ("OBX_LANG", "ja"),
        ("OBX_UI_LANG", "en"),
    ];
    let config = written(FULL).load_with(Flags::default(), &variables).unwrap();
    assert!(is_account(&config, "PLANTED-ENV") && !is_account(&config, "PLANTED-FILE"));
    assert_eq!(names(&config), ["env-1.test", "env-2.test"], "each once");
    assert_eq!((config.call.platform(), config.call.lang.as_deref()), ("env", Some("ja")));
    assert_eq!(config.language, Language::En);
    let other = written(FULL).load_with(Flags::default(), &[("OBX_PROFILE", "other")]).unwrap();
    assert_eq!((other.profile.as_str(), other.call.lang.as_deref()), ("other", Some("ru")));
}

#[test]
fn flags_rank_before_the_environment() {
    let variables = [
        ("OBX_HOST", "https://env.test"),
        ("OBX_PLATFORM", "env"),
        ("OBX_LANG", "ja"),
        ("OBX_UI_LANG", "zh"),
        ("OBX_PROFILE", "other"),
        ("OBX_CONFIG", "/does/not/exist"),
    ];
    let flags = Flags {
        credentials: CredentialsUse::OrDemo,
        config: None,
        profile: Some("main".into()),
        hosts: texts(&["https://flag.test"]),
        auth: None,
        platform: Some("flag".into()),
        lang: Some("cn".into()),
        cache: Some("no".into()),
        api_version: Some(String::new()),
        result_type: Some("var_export".into()),
        sales_data: true,
        agent: true,
        params: texts(&["area_id=a=b", "new=", "new=2"]),
        ui_lang: Some("en".into()),
        no_restore: false,
        screen: ScreenFlags::default(),
        store: StoreFlags::default(),
    };
    let config = written(FULL).load_with(flags, &variables).unwrap();
    assert_eq!((config.profile.as_str(), config.language), ("main", Language::En));
    assert_eq!(names(&config), ["flag.test"]);
    let call = &config.call;
    assert_eq!(
        (call.platform(), call.lang.as_deref(), call.cache),
        ("flag", Some("cn"), Some(VendorCache::No))
    );
    assert_eq!((call.version.as_deref(), call.sales_data, call.agent), (None, true, true));
    assert_eq!(call.result_type, ResultType::VarExport);
    let extra =
        [("zone", "file"), ("area_id", "a=b"), ("new", "2")].map(|(n, v)| (n.to_owned(), v.to_owned()));
    assert_eq!(call.extra, extra);
}

#[test]
fn auth_is_ranked_like_all_else() {
    let file = written("[profiles.main]\nauth = \"sign\"\n");
    let auth = |flag: Option<&str>, variables: &[(&str, &str)]| {
        let flags = Flags { auth: flag.map(str::to_owned), ..Flags::default() };
        match file.load_with(flags, &[variables, &PAIR].concat())?.access {
            Access::Account(credentials) => Ok::<_, ConfigError>(credentials.auth()),
            Access::Demo | Access::None => panic!("there is a pair"),
        }
    };
    assert_eq!(auth(None, &[]).unwrap(), Auth::Sign);
    assert_eq!(auth(None, &[("OBX_AUTH", "secret")]).unwrap(), Auth::Secret);
    assert_eq!(auth(Some("sign"), &[("OBX_AUTH", "secret")]).unwrap(), Auth::Sign);
    let message = auth(Some("md5"), &[]).unwrap_err().to_string();
    assert_eq!(message, "--auth: \"md5\" is not one of secret, sign");
}

#[test]
fn the_last_screen_is_restored_unless_the_file_or_a_flag_says_no() {
    let restores = |text: &str, no_restore: bool| {
        let flags = Flags { no_restore, ..Flags::default() };
        written(text).load_with(flags, &[]).unwrap().restore
    };
    assert!(restores("", false) && restores("restore = true\n", false));
    assert!(!restores("restore = false\n", false) && !restores("restore = true\n", true));
}

#[test]
fn an_empty_variable_counts_as_not_set() {
    let empty = ["OBX_KEY", "OBX_SECRET", "OBX_HOST", "OBX_PROFILE", "OBX_CONFIG", "OBX_LANG", "OBX_UI_LANG"];
    let variables = empty.map(|name| (name, ""));
    assert!(matches!(load_with(&Flags::default(), &variables).unwrap().access, Access::Demo));
}

#[test]
fn a_profile_that_is_not_named_is_the_default_or_the_only_one() {
    let profile = |text: &str| written(text).load().map(|config| (config.profile, config.warnings.len()));
    assert_eq!(profile("[profiles.a]\n[profiles.default]\n").unwrap(), ("default".to_owned(), 0));
    assert_eq!(profile("[profiles.a]\n").unwrap(), ("a".to_owned(), 0));
    assert_eq!(profile("profile = 'b'\n[profiles.a]\n[profiles.b]\n").unwrap(), ("b".to_owned(), 1));
    let message = profile("[profiles.a]\n[profiles.\"b\\u001B\"]\n").unwrap_err().to_string();
    assert!(message.ends_with("there are \"a\", \"b\\u{1b}\""), "{message}");
}

#[test]
fn an_unknown_profile_is_an_error_that_lists_the_known_ones() {
    let flags = || Flags { profile: Some("x\u{1b}".into()), ..Flags::default() };
    let message = written("[profiles.a]\n[profiles.b]\n").load_with(flags(), &[]).unwrap_err().to_string();
    assert_eq!(message, "--profile: there is no profile \"x\\u{1b}\"; there are \"a\", \"b\"");
    assert_eq!(error_of(&flags(), &[]), "--profile: there is no profile \"x\\u{1b}\"; no file defines any");
    let message = written("profile = 'c'\n[profiles.a]\n").error();
    assert_eq!(message, "`profile` in the config file: there is no profile \"c\"; there are \"a\"");
}

#[test]
fn the_example_sets_nothing_as_it_is() {
    let config = written(EXAMPLE).load().unwrap();
    assert!(matches!(config.access, Access::Demo));
    assert_eq!((config.profile.as_str(), config.warnings.len()), ("main", 0));
    assert_eq!((config.call, config.hosts), (CallSettings::default(), Vec::new()));
    assert_eq!((config.limits, config.freshness), (Limits::default(), Freshness::default()));
}

/// A `#` with a blank after it begins a comment; without one, a setting.
#[test]
fn the_example_loads_with_all_its_settings_and_those_are_the_defaults_it_says() {
    let setting = |line: &str| match line.strip_prefix('#') {
        Some(setting) if !setting.is_empty() && !setting.starts_with(' ') => format!("{setting}\n"),
        _ => format!("{line}\n"),
    };
    let all: String = EXAMPLE.lines().map(setting).collect();
    let all = all.replace("the key", "the-key").replace("the secret", "the-secret");
    let config = written(all).load().unwrap();
    assert!(is_account(&config, "the-key"));
    assert_eq!((config.call.platform(), config.hosts.len(), config.language), ("1688", 2, Language::Zh));
    assert_eq!((config.limits, config.freshness), (Limits::default(), Freshness::default()));
    assert_eq!(config.guards, Guards { cap: Some(200), reserve: Some(20) });
    assert!(config.place.path().is_some_and(|path| path.ends_with("obx/store.sqlite")));
}

#[test]
fn a_command_that_calls_is_refused_without_credentials_unless_the_demo_is_asked_for() {
    let access = |credentials, variables: &[(&str, &str)]| {
        load_with(&Flags { credentials, ..Flags::default() }, variables).map(|config| config.access)
    };
    let refused = access(CredentialsUse::Required, &[]).unwrap_err();
    assert!(
        matches!(refused, ConfigError::NoCredentials) && refused.to_string().contains("--demo"),
        "{refused}"
    );
    assert!(matches!(access(CredentialsUse::Required, &PAIR).unwrap(), Access::Account(_)));
    assert!(matches!(access(CredentialsUse::Demo, &PAIR).unwrap(), Access::Demo));
}

#[test]
fn a_command_that_reads_the_store_asks_for_no_credentials_and_keeps_its_gateway() {
    let flags = Flags { credentials: CredentialsUse::Unused, ..Flags::default() };
    // A half pair is a mistake for whoever calls, and says nothing here.
    let half = [("OBX_KEY", "key")];
    let config = load_with(&flags, &half).unwrap();
    assert!(matches!(config.access, Access::None) && config.place.path().is_some());
    assert_eq!(names(&config), ["api-gw.onebound.cn"]);
    let flags = Flags { hosts: texts(&["http://127.0.0.1:1"]), ..flags };
    assert_eq!(names(&load_with(&flags, &half).unwrap()), ["127.0.0.1:1"]);
}
