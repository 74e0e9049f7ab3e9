//! What is copied of a response: of the tree what its cursor is on, of the text all of it. A place in a jq program's
//! result is none in the body: only jq leads there, by the program.

use std::borrow::Cow;

use super::raw::TextForm;
use super::{ResponsePane, View, document, pretty};
use crate::message::Action;
use crate::model::Model;
use crate::pane::copying::row;

/// What the tree's cursor is on, to be copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focused {
    /// `$.item.skus.sku[3].price`
    pub path: String,
    /// `.item.skus.sku[3].price`, as jq takes it.
    pub jq_path: String,
    /// Its key, unescaped; `None` in an array.
    pub key: Option<String>,
    /// Its text as it was sent, quotes and escapes included; secrets masked.
    pub raw: String,
    /// A string's text, unescaped; any other value as it was sent.
    pub text: String,
}

impl ResponsePane {
    /// What the tree's cursor is on; `None` in the other views.
    pub fn focused(&mut self, model: &Model) -> Option<Focused> {
        if self.view_in_front(model) != View::Tree {
            return None;
        }
        let document = document(self.own.as_deref(), model)?;
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

    /// Why there is nothing of this kind.
    pub(super) fn why_no_part(&self, action: Action, model: &Model) -> &'static str {
        let in_result = self.filter.program().is_some() && action == Action::CopyPath;
        if in_result { model.texts.path_in_jq_result() } else { model.texts.nothing_to_copy() }
    }

    /// The text of this kind, to the byte; a value is as it was sent, and a string
    /// unescaped. Of the raw text both are all of it: the body, or a jq program's result, whose strings are unquoted.
    pub(super) fn part(&mut self, action: Action, model: &Model) -> Option<String> {
        if self.view_in_front(model) == View::Raw && matches!(action, Action::CopyValue | Action::CopyString)
        {
            let text = self.raw.text();
            let unquoted = self.whole.is_some() && action == Action::CopyString;
            let text = if unquoted {
                pretty::lines(text, TextForm { unquoted: true, ..TextForm::default() }).into()
            } else {
                Cow::Borrowed(text)
            };
            // The end of a result's last line is none of a value.
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
