//! The views of an exchange, and the documents that they show.

use std::sync::Arc;

use super::raw::LARGEST;
use crate::model::Model;
use obx_core::export::came_as_json;
use obx_core::i18n::Texts;
use onebound::{Exchange, Malformed, Outcome};
use onebound_document::{Document, SyntaxFault};

/// A view of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The values of the body.
    Tree,
    Raw,
    /// Request and response without the body.
    Headers,
    /// The timing of the call.
    Timing,
}

impl View {
    pub(super) const ALL: [Self; 4] = [Self::Tree, Self::Raw, Self::Headers, Self::Timing];

    pub(super) fn name(self, texts: Texts) -> &'static str {
        match self {
            Self::Tree => texts.view_tree(),
            Self::Raw => texts.view_raw(),
            Self::Headers => texts.view_headers(),
            Self::Timing => texts.view_timing(),
        }
    }
}

pub(super) fn exchange(model: &Model) -> Option<&Exchange> {
    model.shown.as_ref().map(|shown| shown.exchange.as_ref())
}

/// The document that is shown: the pane's own, or else the answer's.
pub(super) fn document<'a>(own: Option<&'a Arc<Document>>, model: &'a Model) -> Option<&'a Arc<Document>> {
    let answered = || exchange(model).and_then(|exchange| exchange.reply.as_ref());
    own.or_else(|| answered().map(|reply| &reply.document))
}

/// Whether the body consists of JSON only, even if it is cut off. Only then is it still the same content when
/// pretty-printed.
pub(super) fn is_json(exchange: &Exchange, own: Option<&Document>) -> bool {
    let text = exchange.body.shown();
    let cut = || Document::parse(text.clone()).is_err_and(|error| error.fault == SyntaxFault::Cut);
    match own.or_else(|| exchange.reply.as_ref().map(|reply| &*reply.document)) {
        Some(document) => came_as_json(exchange) && document.trailing().is_none(),
        None => came_as_json(exchange) && text.len() <= LARGEST && cut(),
    }
}

/// Indexes JSON that is no answer of the API. A large one stays text, because a key would wait too long for its
/// parsing.
pub(super) fn index_here(exchange: &Exchange) -> Option<Document> {
    let no_envelope = matches!(exchange.outcome, Outcome::NotUnderstood(Malformed::NoEnvelope));
    let text = exchange.body.shown();
    (no_envelope && text.len() <= LARGEST).then(|| Document::parse(text.clone()).ok()).flatten()
}
