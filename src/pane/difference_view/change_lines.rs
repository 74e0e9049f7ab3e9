//! Lines that show changes: a mark, a name, both values, and the amount of the change.
//!
//! ```text
//!  ~ 64GB / 瓷白色   Price  799.00 → 749.00  -50.00   -6.3%
//!                    Stock     932 →    921     -11
//!  + 64GB / 金色     Price 799.00  Stock 12  Sales 0
//! ```

use ratatui::style::Style;
use ratatui::text::Span;

use super::format;
use super::lines::LineBuilder;
use super::rows::{self, Section, is_long};
use super::widths::MARGIN;
use crate::ui::text::{clean, fit, pad_right, width};
use crate::ui::theme::Theme;
use onebound::{Change, ChangeKind, ChangeStatus, SkuChangeKind, SkuFacts};

impl LineBuilder<'_> {
    /// Returns the line for change `inner` of row `at` in a section. The first visible row repeats the name of its
    /// SKU.
    pub(super) fn change(
        &self,
        section: Section,
        (at, inner): (usize, usize),
        later: bool,
        on_top: bool,
    ) -> Vec<Span<'static>> {
        match section {
            Section::Skus => self.sku(at, inner, (inner == 0 || on_top, later)),
            Section::Images => self.image(at),
            _ => match rows::changes(section, self.difference).get(at) {
                Some(change) => {
                    let name = format::name(section, change, self.texts);
                    let head = vec![Span::raw(pad_right(&name, self.view.widths.names(section)))];
                    self.headed_change(section, (change.status, head), change, later)
                }
                None => Vec::new(),
            },
        }
    }

    /// Returns the whole text of a change, for copying.
    pub(super) fn change_in_full(&self, section: Section, at: usize, inner: usize) -> String {
        match section {
            Section::Images => self.difference.images.get(at).map_or_else(String::new, |image| {
                let name = format::images_name(image.list, self.texts);
                format!("{} {name} {}", format::mark(image.status), clean(&image.url))
            }),
            Section::Skus => self.sku_in_full(at, inner).unwrap_or_default(),
            _ => match rows::changes(section, self.difference).get(at) {
                Some(change) => {
                    format!("{} {}", format::mark(change.status), self.full_text(section, change))
                }
                None => String::new(),
            },
        }
    }

    fn sku_in_full(&self, at: usize, inner: usize) -> Option<String> {
        let sku = self.difference.skus.get(at)?;
        let (mark, name) = (format::mark(rows::mark(&sku.kind)), format::sku_name(sku, self.texts));
        let head = format!("{mark} {name} {}", format::sku_id(sku));
        let summary = match &sku.kind {
            SkuChangeKind::Changed(changes) => self.full_text(Section::Skus, changes.get(inner)?),
            SkuChangeKind::Added(facts) | SkuChangeKind::Removed(facts) => self.facts_in_words(facts),
        };
        Some(format!("{head} {summary}"))
    }

    fn full_text(&self, section: Section, change: &Change) -> String {
        let (before, after) =
            (format::value(&change.before, self.texts), format::value(&change.after, self.texts));
        let values = match change.status {
            ChangeStatus::Added => after.into_owned(),
            ChangeStatus::Removed => before.into_owned(),
            ChangeStatus::Changed => format!("{before} → {after}"),
        };
        let name = format::name(section, change, self.texts);
        let (amount, percent) = (format::amount(change), format::percent(change, self.difference));
        format!("{name} {values} {amount} {percent} {}", format::note(change, self.texts))
    }

    fn sku(&self, at: usize, inner: usize, (named, later): (bool, bool)) -> Vec<Span<'static>> {
        let Some(sku) = self.difference.skus.get(at) else { return Vec::new() };
        let (widths, mark) = (&self.view.widths, rows::mark(&sku.kind));
        let (name, id) =
            if named { (format::sku_name(sku, self.texts), format::sku_id(sku)) } else { Default::default() };
        let id = if widths.id > 0 { format!("  {}", pad_right(&id, widths.id)) } else { String::new() };
        let name = Span::raw(format!("{}{id}  ", pad_right(&name, widths.name)));
        match &sku.kind {
            SkuChangeKind::Added(facts) | SkuChangeKind::Removed(facts) => {
                vec![marked(mark), name, Span::raw(self.facts_in_words(facts))]
            }
            SkuChangeKind::Changed(changes) => {
                let Some(change) = changes.get(inner) else { return Vec::new() };
                let label = pad_right(&format::name(Section::Skus, change, self.texts), widths.label);
                let head = vec![name, Span::styled(label, Theme.dim())];
                let mut spans = self.headed_change(Section::Skus, (mark, head), change, later);
                if let Some(first) = spans.first_mut().filter(|_| !named && !later) {
                    *first = Span::raw("  ");
                }
                spans
            }
        }
    }

    /// `Price 799.00  Stock 932  Sales 55`
    fn facts_in_words(&self, facts: &SkuFacts) -> String {
        let texts = self.texts;
        let value = |value| format::value(value, texts);
        let (price, stock, sales) = (value(&facts.price), value(&facts.stock), value(&facts.sales));
        let labels =
            [(texts.label_price(), price), (texts.label_stock(), stock), (texts.label_sales(), sales)];
        labels.map(|(label, value)| format!("{label} {value}")).join("  ")
    }

    fn image(&self, at: usize) -> Vec<Span<'static>> {
        let Some(image) = self.difference.images.get(at) else { return Vec::new() };
        let names = self.view.widths.names(Section::Images);
        let room = self.view.widths.room.saturating_sub(MARGIN + names + 2);
        vec![
            marked(image.status),
            Span::styled(
                format!("{}  ", pad_right(format::images_name(image.list, self.texts), names)),
                Theme.dim(),
            ),
            Span::raw(end_of(&clean(&image.url), room)),
        ]
    }

    /// Returns a change after its mark and name; with `later`, the second of two lines with long values.
    fn headed_change(
        &self,
        section: Section,
        (mark, head): (ChangeStatus, Vec<Span<'static>>),
        change: &Change,
        later: bool,
    ) -> Vec<Span<'static>> {
        let mut spans = vec![marked(mark)];
        let names = self.view.widths.names(section);
        if later {
            spans = vec![Span::raw(" ".repeat(MARGIN - 2 + names)), Span::styled("→ ", Theme.dim())];
        } else {
            spans.extend(head);
            spans.push(Span::raw("  "));
        }
        if is_long(change) {
            spans.push(self.one_of_two(
                change,
                later,
                self.view.widths.room.saturating_sub(MARGIN + names + 2),
            ));
        } else {
            spans.extend(self.beside(section, change));
        }
        spans
    }

    /// Returns one of two long values, from shortly before the first difference.
    fn one_of_two(&self, change: &Change, later: bool, room: usize) -> Span<'static> {
        let (before, after) =
            (format::value(&change.before, self.texts), format::value(&change.after, self.texts));
        let fits = width(&before).max(width(&after)) <= room;
        let cut = if fits { 0 } else { common_start(&before, &after, room) };
        let (text, value) = if later { (after, &change.after) } else { (before, &change.before) };
        let shown = match text.get(cut..) {
            Some(rest) if cut > 0 => format!("…{rest}"),
            _ => text.into_owned(),
        };
        Span::styled(fit(&shown, room).into_owned(), format::value_style(value, Style::new()))
    }

    /// Returns both values in one line. Amounts are aligned in columns.
    fn beside(&self, section: Section, change: &Change) -> Vec<Span<'static>> {
        let widths = &self.view.widths;
        let in_columns = matches!(section, Section::Item | Section::Skus);
        let (before, after) =
            (format::value(&change.before, self.texts), format::value(&change.after, self.texts));
        let is_amount = matches!(change.kind, ChangeKind::Amount(_));
        let (before, after) = if in_columns && is_amount {
            (at_right(&before, widths.before), at_right(&after, widths.after))
        } else {
            (before.into_owned(), after.into_owned())
        };
        let style = if change.is_price() { Theme.price() } else { Style::new() };
        let mut spans = match change.status {
            ChangeStatus::Added => {
                vec![Span::styled(after, format::value_style(&change.after, Style::new()))]
            }
            ChangeStatus::Removed => {
                vec![Span::styled(before, format::value_style(&change.before, Style::new()))]
            }
            ChangeStatus::Changed => vec![
                Span::styled(before, format::value_style(&change.before, Style::new())),
                Span::styled(" → ", Theme.dim()),
                Span::styled(after, format::value_style(&change.after, style)),
            ],
        };
        let amount = if in_columns {
            at_right(&format::amount(change), widths.amount)
        } else {
            format::amount(change)
        };
        if is_amount {
            spans.push(Span::raw(format!("  {amount}")));
            if section != Section::Skus || widths.sku_percents {
                let percent = at_right(&format::percent(change, self.difference), widths.percent);
                spans.push(Span::styled(format!("  {percent}"), Theme.dim()));
            }
        }
        let note = format::note(change, self.texts);
        if !note.is_empty() {
            spans.push(Span::styled(format!("  {note}"), Theme.dim()));
        }
        spans
    }
}

fn marked(mark: ChangeStatus) -> Span<'static> {
    let style = match mark {
        ChangeStatus::Added => Theme.added(),
        ChangeStatus::Removed => Theme.removed(),
        ChangeStatus::Changed => Theme.changed(),
    };
    Span::styled(format!("{} ", format::mark(mark)), style)
}

/// Aligns a text right. It may be wider than its column, since only the first rows are measured.
fn at_right(text: &str, cells: usize) -> String {
    format!("{}{text}", " ".repeat(cells.saturating_sub(width(text))))
}

/// Returns the end of a text that doesn't fit, since addresses differ at their ends.
fn end_of(text: &str, cells: usize) -> String {
    let mut used = 0;
    let too_far = text.char_indices().rev().find(|(_, c)| {
        used += width(c.encode_utf8(&mut [0; 4]));
        used > cells
    });
    if too_far.is_none() {
        return text.to_owned();
    }
    let mut used = 1;
    let shown = text.char_indices().rev().take_while(|(_, c)| {
        used += width(c.encode_utf8(&mut [0; 4]));
        used <= cells
    });
    let start = shown.last().map_or(text.len(), |(at, _)| at);
    format!("…{}", text.get(start..).unwrap_or_default())
}

/// Returns where to begin two texts that don't fit. As much of their common beginning is kept as there is space for.
fn common_start(before: &str, after: &str, room: usize) -> usize {
    let same = before.char_indices().zip(after.chars()).take_while(|((_, a), b)| a == b);
    let shared: Vec<(usize, char)> = same.map(|(own, _)| own).collect();
    let end = shared.last().map_or(0, |(at, c)| at + c.len_utf8());
    let rest = |text: &str| width(text.get(end..).unwrap_or_default());
    let free = room.saturating_sub(1 + rest(before).max(rest(after))).max(room / 3);
    let mut lead = 0;
    let leading = shared.iter().rev().take_while(|(_, c)| {
        lead += width(c.encode_utf8(&mut [0; 4]));
        lead <= free
    });
    let skipped = shared.len() - leading.count();
    shared.get(skipped).map_or(0, |(at, _)| *at)
}
