//! The settings in effect, and where each comes from. Nothing secret is among them: a credential has its origin alone.

use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::environment::Environment;
use super::error::ConfigError;
use super::merge::{Chosen, auth, choose, load};
use super::paths::ConfigFile;
use super::schema::{FileSettings, Secrets};
use super::screen::AmbiguousWidth;
use super::{Config, Flags, PictureMethod, file};
use crate::i18n::Language;
use onebound::Auth;

/// In place of what is secret.
const MASK: &str = "***";

/// A setting in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveSetting {
    /// As in the file: `money.cap`, `profiles.main.lang`.
    pub name: String,
    /// As it would be written, secrets masked; `None` if nothing is set, and nothing is done then.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: ValueOrigin,
}

/// Where the value of a setting comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueOrigin {
    /// This flag.
    Flag(&'static str),
    /// This variable.
    Variable(&'static str),
    /// This line of the config file, from 1.
    Line(usize),
    /// What holds where nothing is set.
    Default,
}

/// Returns the settings in effect. No `key_command` runs.
///
/// # Errors
/// As [`load`].
pub fn effective(flags: &Flags, environment: &Environment) -> Result<Vec<EffectiveSetting>, ConfigError> {
    let flags = flags.to_look_at();
    let config = load(&flags, environment)?;
    let place = ConfigFile::choose(flags.config.as_deref(), environment);
    let text = place.as_ref().and_then(|place| std::fs::read_to_string(&place.path).ok()).unwrap_or_default();
    let file = file::read(place)?;
    let root = DeTable::parse(&text).ok();
    let sources =
        Sources { flags: &flags, environment, text: &text, root: root.as_ref().map(Spanned::get_ref) };
    let chosen = choose(&file, &flags, environment)?;
    let auth = auth(&flags, environment, chosen.as_ref().and_then(|chosen| chosen.profile.auth))?;
    let mut all = sources.top(&config);
    all.extend(sources.profile(&config, chosen.as_ref(), auth));
    all.extend(sources.tables(&config, &file));
    Ok(all)
}

/// What settings are looked for in.
struct Sources<'a> {
    flags: &'a Flags,
    environment: &'a Environment,
    text: &'a str,
    root: Option<&'a DeTable<'a>>,
}

impl Sources<'_> {
    /// The settings above all tables.
    fn top(&self, config: &Config) -> Vec<EffectiveSetting> {
        let (flags, screen, display) = (self.flags, &config.screen, &config.display);
        let theme = screen.theme.map_or("none", super::ThemeName::as_str);
        let width = if screen.ambiguous_width == AmbiguousWidth::Two { 2 } else { 1 };
        let pictures = match display.pictures {
            PictureMethod::Blocks => "blocks",
            PictureMethod::Kitty => "kitty",
            PictureMethod::Iterm2 => "iterm2",
            PictureMethod::Off => "off",
        };
        let language = if config.language == Language::Zh { "zh-CN" } else { "en" };
        let no_color = flag("--no-color", flags.screen.no_color);
        let no_color = no_color.or_else(|| self.variable("NO_COLOR"));
        let ui_lang = self.given("--ui-lang", flags.ui_lang.is_some(), "OBX_UI_LANG");
        let profile = self.given("--profile", flags.profile.is_some(), "OBX_PROFILE");
        vec![
            self.setting("profile", Some(config.profile.clone()), profile),
            self.setting("ui_lang", Some(language.to_string()), ui_lang),
            self.setting("restore", Some(config.restore.to_string()), None),
            self.setting("theme", Some(theme.to_string()), no_color),
            self.setting("ascii", Some(screen.ascii.to_string()), flag("--ascii", flags.screen.ascii)),
            self.setting("lean", Some(screen.lean.to_string()), flag("--lean", flags.screen.lean)),
            self.setting("ambiguous_width", Some(width.to_string()), None),
            self.setting("pictures", Some(pictures.to_string()), None),
            self.setting("links", Some(if display.links { "on" } else { "off" }.to_owned()), None),
            self.setting("accessible", Some(display.accessible.to_string()), self.variable("ACCESSIBLE")),
            self.setting("mouse", Some(config.mouse.to_string()), None),
        ]
    }

    /// The account and its calls.
    fn profile(&self, config: &Config, chosen: Option<&Chosen>, auth: Auth) -> Vec<EffectiveSetting> {
        let (flags, call) = (self.flags, &config.call);
        let prefix = chosen.map(|chosen| format!("profiles.{}.", chosen.name)).unwrap_or_default();
        let row = |name: &str, value: Option<String>, given: Option<ValueOrigin>| {
            self.setting(&format!("{prefix}{name}"), value, given)
        };
        let own = self.environment.text("OBX_KEY").and(self.variable("OBX_KEY"));
        let mut all = match (own, chosen.map(|chosen| &chosen.profile.secrets)) {
            (Some(own), _) => vec![
                row("key", Some(MASK.to_owned()), Some(own)),
                row("secret", Some(MASK.to_owned()), self.variable("OBX_SECRET")),
            ],
            (None, Some(Secrets::Pair(_))) => {
                vec![row("key", Some(MASK.to_owned()), None), row("secret", Some(MASK.to_owned()), None)]
            }
            (None, Some(Secrets::Command(_))) => vec![row("key_command", Some(MASK.to_owned()), None)],
            (None, Some(Secrets::None) | None) => vec![row("key", None, None), row("secret", None, None)],
        };
        let hosts = config.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let auth = if auth == Auth::Sign { "sign" } else { "secret" };
        all.extend([
            row("auth", Some(auth.to_string()), self.given("--auth", flags.auth.is_some(), "OBX_AUTH")),
            row("hosts", Some(hosts), self.given("--host", !flags.hosts.is_empty(), "OBX_HOST")),
            row(
                "platform",
                Some(call.platform().to_string()),
                self.given("--platform", flags.platform.is_some(), "OBX_PLATFORM"),
            ),
            row("lang", call.lang.clone(), self.given("--lang", flags.lang.is_some(), "OBX_LANG")),
            row(
                "cache",
                call.cache.map(|cache| cache.as_str().to_owned()),
                flag("--cache", flags.cache.is_some()),
            ),
            row("api_version", call.version.clone(), flag("--api-version", flags.api_version.is_some())),
            row(
                "result_type",
                Some(call.result_type.to_string()),
                flag("--result-type", flags.result_type.is_some()),
            ),
            row("sales_data", Some(call.sales_data.to_string()), flag("--sales-data", flags.sales_data)),
            row("agent", Some(call.agent.to_string()), flag("--agent", flags.agent)),
        ]);
        all.extend(call.extra.iter().map(|(name, value)| {
            let is_flag = flags.params.iter().any(|text| text.split('=').next() == Some(name.as_str()));
            let value = if call.secret_names.covers(name) { MASK } else { value };
            row(&format!("params.{name}"), Some(value.to_string()), flag("--param", is_flag))
        }));
        all
    }

    /// The settings in tables of their own.
    fn tables(&self, config: &Config, file: &FileSettings) -> Vec<EffectiveSetting> {
        let (flags, limits, retention) = (&self.flags.store, &config.limits, &file.store.retention);
        let store = config.place.is_lasting().then(|| config.place.to_string());
        let asked_by = config.place.asked_by().map(str::to_owned);
        let command = file.store.password_command.as_ref().map(|_| MASK.to_owned());
        let store_flag = flag("--no-store", flags.no_store);
        let store_flag = store_flag.or_else(|| flag("--store", flags.path.is_some()));
        let row = |name: &str, value: Option<String>| self.setting(name, value, None);
        let count = |count: Option<u64>| count.map(|count| count.to_string());
        let mut all = vec![
            row("limits.connect_timeout", Some(duration(limits.connect_timeout))),
            row("limits.timeout", Some(duration(limits.timeout))),
            row("limits.max_body", Some(format!("{} B", limits.max_body))),
            row("freshness.item", Some(duration(config.freshness.item))),
            row("freshness.no_result", Some(duration(config.freshness.no_result))),
            self.setting("store.path", store, store_flag),
            row("store.asked_by", asked_by),
            row("store.password_command", command),
            row("store.keep", retention.keep.map(duration)),
            row("store.max_size", retention.max_size.map(|bytes| format!("{bytes} B"))),
            row("skus.columns", some(config.sku_columns.join(", "))),
            row("view.max_size", file.view_size.map(|bytes| format!("{bytes} B"))),
            self.setting("money.cap", count(config.guards.cap), flag("--cap", flags.cap.is_some())),
            self.setting(
                "money.reserve",
                count(config.guards.reserve),
                flag("--reserve", flags.reserve.is_some()),
            ),
            row("money.price_per_call", config.price_per_call.map(|price| price.to_string())),
        ];
        let price = &config.price;
        all.extend(
            price
                .variables
                .iter()
                .map(|(name, value)| row(&format!("price.vars.{name}"), Some(value.clone()))),
        );
        all.extend(
            price
                .formulas
                .iter()
                .map(|formula| row(&format!("price.columns.{}", formula.name), Some(formula.title.clone()))),
        );
        all.extend(config.keys.all.iter().map(|setting| {
            let scope = setting.scope.as_ref().map(|scope| format!("{}.", scope.name)).unwrap_or_default();
            let keys = setting.keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>().join(", ");
            row(&format!("keys.{scope}{}", setting.action.name), Some(keys))
        }));
        all
    }

    /// A setting whose value is from the flag or variable that is given, else from the file or the default.
    fn setting(&self, name: &str, value: Option<String>, given: Option<ValueOrigin>) -> EffectiveSetting {
        let in_file = || self.line(name).map(ValueOrigin::Line);
        let origin = given.or_else(in_file).unwrap_or(ValueOrigin::Default);
        EffectiveSetting { name: name.to_owned(), value, origin }
    }

    /// The flag or the variable, if one is given.
    fn given(&self, name: &'static str, is_flag: bool, variable: &'static str) -> Option<ValueOrigin> {
        flag(name, is_flag).or_else(|| self.variable(variable))
    }

    fn variable(&self, variable: &'static str) -> Option<ValueOrigin> {
        self.environment.text(variable).map(|_| ValueOrigin::Variable(variable))
    }

    /// The line of the file in which the setting of this name is.
    fn line(&self, name: &str) -> Option<usize> {
        let mut table = self.root?;
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            let (key, value) = table.get_key_value(part)?;
            if parts.peek().is_none() {
                return Some(self.text.get(..key.span().start)?.matches('\n').count() + 1);
            }
            let DeValue::Table(inner) = value.get_ref() else { return None };
            table = inner;
        }
        None
    }
}

fn flag(name: &'static str, is_given: bool) -> Option<ValueOrigin> {
    is_given.then_some(ValueOrigin::Flag(name))
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// In the largest unit that it is a whole number of, up to hours.
fn duration(length: Duration) -> String {
    let milliseconds = length.as_millis();
    let units = [(3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let unit = units.into_iter().find(|(unit, _)| milliseconds > 0 && milliseconds.is_multiple_of(*unit));
    let (unit, name) = unit.unwrap_or((1, "ms"));
    format!("{}{name}", milliseconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str, flags: Flags, variables: &[(&str, &str)]) -> Vec<EffectiveSetting> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&path, mode).unwrap();
        let environment = variables.iter().copied().chain([("HOME", "/home/u")]).collect();
        effective(&Flags { config: Some(path), ..flags }, &environment).unwrap()
    }

    fn one<'a>(all: &'a [EffectiveSetting], name: &str) -> (Option<&'a str>, ValueOrigin) {
        let setting = all.iter().find(|setting| setting.name == name).unwrap();
        (setting.value.as_deref(), setting.origin)
    }

    #[test]
    fn each_setting_says_which_source_won() {
        let text = "mouse = true\n[profiles.main]\nlang = 'ru'\nplatform = '1688global'\n[money]\ncap = 7\n\
                    [freshness]\nitem = '90m'\n[keys]\nrefetch = 'F'\n";
        let flags = Flags { lang: Some("en".to_owned()), ..Flags::default() };
        let all = settings(text, flags, &[("OBX_PLATFORM", "taobao")]);
        assert_eq!(one(&all, "profiles.main.lang"), (Some("en"), ValueOrigin::Flag("--lang")));
        assert_eq!(
            one(&all, "profiles.main.platform"),
            (Some("taobao"), ValueOrigin::Variable("OBX_PLATFORM"))
        );
        assert_eq!(one(&all, "money.cap"), (Some("7"), ValueOrigin::Line(6)));
        assert_eq!(one(&all, "freshness.item"), (Some("90m"), ValueOrigin::Line(8)));
        assert_eq!(one(&all, "freshness.no_result"), (Some("30m"), ValueOrigin::Default));
        assert_eq!(one(&all, "mouse"), (Some("true"), ValueOrigin::Line(1)));
        assert_eq!(one(&all, "keys.refetch"), (Some("F"), ValueOrigin::Line(10)));
        assert_eq!(one(&all, "money.reserve"), (None, ValueOrigin::Default));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let text = "[profiles.main]\nkey = 'PLANTED-K'\nsecret = 'PLANTED-S'\n[profiles.main.params]\n\
                    session = 'PLANTED-P'\narea_id = '440111'\n";
        for (text, variables) in [
            (text, &[][..]),
            (text, &[("OBX_KEY", "PLANTED-EK"), ("OBX_SECRET", "PLANTED-ES")][..]),
            ("[profiles.main]\nkey_command = 'echo PLANTED'\n", &[][..]),
        ] {
            let flags = Flags { params: vec!["token=PLANTED-F".to_owned()], ..Flags::default() };
            let all = settings(text, flags, variables);
            assert!(!format!("{all:?}").contains("PLANTED"), "{all:?}");
            assert_eq!(one(&all, "profiles.main.params.token"), (Some(MASK), ValueOrigin::Flag("--param")));
        }
        let all = settings(text, Flags::default(), &[]);
        assert_eq!(one(&all, "profiles.main.key"), (Some(MASK), ValueOrigin::Line(2)));
        assert_eq!(one(&all, "profiles.main.params.area_id"), (Some("440111"), ValueOrigin::Line(6)));
    }
}
