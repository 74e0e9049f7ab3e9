//! What jaq's own libraries define by other filters, and programs do with each of many values: done at once here.

use jaq_core::box_iter::box_once;
use jaq_core::data::JustLut;
use jaq_core::native::{Fun, bome, v};
use jaq_core::{Native, RunPtr, ValXs};
use jaq_json::Val;

type Data = JustLut<Val>;

/// The names of [`natives`] that take no arguments: their definitions are left out.
pub(super) const NATIVE: [&str; 9] =
    ["empty", "true", "false", "not", "isboolean", "isnumber", "isstring", "isarray", "isobject"];

pub(super) fn natives() -> impl Iterator<Item = Fun<Data>> {
    let tests: [(&'static str, RunPtr<Data>); 8] = [
        ("true", |_| told(true)),
        ("false", |_| told(false)),
        ("not", |cv| told(matches!(cv.1, Val::Null | Val::Bool(false)))),
        ("isboolean", |cv| told(matches!(cv.1, Val::Bool(_)))),
        ("isnumber", |cv| told(matches!(cv.1, Val::Num(_)))),
        ("isstring", |cv| told(matches!(cv.1, Val::TStr(_) | Val::BStr(_)))),
        ("isarray", |cv| told(matches!(cv.1, Val::Arr(_)))),
        ("isobject", |cv| told(matches!(cv.1, Val::Obj(_)))),
    ];
    // Nothing comes of it, it is at no path, and it updates nothing.
    let empty = Native::new(|_| Box::new(std::iter::empty()))
        .with_paths(|_| Box::new(std::iter::empty()))
        .with_update(|cv, _| box_once(Ok(cv.1)));
    let tests = tests.into_iter().map(|(name, run)| (name, v(0), Native::<Data>::new(run)));
    tests.chain([("empty", v(0), empty)])
}

fn told<'a>(so: bool) -> ValXs<'a, Val> {
    bome(Ok(Val::Bool(so)))
}
