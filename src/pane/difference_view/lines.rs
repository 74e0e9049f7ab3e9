//! Builds the visible lines of the view, and the whole text of a line for copying.

use ratatui::text::{Line, Span};

use super::format;
use super::rows::{DifferenceRow, Section, reordered};
use super::{DifferenceView, When, trend_line};
use crate::ui::measure::bytes;
use crate::ui::text::{clean, fit, pad_right, width};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound::{DescriptionChange, Difference, ItemPresence};

/// Builds the lines of the view.
pub(super) struct LineBuilder<'a> {
    pub(super) view: &'a DifferenceView,
    pub(super) difference: &'a Difference,
    pub(super) texts: Texts,
}

impl LineBuilder<'_> {
    /// Returns the line of a row, after the cursor's mark. `on_top` means that it is the first visible row.
    pub(super) fn line(&self, row: DifferenceRow, cursor: &'static str, on_top: bool) -> Line<'static> {
        let mark = Span::raw(format!("{cursor} "));
        [mark].into_iter().chain(self.fitted(row, on_top)).collect()
    }

    /// Returns the parts of a row, cut where there is no more room.
    pub(super) fn fitted(&self, row: DifferenceRow, on_top: bool) -> Vec<Span<'static>> {
        let mut left = self.view.widths.room.saturating_sub(2);
        let mut spans = Vec::new();
        for span in self.spans(row, on_top) {
            let cells = width(&span.content);
            if cells > left {
                spans.push(Span::styled(fit(&span.content, left).into_owned(), span.style));
                break;
            }
            left -= cells;
            spans.push(span);
        }
        spans
    }

    /// Returns the whole text of a row, without padding and cursor.
    pub(super) fn in_full(&self, row: DifferenceRow) -> String {
        let full_text = match row {
            DifferenceRow::Change { section, at, inner, .. } => {
                self.change_in_full(section, at as usize, inner as usize)
            }
            other => self.spans(other, false).iter().map(|span| span.content.as_ref()).collect(),
        };
        full_text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn spans(&self, row: DifferenceRow, on_top: bool) -> Vec<Span<'static>> {
        let (texts, theme) = (self.texts, Theme);
        match row {
            DifferenceRow::Blank => Vec::new(),
            DifferenceRow::Change { section, at, inner, later } => {
                self.change(section, (at as usize, inner as usize), later, on_top)
            }
            DifferenceRow::TwoItems => vec![Span::styled(texts.difference_two_items(), theme.warn())],
            DifferenceRow::Before => side(texts.difference_before(), &self.view.before, texts),
            DifferenceRow::After => side(texts.difference_after(), &self.view.after, texts),
            DifferenceRow::Items => vec![Span::raw(self.items())],
            DifferenceRow::Bodies => vec![Span::raw(self.bodies())],
            DifferenceRow::Nothing => {
                let summary = match self.difference.two_items {
                    Some(_) => texts.difference_same(),
                    None => texts.difference_none(),
                };
                vec![Span::styled(summary, theme.strong())]
            }
            DifferenceRow::LeftOut => vec![Span::styled(texts.difference_left_out(), theme.dim())],
            DifferenceRow::History => {
                let answers = texts.difference_history(self.view.answers);
                headed(texts.history_heading(), &format!("  {answers}"))
            }
            DifferenceRow::Trend(at) => {
                let room = self.view.widths.room.saturating_sub(2);
                let trend = self.view.trends.get(at);
                trend.map_or_else(Vec::new, |trend| trend_line::spans(trend, room, texts))
            }
            DifferenceRow::Heading(section) => {
                headed(format::heading(section, texts), &self.counted(section))
            }
            DifferenceRow::Description => self
                .difference
                .description
                .as_ref()
                .map_or_else(Vec::new, |summary| self.description(summary)),
        }
    }

    fn items(&self) -> &'static str {
        match self.difference.items {
            ItemPresence::Both => "",
            ItemPresence::OnlyBefore => self.texts.difference_only_before(),
            ItemPresence::OnlyAfter => self.texts.difference_only_after(),
            ItemPresence::Neither => self.texts.difference_neither(),
        }
    }

    fn bodies(&self) -> String {
        let sizes = self.difference.bodies.map(|(before, after)| (bytes(before), bytes(after)));
        sizes.map(|(before, after)| self.texts.difference_bodies(before, after)).unwrap_or_default()
    }

    /// `  3 changed  1 added  2 gone`
    fn counted(&self, section: Section) -> String {
        let texts = self.texts;
        let own = self.view.counts.iter().find(|(counted, _)| *counted == section);
        let counts = own.map(|(_, counts)| *counts).unwrap_or_default();
        let some = |count: usize, text: String| (count > 0).then_some(text);
        let lists: Vec<_> = reordered(section, self.difference).collect();
        let order = match section {
            _ if lists.is_empty() => None,
            Section::Images => {
                let names = lists.into_iter().map(|list| format::images_name(list, texts).to_owned());
                let names = names.reduce(|names, name| texts.enumerated(names, name));
                Some(texts.reordered_lists(names.unwrap_or_default()))
            }
            _ => Some(texts.reordered().to_owned()),
        };
        let summary = [
            some(counts.changed, texts.count_changed(counts.changed)),
            some(counts.added, texts.count_added(counts.added)),
            some(counts.gone, texts.count_removed(counts.gone)),
            order,
        ];
        summary.into_iter().flatten().flat_map(|summary| ["  ".to_owned(), summary]).collect()
    }

    /// Describes the change in numbers, since 10 kB of HTML are better read in the response.
    fn description(&self, summary: &DescriptionChange) -> Vec<Span<'static>> {
        let texts = self.texts;
        let names = self.view.widths.names(Section::Item);
        let (before, after) = (summary.before, summary.after);
        let mut parts = Vec::new();
        if before.type_name != after.type_name {
            parts.push(texts.type_changed(before.type_name, after.type_name));
        }
        parts.push(texts.characters(before.characters, after.characters));
        if summary.images_added + summary.images_removed > 0 {
            parts.push(texts.description_images(summary.images_added, summary.images_removed));
        }
        vec![
            Span::styled("~ ", Theme.strong()),
            Span::raw(format!("{}  ", pad_right(texts.label_description(), names))),
            Span::raw(parts.join("  ")),
        ]
    }
}

/// `Before  610947572360  11-23 15:24:17  0000 success`
fn side(name: &'static str, when: &When, texts: Texts) -> Vec<Span<'static>> {
    let names = width(texts.difference_before()).max(width(texts.difference_after()));
    let id = if when.item.is_empty() { String::new() } else { format!("{}  ", clean(&when.item)) };
    vec![
        Span::styled(format!("{}  ", pad_right(name, names)), Theme.dim()),
        Span::styled(id, Theme.strong()),
        Span::styled(clean(&when.clock).into_owned(), Theme.strong()),
        Span::raw(format!("  {}", clean(&when.verdict))),
    ]
}

fn headed(heading: &'static str, counted: &str) -> Vec<Span<'static>> {
    vec![Span::styled(heading, Theme.strong()), Span::styled(counted.to_owned(), Theme.dim())]
}
