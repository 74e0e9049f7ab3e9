//! Every node whose key or value matches, over all of a document, piece by piece.
//!
//! A plain text is looked for in the bytes as they were sent, and only what has escapes is read first; a regular
//! expression is held against each key and each value by itself, so that `^` and `$` mean its ends.

use regex::bytes::{Regex, RegexBuilder};

use super::{Document, ESCAPED, Kind, NO_KEY, NodeId, scan};

/// What to look for: a text, or after `~` a regular expression. In any case, unless it has a capital in it.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    plain: bool,
}

/// Not a regular expression, or a needlessly large one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a regular expression")]
pub struct PatternError;

impl Pattern {
    /// Reads what was typed; `None` where that is nothing to look for.
    ///
    /// # Errors
    /// When what follows `~` is no regular expression.
    pub fn read(text: &str) -> Result<Option<Self>, PatternError> {
        let expression = text.strip_prefix(['~', '～']);
        let any_case = match expression {
            Some(expression) => !has_capital(&without_escapes(expression)),
            None => !has_capital(text),
        };
        let source = expression.map_or_else(|| regex::escape(text), str::to_owned);
        if source.is_empty() {
            return Ok(None);
        }
        let regex =
            RegexBuilder::new(&source).case_insensitive(any_case).build().map_err(|_| PatternError)?;
        Ok(Some(Self { regex, plain: expression.is_none() }))
    }

    /// Where it matches in a text.
    pub fn matches<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = std::ops::Range<usize>> + 'a {
        self.regex.find_iter(text).map(|found| found.range()).filter(|range| !range.is_empty())
    }

    fn is_in(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }
}

/// Lets `\D`, `\S` and their like count for no capital.
fn without_escapes(expression: &str) -> String {
    let mut parts = expression.split('\\');
    let first = parts.next().unwrap_or_default();
    let rest = parts.flat_map(|part| part.chars().skip(1));
    first.chars().chain(rest).collect()
}

fn has_capital(text: &str) -> bool {
    text.chars().any(char::is_uppercase)
}

/// The hits so far, in reading order, and where to go on.
#[derive(Clone, Debug)]
pub struct Search {
    pattern: Pattern,
    next: u32,
    hits: Vec<NodeId>,
    done: bool,
}

/// A stretch of the text that stands for itself: the inside of a string or of a key, or a number or word.
type Stretch = std::ops::Range<usize>;

impl Search {
    /// Nothing was looked at yet.
    pub fn of(pattern: Pattern) -> Self {
        Self { pattern, next: 0, hits: Vec::new(), done: false }
    }

    /// What is looked for.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Goes on through about so many bytes of the document.
    pub fn step(&mut self, document: &Document, bytes: usize) {
        // An expression takes about four times as long.
        let bytes = if self.pattern.plain { bytes } else { bytes / 4 };
        let from = self.next as usize;
        let Some(first) = document.nodes.get(from) else { return };
        let limit = first.begin().saturating_add(bytes);
        let rest = document.nodes.get(from..).unwrap_or_default();
        let count = rest.partition_point(|node| node.begin() < limit).max(1);
        let to = from + count;
        if self.pattern.plain {
            self.look_for_text(document, from, to);
        } else {
            self.hold_against(document, from, to);
        }
        self.next = node_id(to).0;
        self.done = to >= document.node_count();
    }

    /// Whether all of the document was looked at.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The nodes whose key or value matches, as far as it was looked, in reading order.
    pub fn hits(&self) -> &[NodeId] {
        &self.hits
    }

    fn hold_against(&mut self, document: &Document, from: usize, to: usize) {
        for id in from..to {
            let id = node_id(id);
            if self.is_hit(document, id) {
                self.hits.push(id);
            }
        }
    }

    fn is_hit(&self, document: &Document, id: NodeId) -> bool {
        let in_key = document.key_stretch(id).is_some_and(|key| {
            let escaped = document.node(id).key & ESCAPED != 0;
            self.is_in_stretch(document, key, escaped)
        });
        in_key
            || document
                .value_stretch(id)
                .is_some_and(|value| self.is_in_stretch(document, value, document.node(id).has_escapes()))
    }

    fn is_in_stretch(&self, document: &Document, stretch: Stretch, escaped: bool) -> bool {
        let raw = document.text.get(stretch.clone()).unwrap_or_default();
        if !escaped {
            return self.pattern.is_in(raw);
        }
        self.pattern.is_in(scan::unescape(document.slice(stretch.start, stretch.end)).as_bytes())
    }

    fn look_for_text(&mut self, document: &Document, from: usize, to: usize) {
        let raw = self.raw_hits(document, from, to);
        let escaped = (from..to).map(node_id).filter(|id| document.has_any_escape(*id));
        let before = self.hits.len();
        self.hits.extend(raw);
        let escaped: Vec<NodeId> = escaped.filter(|id| self.is_hit(document, *id)).collect();
        if !escaped.is_empty() {
            self.hits.extend(escaped);
            let found = self.hits.get_mut(before..).unwrap_or_default();
            found.sort();
            self.hits.dedup();
        }
    }

    /// Hits in what has no escapes.
    fn raw_hits(&self, document: &Document, from: usize, to: usize) -> Vec<NodeId> {
        let nodes = document.nodes.get(..to).unwrap_or_default();
        let end = document.nodes.get(to).map_or(document.text.len(), |node| node.begin());
        let text = document.text.get(..end).unwrap_or_default();
        let mut at = nodes.get(from).map_or(end, |node| node.begin());
        let (mut node, mut found) = (from, Vec::new());
        while let Some(hit) = self.pattern.regex.find_at(text, at) {
            node += nodes.get(node + 1..).map_or(0, |rest| reach(rest, hit.start()));
            let id = node_id(node);
            let inside = |stretch: Option<Stretch>| {
                stretch
                    .as_ref()
                    .is_some_and(|stretch| stretch.start <= hit.start() && hit.end() <= stretch.end)
            };
            let (key, value) = (document.key_stretch(id), document.value_stretch(id));
            let key_is_plain = document.node(id).key & ESCAPED == 0;
            if key_is_plain && inside(key.clone())
                || !document.node(id).has_escapes() && inside(value.clone())
            {
                found.push(id);
                // One hit a node is enough.
                at = value.or(key).map_or(hit.end(), |last| last.end);
            } else {
                at = hit.start() + 1;
            }
        }
        found
    }
}

/// How many of these nodes begin at this offset or before it: few, mostly.
fn reach(nodes: &[super::Node], offset: usize) -> usize {
    let mut far = 1;
    while nodes.get(far - 1).is_some_and(|node| node.begin() <= offset) {
        far *= 2;
    }
    let near = far / 2;
    let between = nodes.get(near..far.min(nodes.len())).unwrap_or_default();
    near + between.partition_point(|node| node.begin() <= offset)
}

fn node_id(at: usize) -> NodeId {
    NodeId(u32::try_from(at).unwrap_or(u32::MAX))
}

impl super::Node {
    /// Where it begins, with its key.
    fn begin(self) -> usize {
        if self.key == NO_KEY { self.start as usize } else { (self.key & !ESCAPED) as usize }
    }
}

impl Document {
    fn has_any_escape(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.has_escapes() || node.key != NO_KEY && node.key & ESCAPED != 0
    }

    fn key_stretch(&self, id: NodeId) -> Option<Stretch> {
        let start = self.key_start(id)?;
        let (length, _) = scan::string_length(self.text.get(start..).unwrap_or_default());
        Some(start..start + length)
    }

    /// `None` for containers.
    fn value_stretch(&self, id: NodeId) -> Option<Stretch> {
        let node = self.node(id);
        let (start, end) = (node.start as usize, node.end as usize);
        match node.kind() {
            Kind::Array | Kind::Object => None,
            Kind::String => Some(start + 1..end - 1),
            Kind::Null | Kind::Bool | Kind::Number => Some(start..end),
        }
    }
}
