//! A jq program's result in place of the body, and the body back again.

use std::sync::Arc;

use super::raw::Raw;
use super::tree::Tree;
use super::{ResponsePane, document};
use crate::message::{Action, Effect, FilterJob, FilterResult, StoreRequest};
use crate::model::Model;
use obx_core::export::JqOutputs;
use onebound_document::Document;

/// What is put aside for a result.
#[derive(Debug)]
pub(super) struct Whole {
    pub(super) own: Option<Arc<Document>>,
    pub(super) tree: Option<Tree>,
    pub(super) raw: Raw,
}

impl ResponsePane {
    /// A program's result, in place of the whole body or of the result before.
    pub(super) fn show_result(&mut self, result: FilterResult) {
        let tree = result.document.as_deref().map(Tree::of);
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
        self.look_again();
    }

    pub(super) fn show_whole(&mut self) {
        let Some(whole) = self.whole.take() else { return };
        (self.own, self.tree, self.raw) = (whole.own, whole.tree, whole.raw);
        self.look_again();
    }

    /// The result that is shown.
    pub(super) fn outputs_shown(&self) -> Option<JqOutputs> {
        self.whole.as_ref()?;
        Some(JqOutputs { text: self.raw.bytes(), count: self.filter.count()? })
    }

    /// The same is searched in what is shown now.
    pub(super) fn look_again(&mut self) {
        self.finding.begin_anew();
        self.find_in_raw();
    }

    /// What programs are run over, whether or not a result stands in its place.
    pub(super) fn whole_document<'a>(&'a self, model: &'a Model) -> Option<&'a Document> {
        let own = self.whole.as_ref().map_or(&self.own, |whole| &whole.own);
        document(own.as_deref(), model)
    }

    #[must_use]
    pub(super) fn start_filter(&mut self, model: &Model) -> Vec<Effect> {
        if self.whole_document(model).is_none() {
            return vec![Effect::alert(model.texts.nothing_to_filter())];
        }
        self.filter.start();
        vec![Effect::Store(StoreRequest::Programs)]
    }

    /// Typing in the program's line.
    #[must_use]
    pub(super) fn act_on_filter(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Submit => self.filter.submit(),
            Action::Up | Action::Down => {
                self.filter.step_history(action == Action::Up, model.programs.all());
            }
            Action::NextPane | Action::PreviousPane => {
                let own = self.whole.as_ref().map_or(&self.own, |whole| &whole.own);
                if let Some(document) = document(own.as_deref(), model) {
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

    /// What the filter wants done now.
    #[must_use]
    pub(super) fn due_of_filter(&mut self, model: &Model) -> Vec<Effect> {
        let mut asks = Vec::new();
        if self.filter.take_over() {
            asks.push(Effect::EndFilter);
        }
        asks.extend(self.filter.take_kept().map(Effect::KeepProgram));
        if let Some((number, program)) = self.filter.take_due()
            && let Some(document) = self.whole_document(model)
        {
            let (body, text) = (model.generation(), document.whole());
            asks.push(Effect::Filter(FilterJob { number, program, body, text }));
        }
        asks
    }
}
