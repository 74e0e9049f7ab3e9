//! The texts that can be copied from the response: from the tree the value under the cursor, from the raw text all of
//! it. A path in a jq program's result is no path in the body, so there only the jq path can be copied, with the
//! program before it.

use std::borrow::Cow;

use super::raw::TextForm;
use super::{ResponsePane, View, document, pretty};
use crate::message::Action;
use crate::model::Model;
use crate::pane::copying::row;

/// The value under the tree's cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focused {
    /// `$.item.skus.sku[3].price`
    pub path: String,
    /// `.item.skus.sku[3].price`, in jq's syntax.
    pub jq_path: String,
    /// The unescaped key; `None` in an array.
    pub key: Option<String>,
    /// The text as received, with quotes and escapes; secrets masked.
    pub raw: String,
    /// The unescaped text of a string; other values as received.
    pub text: String,
}

impl ResponsePane {
    /// The value under the tree's cursor; `None` in the other views.
    pub fn focused(&mut self, model: &Model) -> Option<Focused> {
        if self.view_in_front(model) != View::Tree {
            return None;
        }
        let document = document(self.own.as_ref(), model)?;
        let tree = self.tree.as_mut()?;
        let (path, mut jq_path) = (tree.path().to_owned(), tree.jq_path(document));
        if let Some(program) = self.filter.program() {
            let (open, close) = if self.filter.is_list() { ("[", "]") } else { ("(", ")") };
            jq_path = format!("{open}{program}{close} | {jq_path}");
        }
        let (inner, id) = tree.focused(document)?;
        let (key, raw) = (inner.key(id).map(Into::into), inner.raw(id).to_owned());
        Some(Focused { path, jq_path, key, raw, text: inner.text(id).into_owned() })
    }

    /// A message that says why this can't be copied.
    pub(super) fn why_no_part(&self, action: Action, model: &Model) -> Cow<'static, str> {
        let in_result = self.filter.program().is_some() && action == Action::CopyPath;
        if in_result {
            return model.texts.path_in_jq_result(model.key(Action::CopyJqPath)).into();
        }
        model.texts.nothing_to_copy().into()
    }

    /// The text that this action copies, exact to the byte. A value is copied as received, a string unescaped. In the
    /// raw view both copy the whole text, and strings of a jq result are unquoted.
    pub(super) fn part(&mut self, action: Action, model: &Model) -> Option<String> {
        if self.view_in_front(model) == View::Raw && matches!(action, Action::CopyValue | Action::CopyString)
        {
            let text = self.raw.text();
            let unquoted = self.whole.is_some() && action == Action::CopyString;
            let text = if unquoted {
                pretty::lines(text, TextForm { unquoted: true, ..TextForm::default() }, &|| false)?.into()
            } else {
                Cow::Borrowed(text)
            };
            // The line end after a result's last line is no part of a value.
            let text = if self.whole.is_some() { text.strip_suffix(b"\n").unwrap_or(&text) } else { &text };
            return Some(String::from_utf8_lossy(text).into_owned());
        }
        let program = self.filter.program();
        match action {
            Action::CopyPath if program.is_some() => return None,
            Action::CopyJqPath if self.view_in_front(model) == View::Raw => {
                return program.map(str::to_owned);
            }
            _ => {}
        }
        let at = self.focused(model)?;
        let text = match action {
            Action::CopyRow => row(&at.key.iter().chain([&at.text]).collect::<Vec<_>>()),
            Action::CopyValue => at.raw,
            Action::CopyKey => at.key?,
            Action::CopyPath => at.path,
            Action::CopyJqPath => at.jq_path,
            Action::CopyString => at.text,
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }
}
