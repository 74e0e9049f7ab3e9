//! The views of an exchange, and the documents that they show.

use std::sync::Arc;

use crate::model::Model;
use obx_core::export::came_as_json;
use obx_core::i18n::Texts;
use onebound::Exchange;
use onebound_document::Document;

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

/// Whether the body of an answer consists of JSON only: then it is still the same content when pretty-printed.
pub(super) fn is_json_answer(exchange: &Exchange) -> bool {
    let reply = exchange.reply.as_ref();
    came_as_json(exchange) && reply.is_some_and(|reply| reply.document.trailing().is_none())
}
