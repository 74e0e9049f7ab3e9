//! What the keys of the search would buy, and the hints for them.

use super::SearchView;
use crate::message::{Action, PaneId, Spend};
use crate::model::Model;
use crate::model::item_search::SearchTrouble;
use crate::pane::Hint;
use crate::pane::popup::close;
use crate::ui::rows::TableRows;
use obx_core::fetch::FetchPolicy;
use obx_core::search_line::complete;
use onebound::Call;

impl SearchView {
    /// The call that an action makes, unless it is answered by the store.
    pub(super) fn offered(&self, action: Action, model: &Model) -> Option<(Call, FetchPolicy)> {
        let in_words = self.is_typing || self.query.is_typing();
        let call = match action {
            Action::Submit if self.is_typing => model.search_call(self.input.text()).ok()?,
            _ if in_words => return None,
            Action::OpenFound => model.call(self.chosen_id()?),
            Action::NextPage => model.call_for_page_beside(true)?,
            Action::PreviousPage => model.call_for_page_beside(false)?,
            Action::Refetch => {
                let failed = model.search.trouble().map(SearchTrouble::call);
                let last = failed.or_else(|| Some(&model.search.page()?.exchange.call))?;
                return Some((model.call_for_page_again(last)?.refreshed(), FetchPolicy::Refresh));
            }
            Action::Override => {
                model.held_page()?;
                let Spend::Call { call, want } = model.held_call()? else { return None };
                return Some((*call, want));
            }
            _ => return None,
        };
        let want = model.want_for(&call);
        Some((call, want))
    }

    pub(super) fn hints_while_typing(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let call = model.search_call(self.input.text()).ok();
        let search = call.map(|call| match model.want_for(&call) {
            FetchPolicy::CacheOnly => Hint::free(Action::Submit, texts.hint_show_stored()),
            _ => Hint::spending(Action::Submit, texts.hint_search()),
        });
        let results = (self.rows.count() > 0).then(|| Hint::free(Action::NextPane, texts.hint_results()));
        let completes = complete(self.input.text()).is_some();
        let completion = completes.then(|| Hint::free(Action::NextPane, texts.hint_complete()));
        let earlier = Hint::free(Action::Up, texts.hint_earlier_searches());
        let earlier = Some(earlier).filter(|_| !model.search.earlier().is_empty());
        search.into_iter().chain(completion.or(results)).chain([close(model)]).chain(earlier).collect()
    }

    pub(super) fn hints_on_rows(&self, model: &Model) -> Vec<Hint> {
        let texts = model.texts;
        let mut hints = Vec::new();
        if let Some(held) = model.held_page() {
            let label = if held.is_unsent() { texts.hint_override() } else { texts.hint_try_next_host() };
            hints.push(Hint::spending(Action::Override, label));
        }
        if let Some(id) = self.chosen_id() {
            hints.push(if model.is_fresh(&model.call(id)) {
                Hint::free(Action::OpenFound, texts.hint_open_stored())
            } else {
                Hint::spending(Action::OpenFound, texts.hint_open_item())
            });
            hints.push(Hint::free(Action::Mark, texts.hint_mark_item()));
        }
        if !self.marked.is_empty() {
            hints.extend([Hint::free(Action::Batch, texts.hint_buy_marked()), close(model)]);
        }
        let pages =
            [(Action::NextPage, texts.hint_next_page()), (Action::PreviousPage, texts.hint_previous_page())];
        for (action, label) in pages {
            if let Some((_, want)) = self.offered(action, model) {
                let spends = want != FetchPolicy::CacheOnly;
                hints.push(Hint { action, label, spends });
            }
        }
        if model.search.trouble().is_some_and(|trouble| matches!(trouble, SearchTrouble::Failed(_))) {
            hints.push(Hint::free(Action::Explain, texts.hint_explain()));
        }
        let refetch = self.offered(Action::Refetch, model).is_some();
        let refetch = refetch.then(|| Hint::spending(Action::Refetch, texts.hint_refetch_page()));
        let words = Hint::free(Action::Focus(PaneId::Id), texts.hint_edit_words());
        let without_marks = self.marked.is_empty().then(|| close(model));
        if self.rows.count() == 0 {
            hints.extend(refetch);
            hints.push(words);
            hints.extend(without_marks);
        } else {
            let copy = if self.marked.is_empty() { texts.hint_copy_ids() } else { texts.hint_copy_marked() };
            hints.extend(without_marks);
            hints.extend([
                words,
                Hint::free(Action::Filter, texts.hint_filter()),
                Hint::free(Action::Sort, texts.hint_sort()),
                Hint::free(Action::Copy, copy),
                Hint::free(Action::OpenPage, texts.hint_open_page()),
            ]);
            hints.extend(refetch);
        }
        hints.push(Hint::free(Action::Help, texts.hint_keys()));
        hints
    }
}
