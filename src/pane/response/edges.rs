//! The texts in the pane's frame.

use ratatui::text::{Line, Span};

use super::{ResponsePane, View, document};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::text::{fit_end, visible, width};
use crate::ui::theme::{ALERT, Theme};

impl ResponsePane {
    /// Title and position at the top; search and path at the bottom.
    pub(super) fn frame(&self, model: &Model) -> Edges {
        let texts = model.texts;
        let mut title = vec![Span::raw(texts.pane_response())];
        let said = self.said(model);
        for (at, view) in said.iter().enumerate() {
            let style = if *view == self.view_in_front(model) { Theme.badge() } else { Theme.text() };
            title.push(Span::raw(if at == 0 { " " } else { "│" }));
            title.push(Span::styled(format!(" {} ", view.name(texts)), style));
        }
        let pretty = self.how_shown(model);
        let position = self.position(model);
        let taken = Line::from(title.clone()).width() + width(&pretty) + width(&position) + 8;
        title.extend(self.filter.title(texts, usize::from(self.area.width).saturating_sub(taken)));
        let right = if position.is_empty() { pretty } else { format!("{pretty} {position} ") };
        Edges {
            title: Line::from(title),
            right: Line::from(right),
            foot: self.foot(model),
            ..Edges::default()
        }
    }

    /// The formatting of the raw text; empty if it is shown as received.
    fn how_shown(&self, model: &Model) -> String {
        if self.view_in_front(model) != View::Raw {
            return String::new();
        }
        if self.is_parsing() {
            return format!(" {} ", model.texts.parsing());
        }
        if self.raw.is_formatting() {
            return format!(" {} ", model.texts.formatting());
        }
        let pretty = self.raw.form().set_out.then(|| model.texts.pretty_printed());
        let unquoted = self.raw.form().unquoted.then(|| model.texts.unquoted());
        pretty.into_iter().chain(unquoted).flat_map(|text| [" ", text, " "]).collect()
    }

    /// The position among the hits of a search, else among the rows.
    fn position(&self, model: &Model) -> String {
        let texts = model.texts;
        let (found, at) = match (self.view_in_front(model), &self.tree) {
            (View::Tree, Some(tree)) => {
                (self.search.position(tree, texts), texts.position(tree.at() + 1, tree.rows()))
            }
            (View::Raw, _) => {
                let (at, count) = self.raw.position();
                let more = if self.raw.has_more_rows() { "…" } else { "" };
                (self.search.position_in_text(self.raw.search(), texts), texts.position(at, count) + more)
            }
            _ => return String::new(),
        };
        match found {
            // Without hits, the position among the rows is of more use.
            Some(found) if found == texts.no_hits() => format!("{found} · {at}"),
            Some(found) => found,
            None => at,
        }
    }

    /// The search, and the path of the node under the cursor; if it is too long, its end.
    fn foot(&self, model: &Model) -> Line<'static> {
        let view = self.view_in_front(model);
        // Headers and timing are not searched.
        let is_searched = matches!(view, View::Tree | View::Raw);
        let mut foot = if is_searched { self.search.line(model.texts) } else { Line::default() };
        if view == View::Tree
            && let Some(tree) = &self.tree
        {
            foot.spans.extend(self.more_follows(model));
            let room = usize::from(self.area.width).saturating_sub(foot.width() + 2);
            // A path in a jq program's result is not one in the body.
            let within = if self.whole.is_some() { "jq » " } else { "" };
            let path = format!("{within}{}", visible(tree.path()));
            foot.push_span(Span::raw(format!(" {} ", fit_end(&path, room))));
        }
        foot
    }

    /// A warning that other text follows the JSON value that the tree shows.
    fn more_follows(&self, model: &Model) -> Option<Span<'static>> {
        let document = document(self.own.as_ref(), model).filter(|_| self.whole.is_none())?;
        let message = model.texts.more_follows(document.trailing()?);
        Some(Span::styled(format!(" {ALERT} {message} "), Theme.warn()))
    }
}
