//! A parsed answer: the document of the body, the location of the answer in it, and its envelope.

use std::sync::{Arc, OnceLock};

use super::credentials::{Credentials, Span};
use super::envelope::{Envelope, find_item};
use super::facts::Analysis;
use super::item::{Item, ItemIndex};
use super::item_list::ItemList;
use super::location::Location;
use super::result_type::FormatFaults;
use onebound_document::{Document, NodeId, NodeRef};

/// A body that was parsed as an envelope.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The whole body, indexed; shared, so that whoever works on it need not hold the exchange.
    pub document: Arc<Document>,
    /// The envelope around the item.
    pub envelope: Envelope,
    location: Location,
    item: Option<ItemIndex>,
    /// Offset of the answer in the text; not 0 if other text precedes it.
    pub(super) start: usize,
    /// Faults that the decoder of a body other than JSON met.
    pub(super) faults: Option<FormatFaults>,
    /// What the rules of [`super::facts`] could not find out in the time of a key; made only on request, since most
    /// readers of a body never ask for its facts.
    analysis: OnceLock<Analysis>,
}

impl Reply {
    /// Finds the answer in a document; `None` if there is none.
    pub(super) fn new(document: Document, start: usize, faults: Option<FormatFaults>) -> Option<Self> {
        let location = Location::find(&document);
        let (answer, root) = (location.document(&document), location.root());
        let envelope = Envelope::from_document(answer, root)?;
        let item = find_item(answer, root);
        let (document, analysis) = (Arc::new(document), OnceLock::new());
        Some(Self { document, envelope, location, item, start, faults, analysis })
    }

    /// The analysis, if it was made.
    pub(super) fn analysis(&self) -> Option<&Analysis> {
        self.analysis.get()
    }

    /// Analyses the answer, unless that was done before.
    pub(super) fn analyze(&self) -> &Analysis {
        self.analysis.get_or_init(|| {
            self.item().map(Item::overview);
            let (document, root) = self.answer();
            let mut analysis = Analysis::new(document, root, self.item());
            // What a decoder wrote is JSON.
            if self.faults.is_none() {
                analysis.violations = self.document.violations();
            }
            analysis
        })
    }

    /// The item of the answer, also a stub.
    pub fn item(&self) -> Option<Item<'_>> {
        self.item.as_ref().map(|index| index.view(self.answer().0))
    }

    /// The path of the answer; `None` if it is the whole body.
    pub fn found_at(&self) -> Option<&str> {
        Some(self.location.path()).filter(|_| !self.location.is_whole_body())
    }

    /// The number of further answers at the same depth.
    pub(super) fn other_answers(&self) -> usize {
        self.location.others
    }

    /// A node of the answer, such as [`Sku::node`](super::Sku::node), as the body has it.
    pub fn node_ref(&self, node: NodeId) -> NodeRef {
        self.location.node_ref(node)
    }

    /// The path of a node of the answer, as the tree shows it.
    pub fn path_of(&self, node: NodeId) -> String {
        self.location.path_of(&self.document, node)
    }

    /// The path of a node of the answer, in jq syntax.
    pub fn jq_path_of(&self, node: NodeId) -> String {
        self.location.jq_path_of(&self.document, node)
    }

    /// The node at the path of a [`Finding`](super::Finding), or its nearest existing ancestor.
    pub fn nearest_to(&self, path: &str) -> NodeRef {
        self.location.nearest_to(&self.document, path)
    }

    /// The document that the answer is in, and its outermost object there.
    pub(super) fn answer(&self) -> (&Document, NodeId) {
        (self.location.document(&self.document), self.location.root())
    }

    /// A path as it would be in an answer of the usual form, as it is in this one.
    pub(super) fn relocated(&self, usual: &str) -> String {
        let Some(below) = usual.strip_prefix('$') else { return usual.to_owned() };
        match (below.strip_prefix(".item"), self.item()) {
            (Some(below), Some(item)) if below.is_empty() || below.starts_with(['.', '[']) => {
                self.path_of(item.node()) + below
            }
            _ => format!("{}{below}", self.location.path()),
        }
    }

    pub(super) fn item_list(&self) -> Option<ItemList<'_>> {
        let (document, root) = self.answer();
        ItemList::find(document, root)
    }

    /// Where in the text a string holds a secret in a spelling that shows only when the string is read.
    pub(super) fn hidden_deeper(&self, credentials: &Credentials) -> Option<Span> {
        let string = self.location.outermost_string()?;
        let found = credentials.find_in(&self.answer().0.whole());
        let span = self.document.span_inside(string);
        (!found.is_empty()).then_some(Span { start: span.start, end: span.end })
    }
}
