//! `obx config path` and `obx config show`: which file is read and why, and the settings in effect.

use crate::cli::args::GlobalArgs;
use crate::cli::failure::CliFailure;
use crate::cli::output::{Output, OutputArgs, list_fields};
use crate::cli::text_table::{Align, lines};
use crate::cli::{ExitCode, terminal_width};
use obx_core::config::{ConfigFile, CredentialsUse, EffectiveSetting, Environment, ValueOrigin, effective};
use obx_core::i18n::Texts;
use obx_core::record::{Schema, SchemaField, ValueKind};

/// The config file, be it there or not.
struct FilePlace {
    file: ConfigFile,
    /// What names it: `--config`, `OBX_CONFIG`; `None` for the usual place.
    named_by: Option<&'static str>,
}

/// The file that is read, if there is a home directory or one is named.
fn place(global: &GlobalArgs, environment: &Environment) -> Result<FilePlace, CliFailure> {
    let flag = global.flags(CredentialsUse::Unused).config;
    let file = ConfigFile::choose(flag.as_deref(), environment).ok_or(CliFailure::NoConfigPlace)?;
    let named_by = match (&flag, file.named) {
        (Some(_), _) => Some("--config"),
        (None, true) => Some("OBX_CONFIG"),
        (None, false) => None,
    };
    Ok(FilePlace { file, named_by })
}

pub(super) fn path(
    output: &OutputArgs,
    global: &GlobalArgs,
    environment: &Environment,
    texts: Texts,
) -> Result<ExitCode, CliFailure> {
    let schema = path_schema();
    if output.lists_fields() {
        list_fields(&schema, texts)?;
        return Ok(ExitCode::Ok);
    }
    let place = place(global, environment)?;
    let mut out = Output::new(output)?;
    if output.has_records() {
        let mut records = out.records(&schema)?;
        out.record(&mut records, &place)?;
    } else {
        // Alone on stdout, so that it can be used: $EDITOR "$(obx config path)"
        out.line(&place.file.path.display().to_string())?;
        let why = match place.named_by {
            Some(name) => texts.config_named_by(name),
            None => texts.config_usual_place().to_owned(),
        };
        let there = if place.file.path.exists() { "" } else { texts.config_not_there() };
        if !global.quiet {
            crate::cli::say(format_args!("obx: {why}{there}"));
        }
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

fn path_schema() -> Schema<FilePlace> {
    use ValueKind::{Boolean, Text};
    Schema::new(
        "config_path",
        1,
        vec![
            SchemaField::new("path", Text, Texts::record_config_path, |place: &FilePlace| {
                Some(place.file.path.display().to_string().into())
            }),
            SchemaField::new("exists", Boolean, Texts::record_config_exists, |place: &FilePlace| {
                Some(place.file.path.exists().into())
            }),
            SchemaField::new("named_by", Text, Texts::record_config_named_by, |place: &FilePlace| {
                Some(place.named_by.into())
            }),
        ],
    )
}

pub(super) fn show(
    output: &OutputArgs,
    global: &GlobalArgs,
    environment: &Environment,
    texts: Texts,
) -> Result<ExitCode, CliFailure> {
    let schema = setting_schema();
    if output.lists_fields() {
        list_fields(&schema, texts)?;
        return Ok(ExitCode::Ok);
    }
    let settings = effective(&global.flags(CredentialsUse::Unused), environment)?;
    let mut out = Output::new(output)?.colored(global.color().colors_stdout(environment));
    if output.has_records() {
        let mut records = out.records(&schema)?;
        settings.iter().try_for_each(|setting| out.record(&mut records, setting))?;
    } else {
        let columns = [
            (texts.column_setting(), Align::Whole),
            (texts.column_value(), Align::Left),
            (texts.column_origin(), Align::Whole),
        ];
        let cells = |setting: &EffectiveSetting| {
            let value = setting.value.clone().unwrap_or_else(|| "-".to_owned());
            vec![setting.name.clone(), value, origin(setting.origin, texts)]
        };
        let rows: Vec<Vec<String>> = settings.iter().map(cells).collect();
        out.table(&lines(&columns, &rows, terminal_width()))?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> [crate::cli::documented::Table; 2] {
    use crate::cli::documented::Table;
    [Table::new(&path_schema(), &["config path"]), Table::new(&setting_schema(), &["config show"])]
}

fn origin(origin: ValueOrigin, texts: Texts) -> String {
    match origin {
        ValueOrigin::Flag(name) | ValueOrigin::Variable(name) => name.to_owned(),
        ValueOrigin::Line(line) => texts.config_line(line),
        ValueOrigin::Default => texts.config_default().to_owned(),
    }
}

fn setting_schema() -> Schema<EffectiveSetting> {
    use ValueKind::{Integer, Text};
    let origin = |setting: &EffectiveSetting| {
        Some(
            match setting.origin {
                ValueOrigin::Flag(name) | ValueOrigin::Variable(name) => name,
                ValueOrigin::Line(_) => "file",
                ValueOrigin::Default => "default",
            }
            .into(),
        )
    };
    let line = |setting: &EffectiveSetting| match setting.origin {
        ValueOrigin::Line(line) => Some(line.into()),
        _ => Some(serde_json::Value::Null),
    };
    Schema::new(
        "setting",
        1,
        vec![
            SchemaField::new("setting", Text, Texts::record_setting, |setting: &EffectiveSetting| {
                Some(setting.name.clone().into())
            }),
            SchemaField::new("value", Text, Texts::record_setting_value, |setting: &EffectiveSetting| {
                Some(setting.value.clone().into())
            }),
            SchemaField::new("origin", Text, Texts::record_setting_origin, origin),
            SchemaField::new("line", Integer, Texts::record_setting_line, line),
        ],
    )
}
