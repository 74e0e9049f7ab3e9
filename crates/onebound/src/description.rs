//! `desc` as text to read: 10 kB of HTML in lines, its images numbered, the vendor's tracking pixel named.
//!
//! A tokenizer and one pass: tables, lists and paragraphs need no tree, and a tree takes a second for tags that are
//! nested by the thousand, as anybody may write them into an offer. Nothing is ever loaded.

use std::collections::HashSet;

use html5gum::{StartTag, Token, Tokenizer};

use super::field::Field;
use super::item::Item;

/// Part of the URL of the vendor's tracking pixel.
pub(super) const PIXEL: &str = "o0b.cn/i.php?";
/// HTML is read up to here, in bytes: as much as can be laid out in the time of a key.
const MAX_HTML: usize = 256 * 1024;
/// Between two cells of a table's row.
const CELL: &str = " │ ";

/// A line of a description, not yet broken to a width.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DescriptionLine {
    /// Words; empty between paragraphs. As they came, so not yet fit for cells.
    Text(String),
    /// An image of the seller's.
    Image {
        /// From 1 on.
        number: usize,
        /// Its address as it was written.
        url: String,
        /// The alternative text; mostly empty.
        alt: String,
    },
    /// The vendor's tracking pixel, which is never loaded: its address.
    Pixel(String),
}

/// A description as lines of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescriptionText {
    /// The lines, in the order of the HTML.
    pub lines: Vec<DescriptionLine>,
    /// The number of images.
    pub images: usize,
    /// How many of them are in the HTML.
    pub(super) in_html: usize,
    /// True if the HTML was longer than 256 KiB and was cut.
    pub cut: bool,
}

impl DescriptionText {
    /// Parses the HTML of `desc`; empty if it is no text.
    pub fn parse(desc: &Field<'_>) -> Self {
        let Some(html) = desc.text() else { return Self::default() };
        let end = (0..=MAX_HTML.min(html.len())).rev().find(|&at| html.is_char_boundary(at));
        let part = html.get(..end.unwrap_or_default()).unwrap_or_default();
        let mut reader = HtmlReader::default();
        for Ok(token) in Tokenizer::new(part) {
            reader.take(&token);
        }
        reader.break_row();
        let mut lines = reader.lines;
        while lines.last() == Some(&DescriptionLine::Text(String::new())) {
            lines.pop();
        }
        Self { lines, images: reader.images, in_html: reader.images, cut: part.len() < html.len() }
    }

    /// Parses an item's description: `desc`, followed by the images that only `desc_img` names.
    pub(super) fn from_item(item: Item<'_>) -> Self {
        let mut read = Self::parse(&item.field("desc"));
        let mut known: HashSet<String> = read.addresses().map(|url| without_scheme(url).to_owned()).collect();
        for url in item.addresses_in("desc_img") {
            if !url.contains(PIXEL) && known.insert(without_scheme(&url).to_owned()) {
                read.images += 1;
                let (number, alt) = (read.images, String::new());
                read.lines.push(DescriptionLine::Image { number, url, alt });
            }
        }
        read
    }

    /// The addresses of its images, in order.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().filter_map(|line| match line {
            DescriptionLine::Image { url, .. } => Some(url.as_str()),
            DescriptionLine::Text(_) | DescriptionLine::Pixel(_) => None,
        })
    }
}

/// The numbers of an item's images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageCounts {
    /// Images in `item_imgs`; if that is empty, 1 for `pic_url`.
    pub own: usize,
    /// Images in the description, as [`Item::description`] numbers them.
    pub in_description: usize,
    /// True if the description was cut, so that there may be more.
    pub may_be_more: bool,
}

impl ImageCounts {
    pub(super) fn new(item: Item<'_>, description: &DescriptionText) -> Self {
        let own = item.addresses_in("item_imgs").count();
        let own = if own == 0 { usize::from(item.field("pic_url").text().is_some()) } else { own };
        Self { own, in_description: description.images, may_be_more: description.cut }
    }
}

/// Sellers write the same URL with and without its scheme.
pub(super) fn without_scheme(url: &str) -> &str {
    let url = url.trim();
    url.strip_prefix("https:").or_else(|| url.strip_prefix("http:")).unwrap_or(url)
}

#[derive(Default)]
struct HtmlReader {
    lines: Vec<DescriptionLine>,
    /// The line that is being written.
    line: String,
    images: usize,
    /// Images of the current row, to be written below it.
    of_row: Vec<DescriptionLine>,
    in_cell: bool,
    cells: usize,
    /// Until the end tag of this name nothing is text.
    skips: Option<Vec<u8>>,
}

impl HtmlReader {
    fn take(&mut self, token: &Token) {
        match token {
            Token::EndTag(tag) if self.skips.is_some() => {
                self.skips.take_if(|name| name.as_slice() == tag.name.as_slice());
            }
            _ if self.skips.is_some() => {}
            Token::String(text) => self.write(&String::from_utf8_lossy(text)),
            Token::StartTag(tag) => self.start(tag),
            Token::EndTag(tag) => self.end(&tag.name),
            _ => {}
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        match tag.name.as_slice() {
            name @ (b"script" | b"style") if !tag.self_closing => self.skips = Some(name.to_vec()),
            b"img" => self.image(tag),
            b"li" => {
                self.break_line();
                self.line.push_str("• ");
            }
            b"td" | b"th" => {
                if self.cells > 0 {
                    self.line.push_str(CELL);
                }
                (self.in_cell, self.cells) = (true, self.cells + 1);
            }
            b"tr" => self.break_row(),
            name => self.end(name),
        }
    }

    /// Also for tags that begin a block: a line ends before it as after it.
    fn end(&mut self, name: &[u8]) {
        match name {
            b"td" | b"th" => self.in_cell = false,
            b"tr" => self.break_row(),
            b"table" => {
                self.break_row();
                self.gap();
            }
            b"p" | b"hr" | b"ul" | b"ol" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => self.gap(),
            b"br" | b"div" | b"li" | b"section" | b"article" | b"dt" | b"dd" | b"pre" => self.break_line(),
            _ => {}
        }
    }

    /// Blanks of any kind and number are one, and none at the beginning of a line.
    fn write(&mut self, text: &str) {
        for c in text.chars() {
            if !c.is_whitespace() {
                self.line.push(c);
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn image(&mut self, tag: &StartTag<()>) {
        let attribute = |name: &[u8]| {
            let value =
                tag.attributes.get(name).map(|value| String::from_utf8_lossy(value).trim().to_owned());
            value.unwrap_or_default()
        };
        let url = attribute(b"src");
        if url.is_empty() {
            return;
        }
        if url.contains(PIXEL) {
            return self.put(DescriptionLine::Pixel(url));
        }
        self.images += 1;
        let number = self.images;
        let mut alt = attribute(b"alt");
        if alt == "undefined" {
            alt.clear();
        }
        if self.in_cell {
            self.line.extend(["[", &number.to_string(), "]"]);
        }
        self.put(DescriptionLine::Image { number, url, alt });
    }

    /// Adds a line of its own; below the row inside of a table.
    fn put(&mut self, line: DescriptionLine) {
        if self.in_cell {
            return self.of_row.push(line);
        }
        self.break_line();
        self.lines.push(line);
    }

    /// Inside of a cell a new line is a blank: the row stays one.
    fn break_line(&mut self) {
        if self.in_cell {
            return self.write(" ");
        }
        let line = std::mem::take(&mut self.line);
        let line = line.trim_end();
        if line.chars().any(|c| !matches!(c, '│' | '•' | ' ')) {
            self.lines.push(DescriptionLine::Text(line.to_owned()));
        }
    }

    fn break_row(&mut self) {
        (self.in_cell, self.cells) = (false, 0);
        self.break_line();
        self.lines.append(&mut self.of_row);
    }

    /// An empty line, where there is none yet.
    fn gap(&mut self) {
        self.break_line();
        let blank = DescriptionLine::Text(String::new());
        if !self.in_cell && self.lines.last().is_some_and(|last| *last != blank) {
            self.lines.push(blank);
        }
    }
}
