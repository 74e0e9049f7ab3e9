//! Draws one row of the tree.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::outline::{INDENT, Outline, Spot};
use super::tree_search::Search;
use crate::ui::measure;
use crate::ui::text::{fit, visible, width};
use crate::ui::theme::Theme;
use obx_core::i18n::Texts;
use onebound_document::{Document, Hits, NodeId, NodeKind};

/// Members of a folded container that are listed beside it.
const MAX_TOLD: usize = 24;
/// Most cells for each of their values.
const MAX_TOLD_VALUE: usize = 24;

/// Settings for drawing rows: the width in cells, and the search whose hits are highlighted.
#[derive(Clone, Copy)]
pub(super) struct Drawing<'a> {
    pub(super) width: usize,
    pub(super) search: Option<&'a Search>,
    pub(super) texts: Texts,
}

/// The spans of a row, and the cells that are left.
struct TreeRow<'a> {
    drawing: Drawing<'a>,
    spans: Vec<Span<'static>>,
    room: usize,
    /// Whether a hit is highlighted in it.
    marked: bool,
}

impl Drawing<'_> {
    pub(super) fn line(self, document: &Document, outline: &mut Outline, spot: &Spot) -> Line<'static> {
        let mut row = TreeRow { drawing: self, spans: Vec::new(), room: self.width, marked: false };
        let mut depth = 0;
        for (level, string) in spot.outer.iter().enumerate() {
            let outer = spot.outer.get(..level).unwrap_or_default();
            if let Some((document, outline)) = outline.within(document, outer) {
                depth += outline.places.steps_to(document, *string).len() + 1;
            }
        }
        if let Some((inner, outline)) = outline.within(document, &spot.outer) {
            row.draw(inner, outline, spot, depth);
        }
        Line::from(row.spans)
    }
}

impl TreeRow<'_> {
    fn draw(&mut self, document: &Document, outline: &mut Outline, spot: &Spot, depth: usize) {
        let way = outline.places.steps_to(document, spot.node);
        let depth = depth + way.len() + usize::from(spot.line.is_some());
        // Limited, so that deep levels still have space for text.
        self.push(" ".repeat((depth * INDENT).min(self.room / 2)), Style::new());
        if let Some(line) = spot.line {
            let text = outline.line(spot.node, line).unwrap_or_default().to_owned();
            self.push("│ ".to_owned(), Theme.dim());
            return self.text(&text, Style::new());
        }
        let foldable = document.is_foldable(spot.node) || is_json(document, spot.node);
        let open = outline.is_open(document, spot.node);
        let sign = match (foldable || open, open) {
            (true, true) => "▾ ",
            (true, false) => "▸ ",
            (false, _) => "  ",
        };
        self.push(sign.to_owned(), Style::new());
        if let Some(key) = document.key(spot.node) {
            self.text(&visible(&key), Theme.name());
            self.push(": ".to_owned(), Theme.punctuation());
        } else if let Some(step) = way.last() {
            self.push(format!("[{}] ", step.place), Theme.dim());
        }
        match document.kind(spot.node) {
            NodeKind::Array | NodeKind::Object => self.container(document, outline, spot, open),
            NodeKind::String => self.string(document, spot, open),
            NodeKind::Null => self.text("null", Theme.null()),
            NodeKind::Bool => self.leaf(document, spot.node, Theme.boolean()),
            NodeKind::Number => self.leaf(document, spot.node, Theme.number()),
        }
    }

    fn container(&mut self, document: &Document, outline: &mut Outline, spot: &Spot, open: bool) {
        let count = outline.places.count(document, spot.node);
        let (left, right) = brackets(document.kind(spot.node));
        if count == 0 {
            return self.push(format!("{left}{right}"), Theme.text());
        }
        self.push(format!("{left}{count}{right}"), Theme.text());
        self.push(format!(" {}", measure::bytes(document.size(spot.node))), Theme.dim());
        if open {
            return;
        }
        if let Some(label) = self.hits_inside(document, spot) {
            self.push(" ".to_owned(), Style::new());
            self.push(label, Theme.hit());
        }
        self.push("  ".to_owned(), Style::new());
        let label = label(document, spot.node, self.room);
        self.push(fit(&label, self.room).into_owned(), Theme.dim());
    }

    /// Draws a string; if it contains JSON that is not open, also the number of hits in it.
    fn string(&mut self, document: &Document, spot: &Spot, open: bool) {
        let Some(label) = self.hits_inside(document, spot).filter(|_| !open) else {
            return self.quoted(document, spot);
        };
        let taken = (width(&label) + 1).min(self.room);
        self.room -= taken;
        self.quoted(document, spot);
        self.room += taken;
        self.push(" ".to_owned(), Style::new());
        self.push(label, Theme.hit());
    }

    fn quoted(&mut self, document: &Document, spot: &Spot) {
        // An escape takes up to six bytes for one or two cells.
        let (text, whole) = document.text_start(spot.node, self.room * 6 + 12);
        let text = visible(&text);
        self.push("\"".to_owned(), Theme.punctuation());
        if whole && width(&text) < self.room {
            self.text(&text, Theme.string());
            return self.push("\"".to_owned(), Theme.punctuation());
        }
        let size = format!(" {}", measure::bytes(document.size(spot.node)));
        let room = self.room.saturating_sub(width(&size) + 1);
        self.text(&format!("{}…", fit(&text, room).trim_end_matches('…')), Theme.string());
        let hidden = !self.marked && self.is_hit(spot);
        self.push(size, if hidden { Theme.hit() } else { Theme.dim() });
    }

    fn leaf(&mut self, document: &Document, id: NodeId, style: Style) {
        let (text, _) = document.text_start(id, self.room + 1);
        self.text(&fit(&visible(&text), self.room), style);
        if document.is_odd_number(id) {
            let label = format!("  {}", self.drawing.texts.not_json());
            self.push(fit(&label, self.room).into_owned(), Theme.warn());
        }
    }

    fn hits(&self) -> Option<&Hits> {
        self.drawing.search?.hits()
    }

    fn is_hit(&self, spot: &Spot) -> bool {
        self.hits().is_some_and(|hits| hits.contains(&spot.path()))
    }

    /// A text with the number of hits inside a container or string.
    fn hits_inside(&self, document: &Document, spot: &Spot) -> Option<String> {
        let hits = self.hits()?.inside(document, &spot.path());
        (hits > 0).then(|| self.drawing.texts.hits_inside(hits))
    }

    /// Draws a text with hits highlighted.
    fn text(&mut self, text: &str, style: Style) {
        let Some(search) = self.drawing.search else { return self.push(text.to_owned(), style) };
        let mut at = 0;
        for hit in search.pattern().matches(text.as_bytes()) {
            self.push(text.get(at..hit.start).unwrap_or_default().to_owned(), style);
            at = hit.end;
            self.push(text.get(hit).unwrap_or_default().to_owned(), style.patch(Theme.hit()));
            self.marked = true;
        }
        self.push(text.get(at..).unwrap_or_default().to_owned(), style);
    }

    fn push(&mut self, text: String, style: Style) {
        if !text.is_empty() {
            self.room = self.room.saturating_sub(width(&text));
            self.spans.push(Span::styled(text, style));
        }
    }
}

/// Whether a string opens as a tree. A short one is parsed to be sure.
pub(super) fn is_json(document: &Document, id: NodeId) -> bool {
    const SHORT: usize = 2_000;
    document.looks_like_json(id)
        && (document.size(id) > SHORT || Document::parse(document.text(id).into_owned().into()).is_ok())
}

fn brackets(kind: NodeKind) -> (char, char) {
    if kind == NodeKind::Object { ('{', '}') } else { ('[', ']') }
}

/// A short list of a container's members.
fn label(document: &Document, id: NodeId, room: usize) -> String {
    let mut label = String::new();
    for child in document.children(id).take(MAX_TOLD) {
        if width(&label) > room {
            break;
        }
        if !label.is_empty() {
            label.push_str(", ");
        }
        if let Some(key) = document.key(child) {
            label.push_str(&fit(&visible(&key), MAX_TOLD_VALUE));
            label.push_str(": ");
        }
        let (left, right) = brackets(document.kind(child));
        match document.kind(child) {
            NodeKind::Array | NodeKind::Object if document.is_foldable(child) => {
                label.extend([left, '…', right]);
            }
            NodeKind::Array | NodeKind::Object => label.extend([left, right]),
            NodeKind::String => {
                let (text, _) = document.text_start(child, MAX_TOLD_VALUE * 6);
                label.extend(["\"", &fit(&visible(&text), MAX_TOLD_VALUE), "\""]);
            }
            NodeKind::Null | NodeKind::Bool | NodeKind::Number => {
                label.push_str(&fit(&document.text_start(child, MAX_TOLD_VALUE + 1).0, MAX_TOLD_VALUE));
            }
        }
    }
    label
}
