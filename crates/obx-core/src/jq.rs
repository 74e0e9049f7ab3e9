//! A jq program over a document: read and run by jaq, on values of our own (`value`) that behave as jq's do, and its
//! outputs as JSON texts, one a line. `docs/jq.md` tells what is still otherwise than in jq.
//!
//! Nothing but the document can be reached from a program: no environment, no clock, no file, no further input.
//! Digits stay as they were sent; of duplicate keys the last one counts, at the place of the first.
//!
//! A program can run for ever, take any memory, or go deeper than the stack: whoever runs it does so in a process of
//! its own, which can be ended.

mod builtins;
mod complete;
mod outputs;
mod precedence;
mod rewrite;
#[cfg(test)]
mod tests;
mod to_jaq;
mod value;

use jaq_core::data::JustLut;
use jaq_core::load::lex::Expect as LexExpect;
use jaq_core::load::parse::{Def, Term};
use jaq_core::load::{Arena, Error as LoadError, File, Lexer, Loader, Parser};
use jaq_core::{Compiler, Ctx, Vars, compile::Undefined, load, native};
use serde::{Deserialize, Serialize};

use crate::i18n::{Describe, Texts};
use builtins::builtins;
pub use complete::{Completion, complete};
use onebound_document::Document;
pub use outputs::{MAX_OUTPUT_BYTES, MAX_OUTPUTS, Outputs};
use rewrite::Rewriter;
use to_jaq::ToJaq;
use value::Value;

/// What tells of the machine or of the moment, or writes beside the result: left out of jaq's language. Some of it is
/// defined to be empty.
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

/// What jq defines and jaq does not, or otherwise.
const PRELUDE: &str = include_str!("jq/prelude.jq");

/// What jq has its environment in.
const ENVIRONMENT: &str = "$ENV";

/// The program itself, as a definition behind those.
const MAIN: &str = "_main";

/// Of what a program says when it fails, in characters: it can hold the whole body.
const MAX_MESSAGE_CHARS: usize = 300;

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

/// What a program printed is not escaped.
impl Describe for FilterFault {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Syntax { expected, .. } => texts.jq_expected(expected),
            Self::Unknown { name, .. } => texts.jq_unknown(name),
            Self::Failed(message) => message.clone(),
            Self::TooLarge => texts.jq_too_large().to_owned(),
            Self::NotStarted(why) => texts.jq_not_started(why),
        }
    }
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
pub struct Program(jaq_core::Filter<JustLut<Value>>);

/// A document as programs take it; a clone is the same one, not another.
#[derive(Clone, Debug)]
pub struct Input(Value);

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
        let program = parse(&arena, code)?;
        let program = Rewriter { code, arena: &arena }.term(program);
        let main = Def { name: MAIN, args: Vec::new(), body: program };
        let mut definitions: Vec<Def<&str>> = definitions();
        definitions.push(main);
        let modules = Loader::new(definitions)
            .load(&arena, File { code: MAIN, path: () })
            .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
        let compiler = Compiler::default().with_funs(functions()).with_global_vars([ENVIRONMENT]);
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
        // There is nothing in it.
        let environment = Value::object([]);
        let context = Ctx::<JustLut<Value>>::new(&self.0.lut, Vars::new([environment]));
        let mut outputs = Outputs::default();
        for output in self.0.id.run((context, input.0.clone())) {
            let value = match output.map_err(jaq_core::Exn::get_err) {
                Ok(value) => value,
                Err(Ok(error)) => return Err(FilterFault::Failed(message(&error))),
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
    pub fn from_document(document: &Document) -> Self {
        Self(ToJaq::new(document).value(document.root()))
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
    let written =
        |(name, arguments): (&str, usize)| if arguments == 0 { name.to_owned() } else { format!("{name}(") };
    let mut names: Vec<String> = all_names().map(written).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A program as it is written.
fn parse<'s>(arena: &'s Arena, code: &'s str) -> Result<Term<&'s str>, FilterFault> {
    // Once with all that can stand before a program, so that what is not there is told by its name.
    let modules = Loader::new([])
        .load(arena, File { code, path: () })
        .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
    // Data of other files, which is left for later by jaq.
    load::import(&modules, |_| Err(String::new()))
        .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
    let nothing_before = || FilterFault::Syntax { at: 0, expected: "term".to_owned() };
    let tokens = Lexer::new(code).lex().map_err(|_| nothing_before())?;
    Parser::new(&precedence::grouped(tokens)).parse(Parser::term).map_err(|_| nothing_before())
}

fn definitions() -> Vec<Def<&'static str>> {
    let all = jaq_core::defs().chain(jaq_std::defs());
    let builtins: Vec<(&str, usize)> = builtins().map(|(name, args, _)| (name, args.len())).collect();
    // What is done natively is found only where nothing is defined.
    let is_native =
        move |definition: &Def<&str>| builtins.contains(&(definition.name, definition.args.len()));
    let kept = all.filter(move |definition| !LEFT_OUT.contains(&definition.name) && !is_native(definition));
    let own = load::parse(PRELUDE, |parser| parser.defs()).into_iter().flatten();
    kept.chain(own).collect()
}

fn functions() -> impl Iterator<Item = native::Fun<JustLut<Value>>> {
    let all = jaq_core::funs().chain(jaq_std::funs()).filter(|(name, ..)| !LEFT_OUT.contains(name));
    // Ours is defined over jaq's, by the same name.
    let ranges = jaq_core::funs().filter(|(name, ..)| *name == "range");
    let ranges = ranges.map(|(_, args, run)| ("_range", args, run));
    // The first of a name is found.
    builtins().chain(ranges).chain(all)
}

/// What programs can call, as `name/arguments`.
fn signatures() -> impl Iterator<Item = String> {
    let signatures: std::collections::BTreeSet<(&str, usize)> = all_names().collect();
    signatures.into_iter().map(|(name, arguments)| format!("{name}/{arguments}"))
}

/// What programs can call, with how many arguments.
fn all_names() -> impl Iterator<Item = (&'static str, usize)> {
    let defined = definitions().into_iter().map(|definition| (definition.name, definition.args.len()));
    let native = functions().map(|(name, args, _)| (name, args.len()));
    defined.chain(native).filter(|(name, _)| !name.starts_with('_') && !INNER.contains(name))
}

/// The first of what is wrong.
fn first<E>(errors: load::Errors<&str, (), E>, fault: impl Fn(E) -> Option<FilterFault>) -> FilterFault {
    let mut faults = errors.into_iter().filter_map(|(_, error)| fault(error));
    faults.next().unwrap_or_else(|| FilterFault::Failed(String::new()))
}

fn load_fault(code: &str, error: LoadError<&str>) -> Option<FilterFault> {
    let syntax = |found: &str, expected: &str| {
        Some(FilterFault::Syntax { at: place(code, found), expected: expected.to_owned() })
    };
    match error {
        LoadError::Io(files) => {
            let (name, _) = files.into_iter().next()?;
            Some(FilterFault::Unknown { at: place(code, name), name: name.to_owned() })
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

/// Where a part of the code is in it, in bytes; of what is no part of it, its start.
fn place(code: &str, part: &str) -> usize {
    let at = (part.as_ptr() as usize).checked_sub(code.as_ptr() as usize);
    at.filter(|at| *at <= code.len()).unwrap_or(0)
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
    let full_name = match what {
        Undefined::Filter(arity) if *arity > 0 => format!("{name}/{arity}"),
        _ => name.to_owned(),
    };
    FilterFault::Unknown { at: place(code, name), name: full_name }
}

/// What a program failed with, in short; in jq's words where that is a value and no text.
fn message(error: &value::Error) -> String {
    let mut text = Truncated::default();
    let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{error}")); // cut where it is full
    let text = text.0;
    if let Ok(message) = serde_json::from_str(&text) {
        return message;
    }
    // What jaq says by itself begins with a word.
    let kind = match (text.as_str(), text.bytes().next()) {
        ("null", _) => "null",
        ("true" | "false", _) => "boolean",
        (_, Some(b'{')) => "object",
        (_, Some(b'[')) => "array",
        (_, Some(b'-' | b'0'..=b'9')) => "number",
        _ => return text,
    };
    format!("{kind} ({text}) not a string")
}

/// The beginning of a text.
#[derive(Default)]
struct Truncated(String);

impl std::fmt::Write for Truncated {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let room = MAX_MESSAGE_CHARS.saturating_sub(self.0.chars().count());
        self.0.extend(text.chars().take(room));
        if text.chars().count() > room {
            self.0.push('…');
            Err(std::fmt::Error)
        } else {
            Ok(())
        }
    }
}
