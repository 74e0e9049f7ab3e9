//! The tree view: folding, cursor, and visible rows.

mod followed;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::outline::{INDENT, Outline, Spot};
use super::row::{Drawing, is_json};
use super::tree_search::Search;
use super::unfolded::{unfold, unfolded};
use crate::message::{Action, Effect, FoldStep};
use crate::ui::measure;
use crate::ui::scroll::Scroll;
use crate::ui::theme::Theme;
use followed::Followed;
use obx_core::i18n::{Language, Texts};
use onebound_document::{Document, NodeId, NodeKind, NodeRef};

/// Cells beside a row for the cursor's mark.
const MARGIN: u16 = 1;
/// Rows above a node that another pane asked to show.
const BEFORE_SHOWN: usize = 3;
/// Cells before the text of a row that belongs to a string, for `│ `.
const BEFORE_TEXT: usize = 2;

/// The tree of one answer. All calls must pass the document that it was created for.
#[derive(Debug)]
pub(super) struct Tree {
    outline: Outline,
    followed: Followed,
    scroll: Scroll,
    area: Rect,
    /// The visible rows, the number of the first, and the key that they were drawn for. Rows are reused while only
    /// the cursor moves.
    lines: Vec<Line<'static>>,
    first: usize,
    cache_key: Option<(u16, Language)>,
    path: String,
}

impl Tree {
    /// Creates the tree with the outermost value and, in an answer, the item unfolded.
    pub(super) fn new(document: &Document) -> Self {
        let root = document.root();
        let open: Vec<NodeId> = [Some(root), document.get(root, "item")].into_iter().flatten().collect();
        Self {
            outline: Outline::new(document, &open),
            followed: Followed::default(),
            scroll: Scroll::default(),
            area: Rect::default(),
            lines: Vec::new(),
            first: 0,
            cache_key: None,
            path: String::new(),
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.outline.rows()
    }

    /// The paths of the containers that the user has unfolded.
    pub(super) fn unfolded(&self, document: &Document) -> Vec<Vec<FoldStep>> {
        unfolded(document, &self.outline.folds, |node| self.followed.has_opened(node))
    }

    /// Unfolds these containers and folds all others.
    pub(super) fn unfold(&mut self, document: &Document, paths: &[Vec<FoldStep>]) {
        unfold(document, &mut self.outline.folds, paths);
        self.cache_key = None;
    }

    #[cfg(test)]
    pub(super) fn outline(&self) -> &Outline {
        &self.outline
    }

    #[cfg(test)]
    pub(super) fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    #[cfg(test)]
    pub(super) fn forget_lines(&mut self) {
        self.cache_key = None;
    }

    /// The cursor's row.
    pub(super) fn at(&self) -> usize {
        self.scroll.at
    }

    /// The spot under the cursor.
    pub(super) fn spot(&self) -> Option<Spot> {
        self.outline.spot(self.scroll.at)
    }

    /// The path of what the cursor is on, as of the last [`Tree::layout`].
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The path in jq's syntax.
    pub(super) fn jq_path(&mut self, document: &Document) -> String {
        let paths = self.paths(document, |outline, document, id| outline.places.jq_path(document, id));
        paths.join(" | fromjson | ")
    }

    /// The document and node under the cursor.
    pub(super) fn focused<'a>(&'a mut self, document: &'a Document) -> Option<(&'a Document, NodeId)> {
        let spot = self.spot()?;
        let (inner, _) = self.outline.within(document, &spot.outer)?;
        Some((inner, spot.node))
    }

    #[must_use]
    pub(super) fn act(&mut self, action: Action, document: &Document, texts: Texts) -> Vec<Effect> {
        let Some(spot) = self.spot() else { return Vec::new() };
        if self.scroll.act(action, self.outline.rows(), usize::from(self.area.height)) {
            return Vec::new();
        }
        self.cache_key = None;
        match action {
            Action::Open | Action::Fold => return self.toggle(document, &spot, texts),
            Action::Right if !self.is_open(document, &spot) => return self.toggle(document, &spot, texts),
            Action::Right if spot.line.is_none() => self.scroll.at += 1,
            Action::Left => self.leave(document, &spot, texts),
            Action::Wrap => self.wrap(document, &spot, texts),
            Action::UnfoldAll | Action::FoldAll => {
                self.followed = Followed::default();
                self.outline.set_all(document, action == Action::UnfoldAll);
                self.stay_at(document, spot);
            }
            Action::UnfoldLevel | Action::FoldLevel => {
                self.set_level(document, spot, action == Action::UnfoldLevel);
            }
            Action::NextSibling => self.step(document, &spot, 1),
            Action::PreviousSibling => self.step(document, &spot, -1),
            _ => {}
        }
        Vec::new()
    }

    /// Moves the cursor to a node: unfolds the containers around it, and opens the strings around it.
    pub(super) fn go_to(&mut self, document: &Document, way: &[NodeId]) {
        self.reveal(document, way);
        self.own(document, way);
    }

    fn reveal(&mut self, document: &Document, way: &[NodeId]) {
        self.cache_key = None;
        for (level, id) in way.iter().enumerate() {
            let outer = way.get(..level).unwrap_or_default();
            let Some((inner, outline)) = self.outline.within(document, outer) else { return };
            outline.reveal(inner, *id);
            let is_string = level + 1 < way.len();
            if is_string && !outline.has_json(*id) && outline.open_json(inner, *id).is_err() {
                return;
            }
        }
        if let Some((node, outer)) = way.split_last() {
            self.stay_at(document, Spot { outer: outer.to_vec(), node: *node, line: None });
        }
    }

    /// Moves the cursor to a node and unfolds it, scrolled so that its contents are visible.
    pub(super) fn show(&mut self, document: &Document, target: &NodeRef) {
        self.reveal_unfolded(document, target);
        self.own(document, &target.path());
    }

    fn reveal_unfolded(&mut self, document: &Document, target: &NodeRef) {
        self.reveal(document, &target.path());
        if let Some((inner, outline)) = self.outline.within(document, &target.outer)
            && inner.is_foldable(target.node)
        {
            outline.folds.set(inner, target.node, true);
        }
        self.scroll.top = self.scroll.at.saturating_sub(BEFORE_SHOWN);
    }

    pub(super) fn layout(&mut self, document: &Document, search: Option<&Search>, area: Rect, texts: Texts) {
        if self.area.width != area.width {
            let cells = usize::from(area.width.saturating_sub(MARGIN)).saturating_sub(BEFORE_TEXT);
            self.outline.rewrap(document, cells, texts);
        }
        self.area = area;
        let rows = self.outline.rows();
        self.scroll.clamp(rows, usize::from(area.height));
        let drawing = Drawing { width: usize::from(area.width.saturating_sub(MARGIN)), search, texts };
        let sight = self.scroll.top..rows.min(self.scroll.top + usize::from(area.height));
        // Rows are not reused during a search, because hits keep being found.
        let cache_key = Some((area.width, texts.language())).filter(|_| search.is_none());
        let mut before = std::mem::take(&mut self.lines);
        if cache_key.is_none() || self.cache_key != cache_key {
            before.clear();
        }
        let mut reused = |row: usize| before.get_mut(row.checked_sub(self.first)?).map(std::mem::take);
        let outline = &mut self.outline;
        let mut made = |row| outline.spot(row).map(|spot| drawing.line(document, outline, &spot));
        self.lines = sight.filter_map(|row| reused(row).or_else(|| made(row))).collect();
        (self.first, self.cache_key) = (self.scroll.top, cache_key);
        let paths = self.paths(document, |outline, document, id| outline.places.path(document, id));
        self.path = paths.join(" » ");
    }

    pub(super) fn view(&self, focused: bool, area: Rect, buffer: &mut Buffer) {
        let inside = Rect { x: area.x + MARGIN, width: area.width.saturating_sub(MARGIN), ..area };
        for (at, (y, line)) in (area.top()..area.bottom()).zip(&self.lines).enumerate() {
            crate::ui::line(buffer, inside.x, y, inside.width, line);
            if self.scroll.top + at == self.scroll.at {
                crate::ui::line(buffer, area.x, y, MARGIN, &Line::from(crate::ui::theme::BAR));
                crate::ui::row_style(buffer, area, y, Theme.cursor(focused));
            }
        }
    }

    /// The path in each of the nested documents around the cursor.
    fn paths(
        &mut self,
        document: &Document,
        path: impl Fn(&mut Outline, &Document, NodeId) -> String,
    ) -> Vec<String> {
        let Some(spot) = self.spot() else { return Vec::new() };
        let nodes: Vec<NodeId> = spot.outer.iter().copied().chain([spot.node]).collect();
        let outer = |level: usize| spot.outer.get(..level).unwrap_or_default();
        let path_at = |(level, node): (usize, NodeId)| {
            let (document, outline) = self.outline.within(document, outer(level))?;
            Some(path(outline, document, node))
        };
        nodes.into_iter().enumerate().filter_map(path_at).collect()
    }

    fn is_open(&mut self, document: &Document, spot: &Spot) -> bool {
        let Some((document, outline)) = self.outline.within(document, &spot.outer) else { return false };
        outline.is_open(document, spot.node)
    }

    /// Folds or unfolds a container, or closes or opens the contents of a string.
    #[must_use]
    fn toggle(&mut self, document: &Document, spot: &Spot, texts: Texts) -> Vec<Effect> {
        self.own(document, &spot.path());
        let Some((inner, outline)) = self.outline.within(document, &spot.outer) else { return Vec::new() };
        let id = spot.node;
        if inner.is_foldable(id) {
            outline.folds.set(inner, id, !outline.folds.is_open(id));
        } else if outline.is_open(inner, id) {
            outline.close(id);
            self.stay_at(document, Spot { line: None, ..spot.clone() });
        } else if is_json(inner, id) {
            if inner.size(id) > Document::MAX_NESTED {
                return vec![Effect::alert(texts.json_too_large(measure::bytes(inner.size(id))))];
            }
            if let Err(error) = outline.open_json(inner, id) {
                return vec![Effect::alert(texts.string_is_no_json(error.at))];
            }
        } else {
            self.wrap(document, spot, texts);
        }
        Vec::new()
    }

    /// Folds an open node, or else moves the cursor to its parent.
    fn leave(&mut self, document: &Document, spot: &Spot, texts: Texts) {
        if spot.line.is_some() {
            return self.stay_at(document, Spot { line: None, ..spot.clone() });
        }
        if self.is_open(document, spot) {
            drop(self.toggle(document, spot, texts));
            return;
        }
        if let Some(parent) = self.parent(document, spot) {
            self.stay_at(document, parent);
        }
    }

    /// Opens or closes a string's text below it.
    fn wrap(&mut self, document: &Document, spot: &Spot, texts: Texts) {
        self.own(document, &spot.path());
        let depth = self.depth(document, spot) + 1;
        let width = usize::from(self.area.width.saturating_sub(MARGIN));
        let Some((inner, outline)) = self.outline.within(document, &spot.outer) else { return };
        if inner.kind(spot.node) != NodeKind::String {
            return;
        }
        if outline.has_text(spot.node) {
            outline.close(spot.node);
        } else {
            let room = width.saturating_sub(depth * INDENT + BEFORE_TEXT);
            outline.open_text(inner, spot.node, room, texts);
        }
        self.stay_at(document, Spot { line: None, ..spot.clone() });
    }

    fn depth(&mut self, document: &Document, spot: &Spot) -> usize {
        let mut depth = spot.outer.len();
        for (level, node) in spot.outer.iter().chain([&spot.node]).enumerate() {
            let outer = spot.outer.get(..level).unwrap_or_default();
            let within = self.outline.within(document, outer);
            depth += within.map_or(0, |(document, outline)| outline.places.steps_to(document, *node).len());
        }
        depth
    }

    fn set_level(&mut self, document: &Document, spot: Spot, open: bool) {
        self.followed = Followed::default();
        if let Some((inner, outline)) = self.outline.within(document, &spot.outer)
            && let Some(parent) = outline.places.parent(inner, spot.node)
        {
            outline.folds.set_in(inner, parent, open);
        }
        self.stay_at(document, spot);
    }

    fn step(&mut self, document: &Document, spot: &Spot, by: isize) {
        let within = self.outline.within(document, &spot.outer);
        let sibling = within.and_then(|(inner, outline)| outline.places.sibling(inner, spot.node, by));
        if let Some(node) = sibling {
            self.stay_at(document, Spot { node, line: None, outer: spot.outer.clone() });
        }
    }

    /// The parent of a row: its container, or the string that contains its document.
    fn parent(&mut self, document: &Document, spot: &Spot) -> Option<Spot> {
        let (inner, outline) = self.outline.within(document, &spot.outer)?;
        if let Some(node) = outline.places.parent(inner, spot.node) {
            Some(Spot { node, line: None, outer: spot.outer.clone() })
        } else {
            let (node, outer) = spot.outer.split_last()?;
            Some(Spot { node: *node, line: None, outer: outer.to_vec() })
        }
    }

    /// Moves the cursor to a spot, or if that is hidden, to the node that hides it.
    fn stay_at(&mut self, document: &Document, spot: Spot) {
        let mut spot = spot;
        loop {
            if let Some(row) = self.outline.row_of(&spot) {
                self.scroll.at = row;
                return;
            }
            let Some(parent) = self.parent(document, &spot) else { return };
            spot = parent;
        }
    }
}
