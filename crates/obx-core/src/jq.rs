//! Runs a jq program over a document and gives its outputs as JSON, one per line. jaq parses and runs it on this module's
//! own values (`value`), which behave as jq's do; `docs/jq.md` lists the differences that remain.
//!
//! Nothing but the document can be reached from a program: no environment, no clock, no file, no further input.
//! Numbers keep the digits that were sent; of duplicate keys the last one counts, at the position of the first.
//!
//! A program can run for ever, use up memory or overflow the stack: run it in a process of its own, which can be killed.

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

/// Functions of jaq that read the machine or the clock, or write beside the result: programs can't call them. The prelude
/// defines some of them as `empty`.
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

/// Definitions that jaq lacks, or has otherwise than jq.
const PRELUDE: &str = include_str!("jq/prelude.jq");

/// jq's variable with the environment.
const ENVIRONMENT: &str = "$ENV";

/// The program itself is a definition after the prelude's.
const MAIN: &str = "_main";

/// A program's error message is cut after so many characters: it can hold the whole body.
const MAX_MESSAGE_CHARS: usize = 300;

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FilterFault {
    /// The program can't be parsed from `at` on.
    #[error("{expected} expected at byte {at}")]
    Syntax {
        /// Offset into the program, in bytes.
        at: usize,
        /// What jaq expected there, by jaq's name for it.
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
    /// It used too much memory or nested too deep.
    #[error("too much memory, or too deep")]
    TooLarge,
    /// It ran for this many seconds, and was stopped.
    #[error("stopped after {0} s")]
    TooSlow(u64),
    /// It could not be started.
    #[error("{0}")]
    NotStarted(String),
}

/// A program's own message is not escaped.
impl Describe for FilterFault {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Syntax { expected, .. } => texts.jq_expected(expected),
            Self::Unknown { name, .. } if is_left_out(name) => texts.jq_left_out(name),
            Self::Unknown { name, .. } => texts.jq_unknown(name),
            Self::Failed(message) => message.clone(),
            Self::TooLarge => texts.jq_too_large().to_owned(),
            Self::TooSlow(seconds) => texts.jq_too_slow(seconds),
            Self::NotStarted(why) => texts.jq_not_started(why),
        }
    }
}

/// Returns true for a function of jq that programs can't call here, with or without its number of arguments.
fn is_left_out(name: &str) -> bool {
    LEFT_OUT.contains(&name.split('/').next().unwrap_or(name))
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

/// A document as a value; cloning it copies nothing.
#[derive(Clone, Debug)]
pub struct Input(Value);

impl std::fmt::Debug for Program {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Program")
    }
}

impl Program {
    /// Compiles a program; an empty one is `.`.
    ///
    /// # Errors
    /// Where it can't be parsed, or the unknown name in it.
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

    /// Runs it until it ends, its outputs are too many or too large, or `wanted` is false, which is checked after every
    /// output.
    ///
    /// # Errors
    /// The program's own failure, even after outputs.
    pub fn run(&self, input: &Input, wanted: &dyn Fn() -> bool) -> Result<Outputs, FilterFault> {
        // Programs see an empty environment.
        let environment = Value::object([]);
        let context = Ctx::<JustLut<Value>>::new(&self.0.lut, Vars::new([environment]));
        let mut outputs = Outputs::default();
        for output in self.0.id.run((context, input.0.clone())) {
            let value = match output.map_err(jaq_core::Exn::get_err) {
                Ok(value) => value,
                Err(Ok(error)) => return Err(FilterFault::Failed(message(&error))),
                // A break without its label does not compile.
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

/// Helpers by which jaq defines other functions: not offered as completions.
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

/// Every function, written up to its arguments: `length`, `map(`, `@csv`.
pub(super) fn names() -> Vec<String> {
    let written =
        |(name, arguments): (&str, usize)| if arguments == 0 { name.to_owned() } else { format!("{name}(") };
    let mut names: Vec<String> = all_names().map(written).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Parses the program alone.
fn parse<'s>(arena: &'s Arena, code: &'s str) -> Result<Term<&'s str>, FilterFault> {
    // First as a module, so that an import of a missing module is reported by its name.
    let modules = Loader::new([])
        .load(arena, File { code, path: () })
        .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
    // jaq resolves data files later: report them now.
    load::import(&modules, |_| Err(String::new()))
        .map_err(|errors| first(errors, |error| load_fault(code, error)))?;
    let nothing_before = || FilterFault::Syntax { at: 0, expected: "term".to_owned() };
    let tokens = Lexer::new(code).lex().map_err(|_| nothing_before())?;
    Parser::new(&precedence::grouped(tokens)).parse(Parser::term).map_err(|_| nothing_before())
}

fn definitions() -> Vec<Def<&'static str>> {
    let all = jaq_core::defs().chain(jaq_std::defs());
    let builtins: Vec<(&str, usize)> = builtins().map(|(name, args, _)| (name, args.len())).collect();
    // jaq looks up definitions first: a native function is found only where there is none.
    let is_native =
        move |definition: &Def<&str>| builtins.contains(&(definition.name, definition.args.len()));
    let kept = all.filter(move |definition| !LEFT_OUT.contains(&definition.name) && !is_native(definition));
    let own = load::parse(PRELUDE, |parser| parser.defs()).into_iter().flatten();
    kept.chain(own).collect()
}

fn functions() -> impl Iterator<Item = native::Fun<JustLut<Value>>> {
    let all = jaq_core::funs().chain(jaq_std::funs()).filter(|(name, ..)| !LEFT_OUT.contains(name));
    // The prelude defines `range` by jaq's, which therefore needs another name.
    let ranges = jaq_core::funs().filter(|(name, ..)| *name == "range");
    let ranges = ranges.map(|(_, args, run)| ("_range", args, run));
    // Of two functions of one name jaq takes the first.
    builtins().chain(ranges).chain(all)
}

/// Every function as `name/arguments`.
fn signatures() -> impl Iterator<Item = String> {
    let signatures: std::collections::BTreeSet<(&str, usize)> = all_names().collect();
    signatures.into_iter().map(|(name, arguments)| format!("{name}/{arguments}"))
}

/// Every function with the number of its arguments.
fn all_names() -> impl Iterator<Item = (&'static str, usize)> {
    let defined = definitions().into_iter().map(|definition| (definition.name, definition.args.len()));
    let native = functions().map(|(name, args, _)| (name, args.len()));
    defined.chain(native).filter(|(name, _)| !name.starts_with('_') && !INNER.contains(name))
}

/// The first error.
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

/// The byte offset of a part of the code; 0 for a text that is no part of it.
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

/// A program's failure, cut where it is long; in jq's words where it failed with a value that is no string.
fn message(error: &value::Error) -> String {
    let mut text = Truncated::default();
    let _ = std::fmt::Write::write_fmt(&mut text, format_args!("{error}")); // cut where it is full
    let text = text.0;
    if let Ok(message) = serde_json::from_str(&text) {
        return message;
    }
    // jaq's own messages begin with a word.
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

/// Keeps the first [`MAX_MESSAGE_CHARS`] of what is written to it.
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
