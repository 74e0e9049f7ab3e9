//! `obx config`: the config file. `template` prints one with every setting and every action, each with its default, as
//! comments.

mod edit;
mod show;

use std::fmt::Write as _;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs};
use super::{ExitCode, texts};
use crate::message::{Action, KeyScope};
use obx_core::config::Environment;
use obx_core::i18n::{Texts, YUAN};

/// The settings but for the keys.
const SETTINGS: &str = include_str!("../../assets/config.example.toml");

#[derive(clap::Args, Debug)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(clap::Args, Debug)]
struct PrintArgs {
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Args, Debug)]
struct CheckArgs {
    #[arg(long)]
    json: bool,
}

#[derive(clap::Subcommand, Debug)]
enum ConfigCommand {
    Path(PrintArgs),
    Show(PrintArgs),
    Edit,
    Check(CheckArgs),
    Template,
}

pub(super) fn run(
    args: &ConfigArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let texts = texts(environment);
    match &args.command {
        ConfigCommand::Path(args) => show::path(&args.output, global, environment, texts),
        ConfigCommand::Show(args) => show::show(&args.output, global, environment, texts),
        ConfigCommand::Edit => edit::edit(global, environment, texts),
        ConfigCommand::Check(args) => edit::check(args.json || global.quiet, global, environment, texts),
        ConfigCommand::Template => {
            let mut out = Output::new(&OutputArgs::default())?;
            out.bytes(template(texts).as_bytes())?;
            out.flush()?;
            Ok(ExitCode::Ok)
        }
    }
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    show::tables().into()
}

fn template(texts: Texts) -> String {
    format!("{}\n{}", SETTINGS.trim_end(), keys(texts))
}

/// `[keys]` with the default keys of all actions, and a table for each scope in which an action has further keys.
fn keys(texts: Texts) -> String {
    let mut text = String::from("\n");
    for line in texts.template_keys().lines() {
        let _ = writeln!(text, "# {line}"); // writing to a String can't fail, here and below
    }
    let _ = writeln!(text, "[keys]");
    for action in Action::all() {
        binding(&mut text, action, action.main_scope(), texts);
    }
    for name in KeyScope::names() {
        let Some(scope) = KeyScope::from_name(name) else { continue };
        let further = |action: &Action| {
            action.main_scope() != scope && action.default_keys().iter().any(|(place, _)| *place == scope)
        };
        let actions: Vec<Action> = Action::all().filter(further).collect();
        if !actions.is_empty() {
            let _ = writeln!(text, "\n[keys.{name}]");
            for action in actions {
                binding(&mut text, action, scope, texts);
            }
        }
    }
    text
}

/// `#down = ["j", "down"]`, and what it does.
fn binding(text: &mut String, action: Action, scope: KeyScope, texts: Texts) {
    let all = action.default_keys();
    let own = all.iter().filter(|(place, _)| *place == scope).flat_map(|(_, keys)| keys.split(' '));
    let own: Vec<String> = own.map(quoted).collect();
    let value = match own.as_slice() {
        [key] => key.clone(),
        keys => format!("[{}]", keys.join(", ")),
    };
    let cost = if action.may_spend() { format!(" {YUAN}") } else { String::new() };
    let setting = format!("#{} = {value}", action.name());
    let _ = writeln!(text, "{setting:<36} # {}{cost}", action.describe(texts));
}

/// A key as a TOML string.
fn quoted(key: &str) -> String {
    format!("\"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keymap::Keymap;
    use obx_core::config::{self, Environment, Flags};
    use obx_core::i18n::Language;

    /// A `#` with a blank after it begins a comment; without one, a setting.
    fn uncommented(text: &str) -> String {
        let setting = |line: &str| match line.strip_prefix('#') {
            Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
            _ => format!("{line}\n"),
        };
        text.lines().map(setting).collect()
    }

    fn load(text: &str) -> config::Config {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let flags = Flags { config: Some(file.path().to_owned()), ..Flags::default() };
        config::load(&flags, &Environment::default()).unwrap()
    }

    #[test]
    fn the_template_has_all_actions_with_keys_that_are_the_default_ones() {
        for language in [Language::En, Language::Zh] {
            let texts = Texts::new(language);
            let settings = load(&uncommented(&keys(texts))).keys.all;
            for action in Action::all() {
                assert!(settings.iter().any(|setting| setting.action.name == action.name()), "{action:?}");
            }
            let map = Keymap::from_settings(&settings).unwrap();
            assert!(map.has_same_bindings(&Keymap::default()));
            // As it is printed it changes nothing.
            assert_eq!(load(&template(texts)).keys.all, []);
        }
    }
}
