//! Labelled values in one or two columns, as the area allows.
//!
//! ```text
//!  价格    price       799.00  所有SKU 799.00      one column, with the API's names
//!
//!  价格    799.00  所有SKU 799.00                  two columns, without
//!  起订量  2部                     库存    1763部
//!
//!  价格 799.00  所有SKU 799.00   起订量 2部         one after the other
//! ```
//!
//! A figure is never broken or cut, since a part of it would read as another figure: one that does not fit is `…`.

use std::borrow::Cow;

use ratatui::layout::Size;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::text::{pad_right, width, wrap};
use crate::ui::theme::Theme;

/// Cells between a label and its value, and between two columns.
const GAP: usize = 2;
/// The least cells for a value: with fewer, the names of the API or the second column are left out.
const MIN_VALUE: usize = 22;

/// A part of a value that is kept on one line.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    spans: Vec<Span<'static>>,
    /// Words, which may be broken where they do not fit at all.
    is_text: bool,
}

/// A label with its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    label: Cow<'static, str>,
    /// The API's name of the field; empty if the value names its fields.
    name: Cow<'static, str>,
    pieces: Vec<Piece>,
    separator: &'static str,
    /// Whether it begins a line, and the next entry another one.
    is_alone: bool,
}

/// How entries are laid out.
#[derive(Clone, Copy)]
struct Form {
    columns: usize,
    with_names: bool,
}

/// From the most explicit to the most compact.
const FORMS: [Form; 4] = [
    Form { columns: 1, with_names: true },
    Form { columns: 2, with_names: true },
    Form { columns: 1, with_names: false },
    Form { columns: 2, with_names: false },
];

impl Piece {
    /// A figure, or a few words with one.
    pub(super) fn figure(text: impl Into<Cow<'static, str>>, style: Style) -> Self {
        Self { spans: vec![Span::styled(text, style)], is_text: false }
    }

    /// Words, without figures that could be misread.
    pub(super) fn text(text: impl Into<Cow<'static, str>>, style: Style) -> Self {
        Self { spans: vec![Span::styled(text, style)], is_text: true }
    }

    /// The piece after the API's name of its field.
    pub(super) fn after_name(mut self, name: &str) -> Self {
        self.spans.insert(0, Span::styled(format!("{name} "), Theme.dim()));
        self
    }

    fn width(&self) -> usize {
        self.spans.iter().map(|span| width(&span.content)).sum()
    }

    /// Its lines in this many cells, where it does not fit into one.
    fn broken(&self, cells: usize) -> Vec<Vec<Span<'static>>> {
        if !self.is_text {
            return vec![vec![Span::styled("…", Theme.dim())]];
        }
        let style = self.spans.last().map_or(Style::new(), |span| span.style);
        let text: String = self.spans.iter().map(|span| span.content.as_ref()).collect();
        wrap(&text, cells).into_iter().map(|line| vec![Span::styled(line.to_owned(), style)]).collect()
    }
}

impl Entry {
    pub(super) fn new(
        label: impl Into<Cow<'static, str>>,
        name: impl Into<Cow<'static, str>>,
        pieces: impl IntoIterator<Item = Piece>,
    ) -> Self {
        Self {
            label: label.into(),
            name: name.into(),
            pieces: pieces.into_iter().collect(),
            separator: "  ",
            is_alone: false,
        }
    }

    /// Spells the signs that no single ASCII character stands for: `>2` is not `≥2`.
    pub(super) fn spell_in_ascii(&mut self) {
        for span in self.pieces.iter_mut().flat_map(|piece| &mut piece.spans) {
            if span.content.contains('≥') {
                span.content = span.content.replace('≥', ">=").into();
            }
        }
    }

    /// Keeps the entry off the lines of all others.
    pub(super) fn alone(self) -> Self {
        Self { is_alone: true, ..self }
    }

    pub(super) fn separated(self, separator: &'static str) -> Self {
        Self { separator, ..self }
    }

    /// Its label before a value in the same line.
    fn flowing_label(&self) -> Option<Span<'static>> {
        let label = Some(&self.label).filter(|label| !label.is_empty());
        label.map(|label| Span::styled(format!("{label} "), Theme.dim()))
    }

    /// The cells of label and value in one line.
    fn flowing_width(&self) -> usize {
        let label = self.flowing_label().map_or(0, |label| width(&label.content));
        let gaps = self.pieces.len().saturating_sub(1) * width(self.separator);
        label + gaps + self.pieces.iter().map(Piece::width).sum::<usize>()
    }

    /// The value in lines of at most this many cells.
    fn lines(&self, cells: usize) -> Vec<Vec<Span<'static>>> {
        let mut lines: Vec<Vec<Span<'static>>> = Vec::new();
        let mut left = 0;
        for piece in &self.pieces {
            let (wanted, gap) = (piece.width(), width(self.separator));
            match lines.last_mut() {
                Some(line) if gap + wanted <= left => {
                    line.push(Span::styled(self.separator, Theme.dim()));
                    line.extend(piece.spans.iter().cloned());
                    left -= gap + wanted;
                }
                _ if wanted <= cells => {
                    lines.push(piece.spans.clone());
                    left = cells - wanted;
                }
                _ => {
                    lines.extend(piece.broken(cells));
                    left = 0;
                }
            }
        }
        if lines.is_empty() { vec![Vec::new()] } else { lines }
    }
}

/// Lays the entries out: with as much as the area has room for, without scrolling if possible.
pub(super) fn rows(entries: &[Entry], area: Size) -> Vec<Line<'static>> {
    let mut shortest: Option<Vec<Line<'static>>> = None;
    let roomy = FORMS.iter().filter(|form| form.value_width(entries, area) >= MIN_VALUE);
    for form in roomy {
        let rows = form.rows(entries, area);
        let plain = Form { with_names: false, ..*form };
        // A value is not broken for the sake of a name.
        if form.with_names && plain.rows(entries, area).len() < rows.len() {
            continue;
        }
        if rows.len() <= usize::from(area.height) {
            return rows;
        }
        if shortest.as_ref().is_none_or(|shortest| rows.len() < shortest.len()) {
            shortest = Some(rows);
        }
    }
    let flowing = Flow { cells: usize::from(area.width), keeps_entries: true };
    let rows = flowing.rows(entries);
    if rows.len() <= usize::from(area.height) {
        return rows;
    }
    let dense = Flow { keeps_entries: false, ..flowing }.rows(entries);
    shortest.filter(|shortest| shortest.len() <= dense.len()).unwrap_or(dense)
}

/// Cells between two entries of one line.
const ENTRY_GAP: &str = "   ";

/// One entry after the other, as words of a text.
#[derive(Clone, Copy)]
struct Flow {
    cells: usize,
    /// Whether an entry that would fit into a line of its own is kept on one line.
    keeps_entries: bool,
}

impl Flow {
    fn rows(self, entries: &[Entry]) -> Vec<Line<'static>> {
        let mut rows: Vec<Line<'static>> = Vec::new();
        let mut was_alone = false;
        for entry in entries {
            let whole = entry.flowing_width();
            let mut left = rows.last().map_or(0, |row| self.cells.saturating_sub(row.width()));
            if self.keeps_entries && whole <= self.cells && whole + width(ENTRY_GAP) > left {
                left = 0;
            }
            if entry.is_alone || was_alone {
                left = 0;
            }
            was_alone = entry.is_alone;
            for (at, piece) in entry.pieces.iter().enumerate() {
                let gap = if at == 0 { ENTRY_GAP } else { entry.separator };
                let label = entry.flowing_label().filter(|_| at == 0);
                let spans: Vec<_> = label.into_iter().chain(piece.spans.iter().cloned()).collect();
                let wanted: usize = spans.iter().map(|span| width(&span.content)).sum();
                match rows.last_mut() {
                    Some(row) if width(gap) + wanted <= left => {
                        row.push_span(Span::styled(gap, Theme.dim()));
                        row.extend(spans);
                        left -= width(gap) + wanted;
                    }
                    _ if wanted <= self.cells => {
                        rows.push(Line::from(spans));
                        left = self.cells - wanted;
                    }
                    _ => {
                        rows.extend(entry.flowing_label().filter(|_| at == 0).map(Line::from));
                        rows.extend(piece.broken(self.cells).into_iter().map(Line::from));
                        left = 0;
                    }
                }
            }
        }
        rows
    }
}

impl Form {
    /// The cells of one column.
    fn cell_width(self, area: Size) -> usize {
        (usize::from(area.width) + GAP) / self.columns - GAP.min(usize::from(area.width))
    }

    /// The cells of the labels: of their own, and with the API's names.
    fn label_widths(self, entries: &[Entry]) -> (usize, usize) {
        let labels = entries.iter().map(|entry| width(&entry.label)).max().unwrap_or_default() + GAP;
        let names = entries.iter().map(|entry| width(&entry.name)).max().unwrap_or_default() + GAP;
        (labels, if self.with_names { labels + names } else { labels })
    }

    fn value_width(self, entries: &[Entry], area: Size) -> usize {
        self.cell_width(area).saturating_sub(self.label_widths(entries).1)
    }

    fn rows(self, entries: &[Entry], area: Size) -> Vec<Line<'static>> {
        let (cell, (_, label)) = (self.cell_width(area), self.label_widths(entries));
        let whole = usize::from(area.width).saturating_sub(label);
        let fits_beside = |entry: &Entry| {
            let lines = entry.lines(cell.saturating_sub(label));
            (self.columns > 1 && lines.len() == 1 && !entry.is_alone).then_some(lines)
        };
        let mut rows: Vec<Line<'static>> = Vec::new();
        let mut rest = entries.iter().peekable();
        while let Some(entry) = rest.next() {
            let beside = fits_beside(entry);
            let next = rest.peek().filter(|_| beside.is_some()).and_then(|next| fits_beside(next));
            let (Some(left), Some(right)) = (beside, next) else {
                rows.extend(self.labelled(entries, entry, entry.lines(whole)));
                continue;
            };
            let Some(second) = rest.next() else { break };
            let mut row = self.labelled(entries, entry, left).pop().unwrap_or_default();
            let blanks = (cell + GAP).saturating_sub(row.width());
            row.push_span(Span::raw(" ".repeat(blanks)));
            row.extend(self.labelled(entries, second, right).into_iter().flatten());
            rows.push(row);
        }
        rows
    }

    /// The lines of a value, the first of them after its label.
    fn labelled(
        self,
        entries: &[Entry],
        entry: &Entry,
        lines: Vec<Vec<Span<'static>>>,
    ) -> Vec<Line<'static>> {
        let (labels, all) = self.label_widths(entries);
        let head = |at: usize| match at {
            0 if self.with_names => {
                let (label, name) = (pad_right(&entry.label, labels), pad_right(&entry.name, all - labels));
                vec![Span::raw(label), Span::styled(name, Theme.dim())]
            }
            0 => vec![Span::styled(pad_right(&entry.label, all), Theme.dim())],
            _ => vec![Span::raw(" ".repeat(all))],
        };
        let line = |(at, spans): (usize, Vec<Span<'static>>)| Line::from([head(at), spans].concat());
        lines.into_iter().enumerate().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(entries: &[Entry], width: u16, height: u16) -> Vec<String> {
        let rows = rows(entries, Size { width, height });
        rows.iter().map(|row| row.to_string().trim_end().to_owned()).collect()
    }

    fn entry(label: &'static str, name: &'static str, pieces: &[&'static str]) -> Entry {
        Entry::new(label, name, pieces.iter().map(|piece| Piece::figure(*piece, Style::new())))
    }

    fn item() -> Vec<Entry> {
        vec![
            entry("价格", "price", &["799.00"]),
            entry("阶梯价", "priceRange", &["≥2 15.80", "≥50 14.50", "≥200 13.90"]).separated(" · "),
            entry("起订量", "min_num", &["2部"]),
            entry("库存", "num", &["1763部"]),
        ]
    }

    #[test]
    fn the_names_of_the_api_stand_beside_the_labels_where_there_is_room() {
        let expected = [
            "价格    price       799.00",
            "阶梯价  priceRange  ≥2 15.80 · ≥50 14.50 · ≥200 13.90",
            "起订量  min_num     2部",
            "库存    num         1763部",
        ];
        assert_eq!(shown(&item(), 60, 9), expected);
    }

    #[test]
    fn few_rows_are_filled_with_two_columns() {
        let expected = [
            "价格    799.00",
            "阶梯价  ≥2 15.80 · ≥50 14.50 · ≥200 13.90",
            "起订量  2部                     库存    1763部",
        ];
        assert_eq!(shown(&item(), 62, 3), expected);
    }

    #[test]
    fn a_figure_without_room_is_left_out_as_a_whole() {
        assert_eq!(shown(&[entry("a", "", &["1234567", "12"])], 6, 9), ["a", "…", "12"]);
    }

    proptest! {
        #[test]
        fn no_row_is_wider_than_its_area_and_no_figure_is_cut(
            figures in prop::collection::vec(prop::collection::vec("[1-9][0-9]{0,12}", 0..5), 0..9),
            width in 12_u16..120,
            height in 0_u16..20,
        ) {
            let entries: Vec<Entry> = figures.iter().map(|pieces| {
                Entry::new("价格", "price", pieces.iter().map(|text| Piece::figure(text.clone(), Style::new())))
            }).collect();
            let all: Vec<&String> = figures.iter().flatten().collect();
            for row in shown(&entries, width, height) {
                prop_assert!(crate::ui::text::width(&row) <= usize::from(width), "{row}");
                let digits = row.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
                for word in digits {
                    prop_assert!(all.iter().any(|figure| *figure == word), "{word} in {row}");
                }
            }
        }
    }
}
