//! XML, as PHP programs write their arrays.
//!
//! The vendor's XML is on no page and in no captured body: all of this is a guess (G) at the forms
//! in common use. The root's name says nothing and is left out; an element is a member of that name. A list is
//! written in one of these ways:
//!
//! - elements called `item` with `id="0"`, `id="1"`, … (`ThinkPHP`); any other `id` or `key` of an `item` is the
//!   key of a map, as an element can't be called `0:0`;
//! - several elements that are all called `item` and no more;
//! - elements of the same name beside others, as in `<skus><sku>…</sku><sku>…</sku></skus>`: the list is called
//!   like them, and takes the position of the first one;
//! - elements called `0`, `1`, …, which is no XML any more, but which careless programs write.
//!
//! Every value is a text, for XML knows nothing else: null, false, `""` and an empty list are all `""`. Attributes
//! are members called `@name`; text beside elements or attributes is `#text`, unless it is blank. Comments,
//! declarations and a document type are passed over, and no entity is expanded but XML's five and numeric ones.

use std::collections::{HashMap, HashSet};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::FormatFaults;
use super::json_writer::{EscapeSyntax, JsonWriter, MAX_BYTES, MaskedSource, SourcePiece, WrittenJson};
use onebound_document::{SyntaxError, SyntaxFault};

/// An element may become a list in a member, so half as deep as JSON may be nested.
const MAX_DEPTH: usize = 256;

/// No node.
const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, PartialEq, Eq)]
enum XmlNodeKind {
    Element,
    Attribute,
    Text,
}

/// An element, an attribute or a stretch of text, in the order in which they begin.
struct XmlNode {
    kind: XmlNodeKind,
    /// The name of an element or attribute.
    name: SourcePiece,
    /// The content of an attribute or text.
    content: SourcePiece,
    first: u32,
    last: u32,
    next: u32,
}

struct XmlTree<'a> {
    text: &'a [u8],
    nodes: Vec<XmlNode>,
    /// The elements that are not closed yet.
    open: Vec<u32>,
    faults: FormatFaults,
}

/// Decodes a body into JSON.
pub(super) fn decode(source: MaskedSource<'_>, tracks_origins: bool) -> Result<WrittenJson, SyntaxError> {
    let text = source.text;
    if text.trim_ascii().is_empty() {
        return Err(SyntaxError { at: text.len(), fault: SyntaxFault::Empty });
    }
    if text.len() > MAX_BYTES {
        return Err(SyntaxError { at: 0, fault: SyntaxFault::TooLarge });
    }
    let mut tree = XmlTree { text, nodes: Vec::new(), open: Vec::new(), faults: FormatFaults::default() };
    let end = tree.read()?;
    tree.note_controls(end);
    let mut writer = JsonWriter::new(source, tracks_origins, tree.faults);
    tree.write(0, &mut writer);
    writer.trailing(end);
    Ok(writer.finish())
}

impl<'a> XmlTree<'a> {
    /// Reads the root element; returns where it ends.
    fn read(&mut self) -> Result<usize, SyntaxError> {
        let mut reader = Reader::from_reader(self.text);
        // A program that forgets to escape one `&` has still said all else.
        reader.config_mut().allow_dangling_amp = true;
        loop {
            let start = offset(reader.buffer_position());
            let event = reader.read_event();
            let event = event.map_err(|error| self.error(&error, offset(reader.error_position())))?;
            let end = offset(reader.buffer_position());
            match event {
                Event::Start(tag) => self.begin(&tag, start)?,
                Event::Empty(tag) => {
                    self.begin(&tag, start)?;
                    self.open.pop();
                }
                Event::End(_) => drop(self.open.pop()),
                Event::Text(_) | Event::GeneralRef(_) => {
                    self.push_text(start, end, EscapeSyntax::Entities)?;
                }
                Event::CData(_) => {
                    let (before, behind) = ("<![CDATA[".len(), "]]>".len());
                    self.push_text(start + before, end - behind, EscapeSyntax::Plain)?;
                }
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
                Event::Eof => return Err(SyntaxError { at: end, fault: SyntaxFault::Cut }),
            }
            if self.open.is_empty() && !self.nodes.is_empty() {
                return Ok(end);
            }
        }
    }

    fn note_controls(&mut self, end: usize) {
        let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
        for (at, byte) in self.text.iter().take(end).enumerate() {
            if is_control(*byte) {
                self.faults.controls.add(at);
            }
        }
    }

    fn begin(&mut self, tag: &BytesStart<'_>, at: usize) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxError { at, fault: SyntaxFault::TooDeep });
        }
        let start = at + 1;
        let name = SourcePiece::new(start, start + tag.name().as_ref().len(), EscapeSyntax::Plain);
        let element = self.push(XmlNodeKind::Element, name, name);
        self.open.push(element);
        let (mut first, mut others) = (None, HashSet::new());
        // Without the reader's own check for duplicate names, which is quadratic.
        for attribute in tag.attributes().with_checks(false) {
            let unexpected = |_| SyntaxError { at, fault: SyntaxFault::Unexpected };
            let attribute = attribute.map_err(unexpected)?;
            let piece = |part: &str, syntax: EscapeSyntax| {
                let start = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
                SourcePiece::new(start, start + part.len(), syntax)
            };
            let name = piece(attribute.key.as_ref(), EscapeSyntax::Plain);
            // Most elements have one at most, for which no set is needed.
            let bytes = self.bytes(name);
            let is_doubled = match first {
                None => first.replace(bytes).is_some(),
                Some(known) => known == bytes || !others.insert(bytes),
            };
            if is_doubled {
                self.faults.attributes.add(name.start as usize);
            }
            let content = piece(&attribute.value, EscapeSyntax::Entities);
            self.push(XmlNodeKind::Attribute, name, content);
        }
        Ok(())
    }

    fn push_text(&mut self, start: usize, end: usize, syntax: EscapeSyntax) -> Result<(), SyntaxError> {
        let text = self.text.get(start..end).unwrap_or_default();
        if self.open.is_empty() && is_blank(text) {
            return Ok(());
        }
        if self.open.is_empty() {
            return Err(SyntaxError { at: start, fault: SyntaxFault::Unexpected });
        }
        let piece = SourcePiece::new(start, end, syntax);
        // Text and references come one by one: together they are one text.
        if let Some(last) = self.nodes.last_mut()
            && (last.kind, last.content.end, last.content.syntax) == (XmlNodeKind::Text, piece.start, syntax)
            && syntax == EscapeSyntax::Entities
        {
            last.content.end = piece.end;
        } else {
            self.push(XmlNodeKind::Text, piece, piece);
        }
        Ok(())
    }

    /// Adds a node to the innermost open element.
    fn push(&mut self, kind: XmlNodeKind, name: SourcePiece, content: SourcePiece) -> u32 {
        let added = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(XmlNode { kind, name, content, first: NONE, last: NONE, next: NONE });
        if let Some(parent) = self.open.last().and_then(|open| self.nodes.get_mut(*open as usize)) {
            let before = std::mem::replace(&mut parent.last, added);
            if before == NONE {
                parent.first = added;
            } else if let Some(before) = self.nodes.get_mut(before as usize) {
                before.next = added;
            }
        }
        added
    }

    fn error(&self, error: &quick_xml::Error, at: usize) -> SyntaxError {
        let is_cut = match error {
            // Also the beginning of `<![CDATA[` or `<!--`.
            quick_xml::Error::Syntax(quick_xml::errors::SyntaxError::InvalidBangMarkup) => {
                !self.text.get(at..).unwrap_or_default().contains(&b'>')
            }
            quick_xml::Error::Syntax(_) => true,
            _ => false,
        };
        SyntaxError { at, fault: if is_cut { SyntaxFault::Cut } else { SyntaxFault::Unexpected } }
    }

    fn children(&self, parent: u32, kind: XmlNodeKind) -> impl Iterator<Item = (u32, &XmlNode)> + Clone {
        let first = self.nodes.get(parent as usize).map_or(NONE, |node| node.first);
        let found = move |at: u32| self.nodes.get(at as usize).map(|node| (at, node));
        std::iter::successors(found(first), move |(_, node)| found(node.next))
            .filter(move |(_, node)| node.kind == kind)
    }

    /// Calls itself for what is inside: at most [`MAX_DEPTH`] deep.
    fn write(&self, element: u32, writer: &mut JsonWriter<'_>) {
        let key = self.key_attribute(element);
        let attributes = self.children(element, XmlNodeKind::Attribute).filter(|(at, _)| Some(*at) != key);
        let text: Vec<SourcePiece> =
            self.children(element, XmlNodeKind::Text).map(|(_, node)| node.content).collect();
        let has_attributes = attributes.clone().next().is_some();
        if self.children(element, XmlNodeKind::Element).next().is_none() && !has_attributes {
            return writer.text(&text);
        }
        let says_something = text.iter().any(|piece| !is_blank(self.bytes(*piece)));
        let is_list = !has_attributes && !says_something && self.is_list(element);
        writer.open(is_list);
        for (_, attribute) in attributes {
            writer.key("@", &[attribute.name]);
            writer.text(&[attribute.content]);
        }
        if is_list {
            self.children(element, XmlNodeKind::Element).for_each(|(at, _)| self.write(at, writer));
        } else {
            self.write_members(element, writer);
        }
        if says_something {
            writer.key("#text", &[]);
            writer.text(&text);
        }
        writer.close(is_list);
    }

    fn write_members(&self, parent: u32, writer: &mut JsonWriter<'_>) {
        let mut seen = HashSet::new();
        let elements = self.children(parent, XmlNodeKind::Element);
        if elements.clone().all(|(at, _)| seen.insert(self.bytes(self.key(at)))) {
            for (at, _) in elements {
                writer.key("", &[self.key(at)]);
                self.write(at, writer);
            }
            return;
        }
        for group in self.groups(parent) {
            writer.key("", &group.first().map(|at| self.key(*at)).into_iter().collect::<Vec<_>>());
            let is_list = group.len() > 1;
            if is_list {
                writer.open(true);
            }
            for at in group {
                self.write(at, writer);
            }
            if is_list {
                writer.close(true);
            }
        }
    }

    /// The elements of each key, in the order of the first of each.
    fn groups(&self, parent: u32) -> Vec<Vec<u32>> {
        let mut places = HashMap::new();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for (at, _) in self.children(parent, XmlNodeKind::Element) {
            let place = *places.entry(self.bytes(self.key(at))).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) => group.push(at),
                None => groups.push(vec![at]),
            }
        }
        groups
    }

    /// Whether the elements inside are called 0, 1, 2, …, or are several that are called nothing but `item`.
    fn is_list(&self, parent: u32) -> bool {
        let keys = self.children(parent, XmlNodeKind::Element).map(|(at, _)| self.bytes(self.key(at)));
        let bare = self
            .children(parent, XmlNodeKind::Element)
            .all(|(at, node)| self.bytes(node.name) == b"item" && self.key_attribute(at).is_none());
        (bare && keys.clone().nth(1).is_some())
            || keys.enumerate().all(|(place, key)| key == place.to_string().as_bytes())
    }

    /// The key of an element: its `id` or `key` if it is an `item`, else its name.
    fn key(&self, element: u32) -> SourcePiece {
        let attribute =
            self.key_attribute(element).and_then(|at| self.nodes.get(at as usize)).map(|node| node.content);
        let name = self.nodes.get(element as usize).map(|node| node.name);
        attribute.or(name).unwrap_or(SourcePiece::new(0, 0, EscapeSyntax::Plain))
    }

    fn key_attribute(&self, element: u32) -> Option<u32> {
        let name = self.nodes.get(element as usize)?.name;
        let mut attributes = self.children(element, XmlNodeKind::Attribute);
        let found = attributes.find(|(_, node)| matches!(self.bytes(node.name), b"id" | b"key"))?;
        (self.bytes(name) == b"item").then_some(found.0)
    }

    fn bytes(&self, piece: SourcePiece) -> &'a [u8] {
        self.text.get(piece.start as usize..piece.end as usize).unwrap_or_default()
    }
}

fn is_blank(text: &[u8]) -> bool {
    text.trim_ascii().is_empty()
}

/// [`decode`] has checked that offsets fit.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
