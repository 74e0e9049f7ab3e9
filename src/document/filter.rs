//! A jq program over a document, as jaq reads it: compiled, run, and its outputs as JSON texts, one a line.
//!
//! Nothing but the document can be reached from a program: no environment, no clock, no file, no further input.
//! Digits stay as they were sent; of duplicate keys the last one counts, at the place of the first.
//!
//! A program can run for ever, take any memory, or go deeper than the stack: whoever runs it does so in a process of
//! its own, which can be ended.

use std::collections::HashMap;
use std::io;

use jaq_core::data::JustLut;
use jaq_core::load::lex::Expect as LexExpect;
use jaq_core::load::{Arena, Error as LoadError, File, Loader, span};
use jaq_core::{Compiler, Ctx, DataT, Native, Vars, compile::Undefined, load, native};
use jaq_json::write::Pp;
use jaq_json::{Map, Num, Rc, Val};
use serde::{Deserialize, Serialize};

use super::{Document, Kind, NodeId};

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

/// What jaq has in its command line alone.
const OWN: &str = r#"
    def @csv: [.[] | if isstring then "\"" + gsub("\""; "\"\"") + "\"" elif . == null then "" else tostring end] | join(",");
    def @tsv: [.[] | if . == null then "" else tostring end | gsub("\t"; "\\t") | gsub("\n"; "\\n")] | join("\t");
"#;

/// Outputs at most: more are no result to read.
pub const MAX_OUTPUTS: usize = 1_000_000;
/// Of all outputs together, in bytes.
pub const MAX_OUTPUT_BYTES: usize = 64_000_000;
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

/// A document as programs take it.
#[derive(Debug)]
pub struct Input(Val);

/// What came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// Each output on a line of its own.
    pub text: Vec<u8>,
    /// How many.
    pub count: usize,
    /// Whether there were more, which are left out.
    pub cut: bool,
}

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

    /// Runs it, until it has come to its end, or its outputs are too many or too large.
    ///
    /// # Errors
    /// What it failed with, whatever came out before.
    pub fn run(&self, input: &Input) -> Result<Outputs, FilterFault> {
        let context = Ctx::<JustLut<Val>>::new(&self.0.lut, Vars::new([]));
        let mut outputs = Outputs::default();
        for output in self.0.id.run((context, input.0.clone())) {
            let value = match output.map_err(jaq_core::Exn::get_err) {
                Ok(value) => value,
                Err(Ok(error)) => return Err(FilterFault::Failed(told(&error))),
                // A break out of a label that is not there: jaq refuses it before.
                Err(Err(_)) => break,
            };
            if outputs.count == MAX_OUTPUTS || !outputs.push(&value) {
                outputs.cut = true;
                break;
            }
        }
        Ok(outputs)
    }
}

impl Outputs {
    /// Says whether there was room for it.
    fn push(&mut self, value: &Val) -> bool {
        let length = self.text.len();
        let mut bounded = Bounded(&mut self.text);
        let written = jaq_json::write::write(&mut bounded, &Pp::default(), 0, value);
        if written.is_err() {
            self.text.truncate(length);
            return false;
        }
        self.text.push(b'\n');
        self.count += 1;
        true
    }
}

/// Takes no more than the outputs may have.
struct Bounded<'a>(&'a mut Vec<u8>);

impl io::Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Input {
    /// The whole document.
    pub fn of(document: &Document) -> Self {
        Self(value(document, document.root(), &mut HashMap::new()))
    }
}

/// Strings stay where they are in the document's text.
fn value<'a>(document: &'a Document, id: NodeId, keys: &mut HashMap<&'a str, Val>) -> Val {
    match document.kind(id) {
        Kind::Null => Val::Null,
        Kind::Bool => Val::Bool(document.raw_bytes(id).first() == Some(&b't')),
        Kind::Number => Val::Num(number(document.raw(id))),
        Kind::String => Val::TStr(Box::new(document.text_bytes(id))),
        Kind::Array => {
            let elements = document.children(id).map(|child| value(document, child, keys));
            Val::Arr(Rc::new(elements.collect()))
        }
        Kind::Object => {
            let mut members = Map::default();
            for child in document.children(id) {
                let raw = document.raw_key(child).unwrap_or_default();
                let key = || Val::utf8_str(document.key(child).unwrap_or_default().into_owned());
                let key = keys.entry(raw).or_insert_with(key).clone();
                members.insert(key, value(document, child, keys));
            }
            Val::Obj(Rc::new(members))
        }
    }
}

/// In its digits, unless it is an integer that comes out in the same ones.
fn number(digits: &str) -> Num {
    match digits.parse::<isize>() {
        Ok(integer) if digits != "-0" => Num::Int(integer),
        _ => Num::Dec(Rc::new(digits.to_owned())),
    }
}

fn definitions() -> impl Iterator<Item = load::parse::Def<&'static str>> {
    let all = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
    let own = load::parse(OWN, |parser| parser.defs()).into_iter().flatten();
    all.chain(own).filter(|definition| !LEFT_OUT.contains(&definition.name))
}

fn functions<D: for<'a> DataT<V<'a> = Val>>() -> impl Iterator<Item = native::Filter<Native<D>>> {
    let all = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
    all.filter(|(name, ..)| !LEFT_OUT.contains(name))
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

/// What a program failed with, in short.
fn told(error: &jaq_json::Error) -> String {
    let mut told = Told::default();
    let _full = std::fmt::Write::write_fmt(&mut told, format_args!("{error}"));
    told.0
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
