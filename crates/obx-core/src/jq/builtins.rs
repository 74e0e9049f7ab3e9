//! Native functions: those that jaq's libraries define by other filters, which is slow over many values, and those that jq
//! has otherwise than jaq.

mod regex;
mod strings;
mod updates;
mod values;

use jaq_core::box_iter::box_once;
use jaq_core::data::JustLut;
use jaq_core::native::{Fun, bome, unary, v};
use jaq_core::{Bind, Native, RunPtr, ValXs};

use super::value::{JqResult, Value};

type Data = JustLut<Value>;

pub(super) fn builtins() -> impl Iterator<Item = Fun<Data>> {
    let own = own().into_iter().map(|(name, run)| (name, v(0), Native::<Data>::new(run)));
    let with_value = with_value().into_iter().map(|(name, run)| (name, v(1), Native::<Data>::new(run)));
    // No outputs and no paths; an update changes nothing.
    let empty = Native::new(|_| Box::new(std::iter::empty()))
        .with_paths(|_| Box::new(std::iter::empty()))
        .with_update(|cv, _| box_once(Ok(cv.1)));
    let filter = || Bind::Fun(());
    let last = Native::<Data>::new(|cv| updates::last(cv)).with_paths(|mut cv| {
        let (filter, context) = cv.0.pop_fun();
        let last = filter.paths::<Data>((context, cv.1)).try_fold(None, |_, at| at.map(Some));
        Box::new(last.transpose().into_iter())
    });
    let more: [Fun<Data>; 5] = [
        ("empty", v(0), empty),
        ("_pieces", v(2), Native::<Data>::new(|cv| regex::pieces(cv))),
        ("_modify", [filter(), filter()].into(), Native::<Data>::new(|cv| updates::modify(cv))),
        ("_assign", [filter(), Bind::Var(())].into(), Native::<Data>::new(|cv| updates::assign(cv))),
        ("_last", [filter()].into(), last),
    ];
    own.chain(with_value).chain(more).chain([(
        "setpath",
        v(2),
        Native::<Data>::new(|cv| updates::set_path(cv)),
    )])
}

/// Functions without arguments.
fn own() -> Vec<(&'static str, RunPtr<Data>)> {
    vec![
        ("true", |_| so(true)),
        ("false", |_| so(false)),
        ("not", |cv| so(!cv.1.is_true())),
        ("isboolean", |cv| so(matches!(cv.1, Value::Bool(_)))),
        ("isnumber", |cv| so(matches!(cv.1, Value::Number(_)))),
        ("isstring", |cv| so(matches!(cv.1, Value::String(_)))),
        ("isarray", |cv| so(matches!(cv.1, Value::Array(_)))),
        ("isobject", |cv| so(matches!(cv.1, Value::Object(_)))),
        ("nan", |_| bome(Ok(Value::from(f64::NAN)))),
        ("infinite", |_| bome(Ok(Value::from(f64::INFINITY)))),
        ("type", |cv| bome(Ok(Value::from(cv.1.type_name().to_owned())))),
        ("length", |cv| bome(values::length(cv.1))),
        ("keys", |cv| bome(values::keys(cv.1, true))),
        ("keys_unsorted", |cv| bome(values::keys(cv.1, false))),
        ("abs", |cv| bome(values::abs(cv.1))),
        ("tonumber", |cv| bome(values::to_number(cv.1))),
        ("tojson", |cv| bome(Ok(Value::string(super::value::json_of(&cv.1))))),
        ("fromjson", |cv| bome(values::from_json(&cv.1))),
        ("_base64d", |cv| bome(strings::base64_decoded(&cv.1))),
        ("builtins", |_| bome(Ok(super::signatures().map(Value::from).collect()))),
    ]
}

/// Functions with one value as their argument.
fn with_value() -> [(&'static str, RunPtr<Data>); 9] {
    [
        ("has", |cv| unary(cv, |value, key| values::has(&value, &key))),
        ("contains", |cv| unary(cv, |value, part| values::contains(&value, &part).map(Value::from))),
        ("indices", |cv| unary(cv, |value, part| values::indices(&value, &part))),
        ("bsearch", |cv| unary(cv, |value, target| values::binary_search(&value, &target))),
        ("_flatten", |cv| unary(cv, |value, depth| values::flatten(value, &depth))),
        ("delpaths", |cv| unary(cv, |value, paths| updates::delete(value, &paths))),
        ("ltrimstr", |cv| unary(cv, |value, part| Ok(strings::trimmed(value, &part, true, false)))),
        ("rtrimstr", |cv| unary(cv, |value, part| Ok(strings::trimmed(value, &part, false, true)))),
        ("trimstr", |cv| unary(cv, |value, part| Ok(strings::trimmed(value, &part, true, true)))),
    ]
}

fn so<'a>(so: bool) -> ValXs<'a, Value> {
    bome(Ok(Value::Bool(so)))
}

/// The string that a function needs, or an error: the value and this sentence.
fn needs_text<'a>(value: &'a Value, sentence: &str) -> JqResult<&'a str> {
    value
        .text()
        .ok_or_else(|| super::value::failed(format_args!("{} {sentence}", super::value::shown(value))))
}
