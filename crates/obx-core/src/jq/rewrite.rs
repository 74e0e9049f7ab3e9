//! Rewrites a parsed program where jaq's meaning differs from jq's: assignments, and the state of `reduce` and `foreach`.

use jaq_core::load::Arena;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::{Opt, Part, Path};

type Read<'s> = Term<&'s str>;

/// A program can't write a name with a blank.
const ASSIGNED: &str = "$ assigned";

/// Rewrites the terms of this code.
pub(super) struct Rewriter<'s> {
    pub(super) code: &'s str,
    /// Holds texts that are not in the code.
    pub(super) arena: &'s Arena,
}

impl<'s> Rewriter<'s> {
    pub(super) fn term(&self, term: Read<'s>) -> Read<'s> {
        match term {
            Term::Str(format, parts) => Term::Str(format, self.parts(parts)),
            Term::Arr(inside) => Term::Arr(inside.map(|inside| self.boxed(*inside))),
            Term::Obj(members) => Term::Obj(members.into_iter().map(|member| self.member(member)).collect()),
            Term::Neg(of) => Term::Neg(self.boxed(*of)),
            Term::BinOp(one, operator, two) => self.operation(*one, operator, *two),
            Term::Label(name, of) => Term::Label(name, self.boxed(*of)),
            Term::Fold(kind, of, pattern, arguments) => {
                let arguments = arguments.into_iter().map(|argument| self.term(argument)).collect();
                fold(kind, self.boxed(*of), self.pattern(pattern), arguments)
            }
            Term::TryCatch(of, catch) => {
                Term::TryCatch(self.boxed(*of), catch.map(|catch| self.boxed(*catch)))
            }
            Term::IfThenElse(cases, otherwise) => {
                let cases = cases.into_iter().map(|(case, then)| (self.term(case), self.term(then)));
                Term::IfThenElse(cases.collect(), otherwise.map(|otherwise| self.boxed(*otherwise)))
            }
            Term::Def(definitions, of) => {
                let definition = |Def { name, args, body }| Def { name, args, body: self.term(body) };
                Term::Def(definitions.into_iter().map(definition).collect(), self.boxed(*of))
            }
            Term::Call(name, arguments) => {
                Term::Call(name, arguments.into_iter().map(|argument| self.term(argument)).collect())
            }
            Term::Var(name) if name == "$__loc__" => self.location(name),
            Term::Path(of, Path(steps)) => {
                let steps = steps.into_iter().map(|step| self.step(step));
                Term::Path(self.boxed(*of), Path(steps.collect()))
            }
            Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => term,
        }
    }

    fn boxed(&self, term: Read<'s>) -> Box<Read<'s>> {
        Box::new(self.term(term))
    }

    fn parts(&self, parts: Vec<StrPart<&'s str, Read<'s>>>) -> Vec<StrPart<&'s str, Read<'s>>> {
        let part = |part| match part {
            StrPart::Term(term) => StrPart::Term(self.term(term)),
            other => other,
        };
        parts.into_iter().map(part).collect()
    }

    fn member(&self, (key, value): (Read<'s>, Option<Read<'s>>)) -> (Read<'s>, Option<Read<'s>>) {
        match (key, value) {
            (Term::Var(name), None) if name == "$__loc__" => (text("__loc__"), Some(self.location(name))),
            (key, value) => (self.term(key), value.map(|value| self.term(value))),
        }
    }

    fn step(&self, (part, opt): (Part<Read<'s>>, Opt)) -> (Part<Read<'s>>, Opt) {
        let part = match part {
            Part::Index(index) => Part::Index(self.term(index)),
            Part::Range(from, upto) => {
                Part::Range(from.map(|from| self.term(from)), upto.map(|upto| self.term(upto)))
            }
        };
        (part, opt)
    }

    fn pattern(&self, pattern: Pattern<&'s str>) -> Pattern<&'s str> {
        match pattern {
            Pattern::Var(name) => Pattern::Var(name),
            Pattern::Arr(parts) => Pattern::Arr(parts.into_iter().map(|part| self.pattern(part)).collect()),
            Pattern::Obj(members) => {
                let member = |(key, pattern)| (self.term(key), self.pattern(pattern));
                Pattern::Obj(members.into_iter().map(member).collect())
            }
        }
    }

    fn operation(&self, one: Read<'s>, operator: BinaryOp<&'s str>, two: Read<'s>) -> Read<'s> {
        let (one, two) = (self.term(one), self.term(two));
        match operator {
            BinaryOp::Assign => Term::Call("_assign", vec![one, two]),
            BinaryOp::Update => Term::Call("_modify", vec![one, two]),
            BinaryOp::UpdateMath(operator) => assigned(one, BinaryOp::Math(operator), two),
            BinaryOp::UpdateAlt => assigned(one, BinaryOp::Alt, two),
            BinaryOp::Pipe(pattern) => {
                let pattern = pattern.map(|pattern| self.pattern(pattern));
                Term::BinOp(Box::new(one), BinaryOp::Pipe(pattern), Box::new(two))
            }
            operator => Term::BinOp(Box::new(one), operator, Box::new(two)),
        }
    }

    /// `$__loc__`: file and line of itself.
    fn location(&self, name: &'s str) -> Read<'s> {
        let before = self.code.get(..super::place(self.code, name)).unwrap_or_default();
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let line = self.arena.alloc(line.to_string());
        Term::Obj(vec![(text("file"), Some(text("<top-level>"))), (text("line"), Some(Term::Num(line)))])
    }
}

fn text(text: &str) -> Read<'_> {
    Term::Str(None, vec![StrPart::Str(text)])
}

/// `one += two` as `two as $assigned | one |= . + $assigned`.
fn assigned<'s>(one: Read<'s>, operator: BinaryOp<&'s str>, two: Read<'s>) -> Read<'s> {
    let new = Term::BinOp(Box::new(Term::Id), operator, Box::new(Term::Var(ASSIGNED)));
    let modified = Term::Call("_modify", vec![one, new]);
    Term::BinOp(Box::new(two), BinaryOp::Pipe(Some(Pattern::Var(ASSIGNED))), Box::new(modified))
}

/// All outputs of a step are emitted; the last one is the next state, or null where there is none.
fn fold<'s>(
    kind: &'s str,
    of: Box<Read<'s>>,
    pattern: Pattern<&'s str>,
    mut arguments: Vec<Read<'s>>,
) -> Read<'s> {
    if kind == "reduce" && arguments.len() == 2 {
        let update = arguments.pop().unwrap_or_default();
        arguments.push(Term::Call("_last", vec![update]));
    }
    if kind == "foreach" && matches!(arguments.len(), 2 | 3) {
        let extract = if arguments.len() == 3 { arguments.pop() } else { None };
        let (update, start) = (arguments.pop().unwrap_or_default(), arguments.pop().unwrap_or_default());
        let last = Part::Index(Term::Neg(Box::new(Term::Num("1"))));
        arguments = vec![
            piped(start, listed(Term::Id)),
            listed(piped(stepped(last), update)),
            piped(stepped(Part::Range(None, None)), extract.unwrap_or_default()),
        ];
    }
    Term::Fold(kind, of, pattern, arguments)
}

fn piped<'s>(one: Read<'s>, two: Read<'s>) -> Read<'s> {
    Term::BinOp(Box::new(one), BinaryOp::Pipe(None), Box::new(two))
}

fn listed(term: Read<'_>) -> Read<'_> {
    Term::Arr(Some(Box::new(term)))
}

fn stepped(part: Part<Read<'_>>) -> Read<'_> {
    Term::Path(Box::new(Term::Id), Path(vec![(part, Opt::Essential)]))
}
