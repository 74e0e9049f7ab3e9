//! Shows a jq program's result in place of the body, and the body again afterwards.

use std::sync::Arc;

use super::raw::Raw;
use super::tree::Tree;
use super::{ResponsePane, document};
use crate::message::{Action, Effect, FilterJob, FilterResult, StoreRequest};
use crate::model::Model;
use obx_core::export::JqOutputs;
use onebound_document::Document;

/// The state of the body while a result is shown.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) own: Option<Arc<Document>>,
    pub(super) tree: Option<Tree>,
    pub(super) raw: Raw,
}

impl ResponsePane {
    /// Shows a result in place of the body or of the previous result.
    pub(super) fn show_result(&mut self, result: FilterResult) {
        let tree = result.document.as_deref().map(Tree::new);
        let mut raw = Raw::of_lines(result.text);
        if self.whole.is_some() {
            raw.show_like(&self.raw);
        }
        let held = Whole {
            own: std::mem::replace(&mut self.own, result.document),
            tree: std::mem::replace(&mut self.tree, tree),
            raw: std::mem::replace(&mut self.raw, raw),
        };
        self.whole.get_or_insert(held);
        self.search.restart();
    }

    pub(super) fn show_whole(&mut self) {
        let Some(whole) = self.whole.take() else { return };
        (self.own, self.tree, self.raw) = (whole.own, whole.tree, whole.raw);
        self.search.restart();
    }

    /// The outputs that are shown; `None` while the body is.
    pub(super) fn outputs_shown(&self) -> Option<JqOutputs> {
        self.whole.as_ref()?;
        Some(JqOutputs { text: self.raw.bytes(), count: self.filter.count()? })
    }

    /// The document of the body, even while a result is shown.
    pub(super) fn whole_document<'a>(&'a self, model: &'a Model) -> Option<&'a Document> {
        let own = self.whole.as_ref().map_or(&self.own, |whole| &whole.own);
        document(own.as_ref(), model).map(AsRef::as_ref)
    }

    #[must_use]
    pub(super) fn start_filter(&mut self, model: &Model) -> Vec<Effect> {
        if self.is_parsing() {
            return vec![Effect::info(model.texts.parsing())];
        }
        if self.whole_document(model).is_none() {
            return vec![Effect::alert(model.texts.nothing_to_filter())];
        }
        self.filter.start();
        vec![Effect::Store(StoreRequest::Programs)]
    }

    /// Handles an action while a program is edited.
    #[must_use]
    pub(super) fn act_on_filter(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Submit => self.filter.submit(),
            Action::Up | Action::Down => {
                self.filter.step_history(action == Action::Up, model.programs.all());
            }
            Action::NextPane | Action::PreviousPane => {
                let own = self.whole.as_ref().map_or(&self.own, |whole| &whole.own);
                if let Some(document) = document(own.as_ref(), model) {
                    self.filter.complete(document, action == Action::NextPane);
                }
            }
            _ => return self.act_in_view(action, model),
        }
        self.leave_result_of_nothing();
        Vec::new()
    }

    pub(super) fn leave_result_of_nothing(&mut self) {
        if self.filter.is_empty() {
            self.show_whole();
        }
    }

    /// The effects that the filter requests now.
    #[must_use]
    pub(super) fn due_of_filter(&mut self, model: &Model) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.filter.take_over() {
            effects.push(Effect::EndFilter);
        }
        effects.extend(self.filter.take_kept().map(Effect::KeepProgram));
        if let Some((number, program)) = self.filter.take_due()
            && let Some(document) = self.whole_document(model)
        {
            let (body, text) = (model.generation(), document.whole());
            effects.push(Effect::Filter(FilterJob { number, program, body, text }));
        }
        effects
    }
}
