//! JSON that is no answer of the API: it is parsed here, a large one by a job, because nothing else needs its tree.

use std::sync::Arc;

use super::ResponsePane;
use super::raw::{AT_ONCE, LARGEST};
use super::tree::Tree;
use crate::message::{Effect, IsCancelled};
use crate::model::Model;
use obx_core::export::came_as_json;
use onebound::{Exchange, Malformed, Outcome};
use onebound_document::{Document, SyntaxFault};

/// What the parser makes of a body.
#[derive(Debug, Default)]
pub(super) struct ParsedBody {
    /// The tree, unless the body is refused for another reason than its envelope.
    document: Option<Arc<Document>>,
    /// Whether the body consists of JSON only, even if it is cut off. Only then is it still the same content when
    /// pretty-printed.
    is_json: bool,
}

impl ParsedBody {
    fn new(exchange: &Exchange) -> Self {
        let has_no_envelope = matches!(exchange.outcome, Outcome::NotUnderstood(Malformed::NoEnvelope));
        match Document::parse(exchange.body.shown().clone()) {
            Ok(document) if has_no_envelope => Self {
                is_json: came_as_json(exchange) && document.trailing().is_none(),
                document: Some(Arc::new(document)),
            },
            Ok(_) => Self::default(),
            Err(error) => {
                Self { document: None, is_json: came_as_json(exchange) && error.fault == SyntaxFault::Cut }
            }
        }
    }
}

/// Whether the tree and the form of this body are still to be found. A body of more than [`LARGEST`] stays text.
pub(super) fn is_unparsed(exchange: &Exchange) -> bool {
    let size = exchange.body.shown().len();
    exchange.reply.is_none() && (1..=LARGEST).contains(&size)
}

impl ResponsePane {
    /// Parses the body if that is still to be done, and shows the result once it is there.
    #[must_use]
    pub(super) fn parse_body(&mut self, model: &Model) -> Option<Effect> {
        let mut due = None;
        if std::mem::take(&mut self.is_unparsed)
            && let Some(shown) = &model.shown
        {
            let exchange = Arc::clone(&shown.exchange);
            let is_small = exchange.body.shown().len() <= AT_ONCE;
            let work = move |_: IsCancelled<'_>| Some(ParsedBody::new(&exchange));
            (self.parsed, due) = self.parse_job.start(is_small, work);
        }
        if let Some(parsed) = self.parsed.take() {
            self.show_parsed(&parsed, model);
        }
        due
    }

    fn show_parsed(&mut self, parsed: &ParsedBody, model: &Model) {
        self.own.clone_from(&parsed.document);
        self.tree = self.own.as_deref().map(Tree::new);
        self.restore_folds(model);
        if parsed.is_json {
            self.raw.turn_json();
        }
    }

    /// Whether the tree of the body is still to come.
    pub(super) fn is_parsing(&self) -> bool {
        self.parse_job.is_waiting()
    }
}
