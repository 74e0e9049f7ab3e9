//! What a frame has beside its cells: links, a picture drawn by the terminal itself, and the place of the cursor.

use std::ops::Range;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

use super::theme::{BAR, CURSOR};
use obx_core::config::PictureMethod;

/// The longest address that becomes a link, in bytes.
const LONGEST: usize = 2_048;

/// What a frame has beside its cells.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    pub links: Vec<Link>,
    pub picture: Option<PlacedPicture>,
    /// Where the terminal's cursor is put, which braille displays and screen readers follow.
    pub cursor: Option<Position>,
    /// Whether the cursor is visible.
    pub shows_cursor: bool,
}

/// Cells of one row that are a link. An address in several rows is several of these with one `id`, so that a terminal
/// takes them for one link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub y: u16,
    pub x: Range<u16>,
    pub id: usize,
    pub target: LinkTarget,
}

/// An address that is safe inside of a control sequence: http or https, in visible ASCII alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget(Arc<str>);

/// A picture that the terminal draws over blank cells.
#[derive(Clone, Debug)]
pub struct PlacedPicture {
    pub area: Rect,
    pub png: Arc<[u8]>,
    pub method: PictureMethod,
}

impl Link {
    pub fn contains(&self, x: u16, y: u16) -> bool {
        self.y == y && self.x.contains(&x)
    }

    pub fn area(&self) -> Rect {
        Rect { x: self.x.start, y: self.y, width: self.x.end.saturating_sub(self.x.start), height: 1 }
    }
}

impl LinkTarget {
    /// The target of an address, be it written with its scheme or without; `None` of all else.
    pub fn parse(address: &str) -> Option<Self> {
        let address = address.trim();
        let full = if address.starts_with("//") { format!("https:{address}") } else { address.to_owned() };
        let is_web = full.starts_with("https://") || full.starts_with("http://");
        let is_safe = full.len() <= LONGEST && full.bytes().all(|byte| byte.is_ascii_graphic());
        (is_web && is_safe).then(|| Self(full.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for PlacedPicture {
    fn eq(&self, other: &Self) -> bool {
        (self.area, self.method) == (other.area, other.method) && Arc::ptr_eq(&self.png, &other.png)
    }
}

/// The places of web addresses in a text, as ranges of its bytes.
pub fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("http")).map(|at| from + at) {
        let rest = text.get(start..).unwrap_or_default();
        let is_part = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\'' | '`');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let address = rest.get(..length).unwrap_or_default().trim_end_matches(['.', ',', ';', ')']);
        from = start + address.len().max(1);
        if LinkTarget::parse(address).is_some() {
            found.push(start..start + address.len());
        }
    }
    found
}

/// Where the cursor belongs in a pane or popup that was drawn: at the mark of the selected row, or else at the caret or
/// selection of a text.
pub fn cursor_in(area: Rect, buffer: &Buffer) -> Option<Position> {
    let area = area.intersection(buffer.area);
    let is_selected =
        |at: &Position| buffer.cell(*at).is_some_and(|cell| cell.modifier.contains(Modifier::REVERSED));
    let is_mark = |at: &Position| buffer.cell(*at).is_some_and(|cell| [BAR, CURSOR].contains(&cell.symbol()));
    let selected = || area.positions().filter(is_selected);
    selected().find(is_mark).or_else(|| selected().next())
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("https://detail.1688.com/offer/1.html", Some("https://detail.1688.com/offer/1.html"))]
    #[case("//cbu01.alicdn.com/a.jpg", Some("https://cbu01.alicdn.com/a.jpg"))]
    #[case("javascript:alert(1)", None)]
    #[case("https://a.example/\u{1b}]8;;http://evil.example\u{1b}\\", None)]
    #[case("https://a.example/ b", None)]
    #[case("https://a.example/图", None)]
    fn a_target_is_an_address_of_the_web_in_visible_ascii(#[case] text: &str, #[case] target: Option<&str>) {
        assert_eq!(LinkTarget::parse(text).as_ref().map(LinkTarget::as_str), target);
    }

    #[test]
    fn addresses_are_found_in_a_text_without_what_follows_them() {
        let text = "见https://a.example/x?y=1，或(http://b.example/z). http only";
        let found: Vec<&str> = addresses(text).into_iter().filter_map(|range| text.get(range)).collect();
        assert_eq!(found, ["https://a.example/x?y=1", "http://b.example/z"]);
    }

    #[test]
    fn the_cursor_is_at_the_mark_of_the_selected_row() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 4));
        let selected = Style::new().add_modifier(Modifier::REVERSED);
        buffer.set_string(0, 0, "▸ folded", Style::new());
        buffer.set_string(4, 1, "head", selected);
        assert_eq!(cursor_in(buffer.area, &buffer), Some(Position { x: 4, y: 1 }));
        buffer.set_string(0, 2, "▸ row   ", selected);
        assert_eq!(cursor_in(buffer.area, &buffer), Some(Position { x: 0, y: 2 }));
        assert_eq!(cursor_in(Rect::new(0, 3, 8, 1), &buffer), None);
    }
}
