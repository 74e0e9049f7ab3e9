//! A jq program over a document, as jaq reads it: compiled, run, and its outputs as JSON texts, one a line.
//!
//! Nothing but the document can be reached from a program: no environment, no clock, no file, no further input.
//! Digits stay as they were sent; of duplicate keys the last one counts, at the place of the first.
//!
//! A program can run for ever, take any memory, or go deeper than the stack: whoever runs it does so in a process of
//! its own, which can be ended.

mod intake;
mod natives;
mod outputs;

use jaq_core::data::JustLut;
use jaq_core::load::lex::Expect as LexExpect;
use jaq_core::load::{Arena, Error as LoadError, File, Loader, span};
use jaq_core::{Compiler, Ctx, Vars, compile::Undefined, load, native};
use jaq_json::Val;
use serde::{Deserialize, Serialize};

use super::Document;
use intake::Intake;
use natives::{NATIVE, natives};
pub use outputs::{MAX_OUTPUT_BYTES, MAX_OUTPUTS, Outputs};

/// What tells of the machine or of the moment, or writes beside the result: left out of the language.
const LEFT_OUT: [&str; 12] = [
    "env",
    "now",
    "debug",
    "debug_empty",
    "stderr",
    "stderr_empty",
    "halt",
    "halt_error",
    "localtime",
    "strflocaltime",
    "input_filename",
    "input_line_number",
];

/// What jaq has in its command line alone, with jq's words where a value has no place in a row.
const OWN: &str = r#"
    def _told: "\(type) (\(tojson | if length > 40 then .[:40] + "…" end))";
    def _cells($name): if isarray then .[] else error(_told + " cannot be " + $name + "-formatted, only an array can be") end;
    def _cell(f): if isstring then f elif . == null then "" elif isnumber or isboolean then tostring
        else error(_told + " is not valid in a csv row") end;
    def @csv: [_cells("csv") | _cell("\"" + gsub("\""; "\"\"") + "\"")] | join(",");
    def @tsv: [_cells("tsv") | _cell(gsub("\\\\"; "\\\\") | gsub("\t"; "\\t") | gsub("\n"; "\\n") | gsub("\r"; "\\r"))] | join("\t");
"#;

/// Of what a program says when it fails, in characters: it can hold the whole body.
const MAX_TOLD: usize = 300;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FilterFault {
    /// The program can't be read from there on.
    #[error("{expected} expected at byte {at}")]
    Syntax {
        /// Offset into the program, in bytes.
        at: usize,
        /// What jaq expected there, in its words.
        expected: String,
    },
    /// It names something that does not exist.
    #[error("{name} is not known, at byte {at}")]
    Unknown {
        /// Offset into the program, in bytes.
        at: usize,
        /// A filter, a variable, or another name.
        name: String,
    },
    /// It failed while it ran.
    #[error("{0}")]
    Failed(String),
    /// It took more memory or went deeper than it may.
    #[error("too much memory, or too deep")]
    TooLarge,
    /// It could not be started.
    #[error("{0}")]
    NotStarted(String),
}

impl FilterFault {
    /// Where in the program, in bytes from its start.
    pub fn at(&self) -> Option<usize> {
        match self {
            Self::Syntax { at, .. } | Self::Unknown { at, .. } => Some(*at),
            _ => None,
        }
    }
}

/// A program that can be run.
pub struct Program(jaq_core::Filter<JustLut<Val>>);

/// A document as programs take it; a clone is the same one, not another.
#[derive(Clone, Debug)]
pub struct Input(Val);

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Program")
    }
}

impl Program {
    /// Reads a program; an empty one is `.`.
    ///
    /// # Errors
    /// Where it can't be read, or what it names that does not exist.
    pub fn compile(text: &str) -> Result<Self, FilterFault> {
        let code = if text.trim().is_empty() { "." } else { text };
        let arena = Arena::default();
        let modules = Loader::new(definitions())
            .load(&arena, File { code, path: () })
            .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
        // Data of other files, which is left for later by jaq.
        load::import(&modules, |_| Err(String::new()))
            .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
        let compiler = Compiler::default().with_funs(functions());
        let filter = compiler.compile(modules).map_err(|errors| {
            first(errors, |unknown| {
                unknown.into_iter().next().map(|(name, what)| unknown_fault(code, name, &what))
            })
        })?;
        Ok(Self(filter))
    }

    /// Runs it, until it has come to its end, its outputs are too many or too large, or it is no longer wanted; that
    /// is asked whenever it gives something.
    ///
    /// # Errors
    /// What it failed with, whatever came out before.
    pub fn run(&self, input: &Input, wanted: &dyn Fn() -> bool) -> Result<Outputs, FilterFault> {
        let context = Ctx::<JustLut<Val>>::new(&self.0.lut, Vars::new([]));
        let mut outputs = Outputs::default();
        for output in self.0.id.run((context, input.0.clone())) {
            let value = match output.map_err(jaq_core::Exn::get_err) {
                Ok(value) => value,
                Err(Ok(error)) => return Err(FilterFault::Failed(told(&error))),
                // A break out of a label that is not there: jaq refuses it before.
                Err(Err(_)) => break,
            };
            if outputs.count == MAX_OUTPUTS || !wanted() || !outputs.push(&value, wanted) {
                outputs.cut = true;
                break;
            }
        }
        Ok(outputs)
    }
}

impl Input {
    /// The whole document.
    pub fn of(document: &Document) -> Self {
        Self(Intake::new(document).value(document.root()))
    }
}

/// By which jaq defines the others: known, but not meant to be written.
const INNER: [&str; 17] = [
    "error_empty",
    "path_value",
    "key_values",
    "min_by_or_empty",
    "max_by_or_empty",
    "escape_sh",
    "escape_html",
    "unescape_html",
    "encode_uri",
    "decode_uri",
    "encode_base64",
    "decode_base64",
    "matches",
    "split_matches",
    "split_",
    "totype",
    "capture_of_match",
];

/// What programs can call, as it is written up to its arguments: `length`, `map(`, `@csv`.
pub(super) fn names() -> Vec<String> {
    let defined = definitions().map(|definition| (definition.name, definition.args.is_empty()));
    let native = functions().map(|(name, args, _)| (name, args.is_empty()));
    let meant = defined.chain(native).filter(|(name, _)| !name.starts_with('_') && !INNER.contains(name));
    let written =
        |(name, is_plain): (&str, bool)| if is_plain { name.to_owned() } else { format!("{name}(") };
    let mut names: Vec<String> = meant.map(written).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn definitions() -> impl Iterator<Item = load::parse::Def<&'static str>> {
    let all = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let own = load::parse(OWN, |parser| parser.defs()).into_iter().flatten();
    let is_native =
        |definition: &load::parse::Def<&str>| definition.args.is_empty() && NATIVE.contains(&definition.name);
    all.chain(own).filter(move |definition| !LEFT_OUT.contains(&definition.name) && !is_native(definition))
}

fn functions() -> impl Iterator<Item = native::Fun<JustLut<Val>>> {
    let all = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    all.filter(|(name, ..)| !LEFT_OUT.contains(name)).chain(natives())
}

/// The first of what is wrong.
fn first<E>(errors: load::Errors<&str, (), E>, fault: impl Fn(E) -> Option<FilterFault>) -> FilterFault {
    let mut faults = errors.into_iter().filter_map(|(_, error)| fault(error));
    faults.next().unwrap_or_else(|| FilterFault::Failed(String::new()))
}

fn load_fault(code: &str, error: LoadError<&str>) -> Option<FilterFault> {
    let syntax = |found: &str, expected: &str| {
        Some(FilterFault::Syntax { at: span(code, found).start, expected: expected.to_owned() })
    };
    match error {
        LoadError::Io(files) => {
            let (name, _) = files.into_iter().next()?;
            Some(FilterFault::Unknown { at: span(code, name).start, name: name.to_owned() })
        }
        LoadError::Lex(errors) => {
            let (expected, found) = errors.into_iter().next()?;
            let expected = match expected {
                LexExpect::Delim(open @ ("(" | "[" | "{" | "\"")) => closing(open),
                other => return syntax(found, other.as_str()),
            };
            syntax(found, expected)
        }
        LoadError::Parse(errors) => {
            let (expected, found) = errors.into_iter().next()?;
            syntax(found, expected.as_str())
        }
    }
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        _ => "\"",
    }
}

fn unknown_fault(code: &str, name: &str, what: &Undefined) -> FilterFault {
    let told = match what {
        Undefined::Filter(arity) if *arity > 0 => format!("{name}/{arity}"),
        _ => name.to_owned(),
    };
    FilterFault::Unknown { at: span(code, name).start, name: told }
}

/// What a program failed with, in short; in jq's words where that is a value and no text.
fn told(error: &jaq_json::Error) -> String {
    let mut told = Told::default();
    let _full = std::fmt::Write::write_fmt(&mut told, format_args!("{error}"));
    let told = told.0;
    if let Ok(text) = serde_json::from_str(&told) {
        return text;
    }
    // What jaq says by itself begins with a word.
    let kind = match (told.as_str(), told.bytes().next()) {
        ("null", _) => "null",
        ("true" | "false", _) => "boolean",
        (_, Some(b'{')) => "object",
        (_, Some(b'[')) => "array",
        (_, Some(b'-' | b'0'..=b'9')) => "number",
        _ => return told,
    };
    format!("{kind} ({told}) not a string")
}

/// The beginning of a text.
#[derive(Default)]
struct Told(String);

impl std::fmt::Write for Told {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let room = MAX_TOLD.saturating_sub(self.0.chars().count());
        self.0.extend(text.chars().take(room));
        if text.chars().count() > room {
            self.0.push('…');
            Err(std::fmt::Error)
        } else {
            Ok(())
        }
    }
}
