//! What the footer lists of the keys of the response.

use super::{ResponsePane, View};
use crate::message::Action;
use crate::model::Model;
use crate::pane::Hint;

impl ResponsePane {
    pub(super) fn hints_here(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        if self.filter.is_typing() {
            return vec![
                Hint::free(Action::Submit, texts.hint_jq_keep()),
                Hint::free(Action::NextPane, texts.hint_jq_complete()),
                Hint::free(Action::Escape, texts.hint_jq_clear()),
            ];
        }
        let mut hints = Vec::new();
        if self.whole.is_some() {
            hints.push(Hint::free(Action::Escape, texts.hint_jq_clear()));
        }
        let in_text = matches!(self.view_in_front(model), View::Tree | View::Raw);
        if in_text && self.search.search().is_some() {
            hints.push(Hint::free(Action::NextHit, texts.hint_next_hit()));
            hints.push(Hint::free(Action::PreviousHit, texts.hint_previous_hit()));
        }
        match self.view_in_front(model) {
            View::Tree if self.tree.is_some() => hints.extend([
                Hint::free(Action::Fold, texts.hint_fold()),
                Hint::free(Action::UnfoldAll, texts.action_unfold_all()),
            ]),
            View::Raw if self.raw.can_be_pretty() => {
                hints.push(Hint::free(Action::Pretty, texts.hint_pretty()));
                let unquoted = Hint::free(Action::Wrap, texts.hint_unquoted_text());
                hints.extend(self.whole.is_some().then_some(unquoted));
            }
            _ => {}
        }
        hints.push(Hint::free(Action::NextView, texts.hint_next_view()));
        hints.extend(in_text.then(|| Hint::free(Action::Filter, texts.hint_search())));
        if self.whole_document(model).is_some() {
            hints.push(Hint::free(Action::Jq, texts.hint_jq()));
        }
        hints.push(Hint::free(Action::Leave, texts.hint_back()));
        hints.push(Hint::spending(Action::Refetch, texts.hint_refetch()));
        hints
    }
}
