//! `obx errors [CODE]`: the vendor's error codes. Built in, so that nothing is read or sent.

use std::borrow::Cow;

use super::args::GlobalArgs;
use super::failure::CliFailure;
use super::output::{Output, OutputArgs, list_fields};
use super::styled_line::bold;
use super::text_table::{Align, lines};
use super::{ExitCode, terminal_width, texts};
use crate::pane::advice::{self, AdviceMeans};
use obx_core::config::Environment;
use obx_core::i18n::{Language, Texts};
use obx_core::record::{Schema, SchemaField, ValueKind};
use onebound::{CodeMeaning, ERROR_CODES};

#[derive(clap::Args, Debug)]
pub(super) struct ErrorsArgs {
    #[arg(value_name = "CODE")]
    code: Option<String>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// An error code with its texts in the interface's language.
#[derive(Clone, Copy)]
struct Code {
    row: &'static CodeMeaning,
    texts: Texts,
}

impl Code {
    fn meaning(self) -> &'static str {
        match self.texts.language() {
            Language::En => self.row.en,
            Language::Zh => self.row.zh,
        }
    }

    fn exit_code(self) -> ExitCode {
        ExitCode::from_error_code(self.row.code)
    }

    fn what_to_do(self) -> Cow<'static, str> {
        advice::for_code(self.row.code, &AdviceMeans::from_commands(self.texts))
    }

    fn billed(self) -> &'static str {
        if self.row.billed { self.texts.billed_yes() } else { self.texts.billed_no() }
    }
}

/// Its records in docs/json.md.
#[cfg(test)]
pub(super) fn tables() -> Vec<super::documented::Table> {
    use super::documented::Table;
    vec![Table::new(&schema(), &["errors"])]
}

fn schema() -> Schema<Code> {
    use ValueKind::{Boolean, Integer, Text};
    Schema::new(
        "error_code",
        1,
        vec![
            SchemaField::new("code", Text, Texts::record_code, |code: &Code| Some(code.row.code.into())),
            SchemaField::new("meaning", Text, Texts::record_meaning, |code: &Code| {
                Some(code.meaning().into())
            }),
            SchemaField::new("billed", Boolean, Texts::record_billed, |code: &Code| {
                Some(code.row.billed.into())
            }),
            SchemaField::new("side", Text, Texts::record_side, |code: &Code| {
                Some(advice::side_of(code.row.responsible, code.texts).into())
            }),
            SchemaField::new("what_to_do", Text, Texts::record_what_to_do, |code: &Code| {
                Some(code.what_to_do().into())
            }),
            SchemaField::new("exit_code", Integer, Texts::record_exit_code, |code: &Code| {
                Some(code.exit_code().number().into())
            }),
            SchemaField::new("class", Text, Texts::record_class, |code: &Code| {
                Some(code.exit_code().class().into())
            }),
        ],
    )
}

pub(super) fn run(
    args: &ErrorsArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let texts = texts(environment);
    let schema = schema();
    if args.output.lists_fields() {
        list_fields(&schema, texts)?;
        return Ok(ExitCode::Ok);
    }
    let wanted = |row: &&CodeMeaning| args.code.as_deref().is_none_or(|code| code == row.code);
    let codes: Vec<Code> = ERROR_CODES.iter().filter(wanted).map(|row| Code { row, texts }).collect();
    if let Some(code) = args.code.as_ref().filter(|_| codes.is_empty()) {
        return Err(CliFailure::UnknownCode(code.clone()));
    }
    let mut out = Output::new(&args.output)?.colored(global.color().colors_stdout(environment));
    if args.output.has_records() {
        let mut records = out.records(&schema)?;
        codes.iter().try_for_each(|code| out.record(&mut records, code))?;
    } else if let ([code], Some(_)) = (codes.as_slice(), &args.code) {
        out.line(&bold(&format!("{}  {}", code.row.code, code.meaning()), out.colors))?;
        out.line(&texts.named(texts.column_billed(), code.billed()))?;
        out.line(&code.what_to_do())?;
    } else {
        table(&mut out, &codes, texts)?;
    }
    out.flush()?;
    Ok(ExitCode::Ok)
}

fn table(out: &mut Output, codes: &[Code], texts: Texts) -> Result<(), CliFailure> {
    let columns = [
        (texts.column_code(), Align::Whole),
        (texts.column_billed(), Align::Whole),
        (texts.column_exit_code(), Align::Right),
        (texts.column_meaning(), Align::Left),
    ];
    let row = |code: &Code| {
        let exit_code = code.exit_code().number().to_string();
        vec![code.row.code.to_owned(), code.billed().to_owned(), exit_code, code.meaning().to_owned()]
    };
    let rows: Vec<Vec<String>> = codes.iter().map(row).collect();
    out.table(&lines(&columns, &rows, terminal_width()))
}
