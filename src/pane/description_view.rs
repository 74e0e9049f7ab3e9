//! `D`: the item's description as text to read; each line can be copied. Images are shown by number and address, and
//! none is loaded.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::text::{Line, Span};

use super::Hint;
use super::popup::{Popup, close_and_page, closes};
use crate::message::{Action, ClipboardText, Effect};
use crate::model::Model;
use crate::ui::Edges;
use crate::ui::layout::{inner, popup};
use crate::ui::overlay::{Link, LinkTarget, addresses};
use crate::ui::scroll::Scroll;
use crate::ui::text::{clean, first_line, split_at_width, width};
use crate::ui::theme::{CURSOR, Theme};
use obx_core::i18n::Texts;
use onebound::{DescriptionLine, DescriptionText};

/// Tells the links of a line from those of the others.
const MAX_LINKS: usize = 100_000;

/// Width in cells; longer lines are hard to read.
const WIDTH: u16 = 100;

#[derive(Debug)]
pub struct DescriptionView {
    lines: Vec<ShownLine>,
    images: usize,
    /// For each row its line, and the range of the line's text.
    rows: Vec<(usize, Range<usize>)>,
    room: usize,
    scroll: Scroll,
    height: usize,
    texts: Texts,
}

/// A line, cleaned for cells.
#[derive(Debug)]
struct ShownLine {
    text: String,
    /// The text that is copied, if that isn't `text`.
    copied: Option<String>,
    /// An image's number and address, dimmed beside the text to read.
    is_image: bool,
    /// Where web addresses are in the text, and what they lead to.
    addresses: Vec<(Range<usize>, LinkTarget)>,
}

impl ShownLine {
    fn new(text: String, copied: Option<String>, is_image: bool) -> Self {
        let linked = |range: Range<usize>| {
            let target = LinkTarget::parse(text.get(range.clone())?)?;
            Some((range, target))
        };
        let addresses = addresses(&text).into_iter().filter_map(linked).collect();
        Self { text, copied, is_image, addresses }
    }
}

impl DescriptionView {
    /// Shows the description of the item on the screen.
    pub fn from_model(model: &Model) -> Self {
        match model.item() {
            Some(item) => Self::new(item.description(), model.texts),
            None => Self::saying(model.texts.description_no_item(), model.texts),
        }
    }

    /// Shows this description.
    pub fn new(read: &DescriptionText, texts: Texts) -> Self {
        let mut lines: Vec<ShownLine> = read.lines.iter().map(|line| clean_line(line, texts)).collect();
        if read.cut {
            lines.push(ShownLine::new(texts.description_cut().to_owned(), None, false));
        }
        if lines.is_empty() {
            return Self::saying(texts.description_none(), texts);
        }
        let scroll = Scroll::default();
        Self { lines, images: read.images, rows: Vec::new(), room: 0, scroll, height: 0, texts }
    }

    /// Shows a message in place of a description.
    fn saying(text: &str, texts: Texts) -> Self {
        let lines = vec![ShownLine::new(text.to_owned(), None, false)];
        let scroll = Scroll::default();
        Self { lines, images: 0, rows: Vec::new(), room: 0, scroll, height: 0, texts }
    }

    /// The links in a part of a line that is drawn at this place. All parts of an address are one link.
    fn links_in(&self, at: usize, part: &Range<usize>, y: u16, x: u16) -> Vec<Link> {
        let Some(line) = self.lines.get(at) else { return Vec::new() };
        let part_of = |(address, target): &(Range<usize>, LinkTarget)| {
            let shown = address.start.max(part.start)..address.end.min(part.end);
            let before = line.text.get(part.start..shown.start)?;
            let start = x + u16::try_from(width(before)).ok()?;
            let cells = u16::try_from(width(line.text.get(shown)?)).ok()?;
            let id = at * MAX_LINKS + address.start % MAX_LINKS;
            Some(Link { y, x: start..start + cells, id, target: target.clone() })
        };
        line.addresses.iter().filter_map(part_of).collect()
    }

    /// Copies the whole line that the cursor is on; of an image, its address.
    #[must_use]
    fn copy(&self) -> Option<Effect> {
        let line = self.rows.get(self.scroll.at).and_then(|(line, _)| self.lines.get(*line))?;
        let text = line.copied.as_ref().unwrap_or(&line.text);
        let what = self.texts.description_title().to_owned();
        (!text.is_empty()).then(|| Effect::Copy { what, text: ClipboardText::new(text) })
    }
}

impl Popup for DescriptionView {
    fn act(&mut self, action: Action, _model: &Model) -> Vec<Effect> {
        match action {
            _ if closes(action, Action::Description) => vec![Effect::ClosePopup],
            Action::Copy => self.copy().into_iter().collect(),
            _ => {
                self.scroll.act(action, self.rows.len(), self.height);
                Vec::new()
            }
        }
    }

    fn translate(&mut self, model: &Model) {
        *self = Self { scroll: self.scroll, ..Self::from_model(model) };
    }

    fn layout(&mut self, _model: &Model, screen: Size) {
        let widest = inner(popup(screen, WIDTH, u16::MAX));
        let room = usize::from(widest.width.saturating_sub(3));
        if self.room != room {
            // The cursor stays on its line.
            let line = self.rows.get(self.scroll.at).map_or(0, |(line, _)| *line);
            self.rows = self.lines.iter().enumerate().flat_map(|(at, line)| rows(at, line, room)).collect();
            self.scroll.at = self.rows.iter().position(|(at, _)| *at == line).unwrap_or_default();
            self.room = room;
        }
        self.height = usize::from(inner(self.area(screen)).height);
        self.scroll.clamp(self.rows.len(), self.height);
    }

    fn area(&self, screen: Size) -> Rect {
        popup(screen, WIDTH, u16::try_from(self.rows.len() + 2).unwrap_or(u16::MAX))
    }

    fn view(&self, _model: &Model, area: Rect, buffer: &mut Buffer) {
        let images = match self.images {
            0 => String::new(),
            count => format!("  {}", self.texts.images_in_description(count)),
        };
        let title = Line::from(format!(" {}{images} ", self.texts.description_title()));
        let right = if self.rows.len() > self.height {
            format!(" {} ", self.texts.position(self.scroll.at + 1, self.rows.len()))
        } else {
            String::new()
        };
        crate::ui::popup_frame(buffer, area, &Edges { title, right: Line::from(right), ..Edges::default() });
        let inside = inner(area);
        let in_sight = self.rows.iter().enumerate().skip(self.scroll.top);
        for (y, (at, (line, part))) in (inside.top()..inside.bottom()).zip(in_sight) {
            let here = at == self.scroll.at;
            let line = self.lines.get(*line);
            let text = line.and_then(|line| line.text.get(part.clone())).unwrap_or_default();
            let is_image = line.is_some_and(|line| line.is_image);
            let style = if is_image { Theme.dim() } else { Theme.text() };
            let mark = Span::raw(format!("{} ", if here { CURSOR } else { " " }));
            crate::ui::line(
                buffer,
                inside.x,
                y,
                inside.width,
                &Line::from(vec![mark, Span::styled(text, style)]),
            );
            if here {
                crate::ui::row_style(buffer, inside, y, Theme.cursor(true));
            }
        }
    }

    fn links(&self, area: Rect) -> Vec<Link> {
        let inside = inner(area);
        let in_sight = self.rows.iter().skip(self.scroll.top);
        let rows = (inside.top()..inside.bottom()).zip(in_sight);
        rows.flat_map(|(y, (line, part))| self.links_in(*line, part, y, inside.x + 2)).collect()
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let mut hints = vec![Hint::free(Action::Copy, model.texts.hint_copy())];
        hints.extend(close_and_page(self.rows.len() > self.height, model));
        hints
    }
}

fn clean_line(line: &DescriptionLine, texts: Texts) -> ShownLine {
    match line {
        DescriptionLine::Text(text) => ShownLine::new(clean(text).into_owned(), Some(text.clone()), false),
        DescriptionLine::Image { number, url, alt } => {
            let text = [format!("[{number}]"), clean(alt).into_owned(), clean(url).into_owned()];
            let text: Vec<String> = text.into_iter().filter(|part| !part.is_empty()).collect();
            let mut line = ShownLine::new(text.join(" "), Some(url.clone()), true);
            // Without a scheme it is not found as an address.
            let from = line.text.len() - clean(url).len();
            if line.addresses.is_empty()
                && let Some(target) = LinkTarget::parse(url)
            {
                line.addresses.push((from..line.text.len(), target));
            }
            line
        }
        DescriptionLine::Pixel(url) => {
            let text = texts.description_pixel(clean(url));
            // A link would invite to load it.
            ShownLine { text, copied: Some(url.clone()), is_image: true, addresses: Vec::new() }
        }
    }
}

/// Breaks a line into rows, as ranges of its text. An empty line makes a row, too.
fn rows(line: usize, shown: &ShownLine, room: usize) -> Vec<(usize, Range<usize>)> {
    let text = shown.text.trim_end();
    let whole: Vec<Range<usize>> = match shown.addresses.as_slice() {
        [] => addresses(text),
        linked => linked.iter().map(|(range, _)| range.clone()).collect(),
    };
    let (mut rows, mut from) = (Vec::new(), 0);
    while from < text.len() && room > 0 {
        let rest = text.get(from..).unwrap_or_default();
        let by_rules = from + first_line(rest, room).0.len();
        let cut = whole.iter().find(|address| address.start < by_rules && by_rules < address.end);
        let to = cut.map_or(by_rules, |address| address_break(text, address, from, room));
        // Even what is wider than the room is drawn, one character a row at least.
        let to =
            if to > from { to } else { by_rules.max(from + rest.chars().next().map_or(1, char::len_utf8)) };
        let part = text.get(from..to).unwrap_or_default().trim_end();
        rows.push((line, from..from + part.len()));
        from = text.len() - text.get(to..).unwrap_or_default().trim_start_matches(' ').len();
    }
    if rows.is_empty() { vec![(line, 0..0)] } else { rows }
}

/// Where a row ends that an address does not fit into. The address is copied from the screen with the mouse, so it gets a
/// row of its own, or full rows where it is wider than one.
fn address_break(text: &str, address: &Range<usize>, from: usize, room: usize) -> usize {
    let in_row = |start: usize| start + split_at_width(text.get(start..).unwrap_or_default(), room).0.len();
    if address.start > from && in_row(address.start) >= address.end {
        address.start
    } else {
        in_row(from).min(address.end)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::a_wide_one_fills_its_rows("https://a.example/img/b/c.jpg", 20, &["https://a.example/im", "g/b/c.jpg"])]
    #[case::one_that_fits_has_its_own("[1] https://a.example/b", 20, &["[1]", "https://a.example/b"])]
    #[case::what_follows_goes_on("见 https://a.example/img/b 详情", 20, &["见 https://a.example", "/img/b 详情"])]
    #[case::text_breaks_by_the_rules("支持一件代发。包邮", 12, &["支持一件代", "发。包邮"])]
    fn an_address_is_broken_only_where_a_row_is_full(
        #[case] text: &str,
        #[case] room: usize,
        #[case] expected: &[&str],
    ) {
        let line = ShownLine::new(text.to_owned(), None, false);
        let shown: Vec<_> =
            rows(0, &line, room).into_iter().map(|(_, part)| line.text.get(part).unwrap()).collect();
        assert_eq!(shown, expected);
    }
}
