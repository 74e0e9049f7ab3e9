//! The ID pane (1), where an item's ID is typed or pasted.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::people::who_is_asking;
use super::recall::Recall;
use super::text_input::TextInput;
use super::{Hint, Pane};
use crate::message::{Action, BatchList, Effect, PaneId, StoreRequest};
use crate::model::calls::CallUnderWay;
use crate::model::{Model, StoreReading};
use crate::ui::Edges;
use crate::ui::theme::{ACTIVITY, ALERT, Theme};
use obx_core::i18n::{Describe, Texts};
use obx_core::store::LogEntry;
use onebound::{Call, FoundId, IdSource, ItemId, ItemIdError, WaitsFor};

/// In characters. A longer draft is neither an ID nor an address.
const MAX_DRAFT: usize = 2_000;

/// By this time a call is recorded, unless something is wrong with the store. It is also the first moment at which
/// the frame changes by itself, since the app wakes every half second during a call.
const WRITTEN_BY: Duration = Duration::from_millis(500);

/// All IDs seen so far have so many digits.
const USUAL_DIGITS: RangeInclusive<usize> = 9..=13;

#[derive(Debug)]
pub struct IdInput {
    input: TextInput,
    /// Whether the draft was typed, and not filled in.
    is_typed: bool,
    recall: Option<IdRecall>,
    /// The telephone number that Enter warned about: the next Enter calls for it.
    warned: Option<ItemId>,
    /// The call that was last looked for in the log, and the log's revision then.
    looked_for: Option<(Call, u64)>,
}

/// A walk through the IDs as they were when it began, so that an answer meanwhile moves none of them.
#[derive(Debug)]
struct IdRecall {
    recall: Recall,
    ids: Vec<String>,
}

impl Default for IdInput {
    fn default() -> Self {
        Self {
            input: TextInput::with_limit(MAX_DRAFT),
            is_typed: false,
            recall: None,
            warned: None,
            looked_for: None,
        }
    }
}

impl IdInput {
    pub fn draft(&self) -> &str {
        self.input.text()
    }

    /// Replaces the draft, with the cursor at its end.
    pub fn fill(&mut self, text: &str) {
        self.input.set(text);
        self.edited(false);
    }

    fn edited(&mut self, is_typed: bool) {
        (self.is_typed, self.recall, self.warned) = (is_typed, None, None);
    }

    /// Selects the whole draft, so that typing or pasting replaces it; moving the cursor keeps it.
    pub fn select_all(&mut self) {
        self.input.select_all();
    }

    /// Handles pasted text. Digits are inserted at the cursor. The ID in an address or in a text replaces the draft;
    /// text without an ID, or with several, changes nothing; of a list, a batch is offered. A pasted line break never submits.
    #[must_use]
    pub fn paste(&mut self, pasted: &str, model: &Model) -> Vec<Effect> {
        let (texts, plain) = (model.texts, pasted.trim());
        if !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit()) {
            self.input.insert(plain);
            self.edited(true);
            return Vec::new();
        }
        if let Some(offer) = offer_batch(plain, model) {
            return offer;
        }
        match found(plain, model) {
            Ok(FoundId { id, source }) => {
                self.fill(id.as_str());
                vec![Effect::info(match source {
                    IdSource::OnlyNumber => texts.id_only_number(id),
                    IdSource::Digits | IdSource::Address | IdSource::Label => texts.id_pasted(id),
                })]
            }
            Err(ItemIdError::NotFound) => vec![Effect::alert(texts.no_id_pasted(plain.chars().count()))],
            Err(ItemIdError::Several(count)) => vec![Effect::alert(texts.several_ids_pasted(count))],
            Err(error) => vec![Effect::alert(no_id_text(error, model))],
        }
    }

    /// Returns the call that Enter would make; `None` while the draft contains no item ID.
    pub fn call(&self, model: &Model) -> Option<Call> {
        found(self.draft(), model).ok().map(|found| model.call(&found.id))
    }

    /// Shows the next older or newer of the IDs that were requested, as a shell does with its commands.
    fn recall(&mut self, older: bool, model: &Model) {
        let mut walk = match self.recall.take() {
            Some(walk) => walk,
            None if older => {
                IdRecall { recall: Recall::begin(&self.input, self.is_typed), ids: earlier_ids(model) }
            }
            None => return,
        };
        let IdRecall { recall, ids } = &mut walk;
        self.warned = None;
        if let Some(id) = if older { recall.older(ids) } else { recall.newer(ids) } {
            self.input.set(id);
        } else if !older {
            return recall.restore(&mut self.input);
        }
        self.recall = Some(walk);
    }

    /// Asks the store whether an earlier call for what Enter would buy is in doubt, where the log has one whose cost is not known.
    #[must_use]
    fn ask_about_doubt(&mut self, model: &Model) -> Option<Effect> {
        let call = self.call(model).filter(|call| model.spend(call, model.want_for(call)).is_some())?;
        let asked = Some((call.clone(), model.log.revision()));
        if self.looked_for == asked {
            return None;
        }
        self.looked_for = asked;
        model.has_unknown_cost(&call).then(|| Effect::Store(StoreRequest::Doubt(Box::new(call))))
    }

    /// Whether Enter warns about a telephone number before it spends a call on it.
    fn warns(&self, id: &ItemId, call: &Call, model: &Model) -> bool {
        let is_free = model.session.offline || model.is_fresh(call);
        id.looks_like_telephone() && !is_free && self.warned.as_ref() != Some(id)
    }

    #[must_use]
    fn submit(&mut self, model: &Model) -> Vec<Effect> {
        match found(self.draft(), model) {
            Ok(FoundId { id, .. }) => {
                let call = model.call(&id);
                if self.warns(&id, &call, model) {
                    let warning = model.texts.telephone_asks(&id, model.key(Action::Submit));
                    self.warned = Some(id);
                    return vec![Effect::alert(warning)];
                }
                self.fill(id.as_str());
                let want = model.want_for(&call);
                vec![Effect::start_fetch(call, want), Effect::Focus(PaneId::Skus)]
            }
            // Many lines pasted without brackets are in the input, unless it was too short for them.
            Err(error) => {
                let is_whole = self.draft().chars().count() < MAX_DRAFT;
                let offer = is_whole.then(|| offer_batch(self.draft(), model)).flatten();
                offer.unwrap_or_else(|| vec![Effect::alert(no_id_text(error, model))])
            }
        }
    }
}

/// Keeps a pasted list for a batch, and says how to open one; `None` if the text is no list.
#[must_use]
fn offer_batch(text: &str, model: &Model) -> Option<Vec<Effect>> {
    let count = BatchList::count_in_paste(text, model.session.call.platform())?;
    let (escape, key) = (model.text_key(Action::Escape), model.key(Action::Batch));
    let offered = Effect::info(model.texts.batch_offered(count, escape, key));
    Some(vec![Effect::OfferBatch(BatchList::from_text(text)), offered])
}

impl Pane for IdInput {
    fn edges(&self, model: &Model) -> Edges {
        let title = Line::from(model.texts.pane_id());
        let (right, offer) = status(self, model);
        Edges { title, right, offer, ..Edges::default() }
    }

    fn act(&mut self, action: Action, model: &Model) -> Vec<Effect> {
        match action {
            Action::Submit => self.submit(model),
            Action::Escape => vec![Effect::Focus(PaneId::Skus)],
            Action::Up | Action::Down => {
                self.recall(action == Action::Up, model);
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _model: &Model) -> Vec<Effect> {
        if self.input.type_key(key) {
            self.edited(true);
        }
        Vec::new()
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn layout(&mut self, model: &Model, _area: Rect) -> Vec<Effect> {
        self.input.set_placeholder(model.texts.id_placeholder());
        self.ask_about_doubt(model).into_iter().collect()
    }

    fn view(&self, _model: &Model, focused: bool, area: Rect, buffer: &mut Buffer) {
        let area = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        self.input.view(focused, area, buffer);
    }

    fn hints(&self, model: &Model) -> Vec<Hint> {
        let submit = match self.call(model) {
            Some(call) if model.is_fresh(&call) || model.session.offline => {
                Some(Hint::free(Action::Submit, model.texts.hint_show_stored()))
            }
            Some(_) if model.store_reading != StoreReading::Done => {
                Some(Hint::spending(Action::Submit, model.texts.hint_ask_store()))
            }
            Some(_) => Some(Hint::spending(Action::Submit, model.texts.hint_fetch())),
            None => None,
        };
        let others = [
            Hint::free(Action::NextPane, model.texts.hint_next_pane()),
            Hint::free(Action::Escape, model.texts.hint_leave_input()),
            Hint::free(Action::History, model.texts.hint_history()),
        ];
        let scope = model.scope();
        let is_earlier = |line: &LogEntry| line.subject.item().is_some() && line.scope == scope;
        let earlier = model.log.rows().any(|row| is_earlier(&row.line));
        let earlier = earlier.then(|| Hint::free(Action::Up, model.texts.hint_earlier_ids()));
        submit.into_iter().chain(others).chain(earlier).collect()
    }
}

/// Returns what Enter would do, or how long the current call has taken; and the action that is offered with its
/// price.
fn status(input: &IdInput, model: &Model) -> (Line<'static>, Option<Action>) {
    let (texts, theme) = (model.texts, Theme);
    if let Some(call) = model.calls.awaited() {
        let elapsed = model.now.up.saturating_sub(call.since);
        let frame = usize::try_from(elapsed.as_millis() / 500).unwrap_or_default() % ACTIVITY.len();
        let sign = ACTIVITY.get(frame).copied().filter(|_| !model.session.display.accessible);
        let sign = sign.unwrap_or_default();
        let label = progress_text(call, elapsed, model);
        let line =
            Line::from(vec![Span::styled(format!(" {sign} "), theme.key()), Span::raw(format!("{label} "))]);
        return (line, None);
    }
    let (call, submit) = (input.call(model), model.key(Action::Submit));
    if model
        .pending_confirmation
        .as_ref()
        .is_some_and(|held| Some(&held.call) == call.as_ref() && held.is_unsent())
    {
        return (Line::styled(format!(" {ALERT} {} ", texts.not_sent()), theme.bad()), None);
    }
    match call {
        None => (no_id_line(input, model), None),
        Some(_) if model.session.offline => {
            (Line::from(format!(" {} ", texts.enter_shows_offline_if_any(submit))), None)
        }
        Some(call) if model.is_fresh(&call) => {
            (Line::from(format!(" {} ", texts.enter_shows_stored(submit))), None)
        }
        Some(call) if model.spend(&call, model.want_for(&call)).is_none() => {
            (Line::from(format!(" {} ", texts.enter_waits(submit))), None)
        }
        Some(call) => fetching_line(&call, input, model),
    }
}

/// Describes the progress of a call: the time it has taken, and what it waits for if it should have been sent by now.
fn progress_text(call: &CallUnderWay, elapsed: Duration, model: &Model) -> String {
    let (texts, escape) = (model.texts, model.key(Action::Escape));
    let (id, seconds) = (call.call.subject(), elapsed.as_secs());
    match (call.progress.out, call.progress.waits_for) {
        (Some(_), _) => texts.fetching(id, seconds, escape),
        // Usually over before it can be read.
        (None, WaitsFor::Store) if elapsed < WRITTEN_BY => texts.fetching(id, seconds, escape),
        (None, WaitsFor::Store) => texts.waiting_for_store(id, seconds, escape),
        (None, WaitsFor::OtherCall) => texts.waiting_for_call(id, seconds, escape),
        (None, WaitsFor::OtherSession { .. }) => match who_is_asking(&id, model) {
            Some(name) => texts.waiting_for_person(id, name, seconds, escape),
            None => texts.waiting_for_session(id, seconds, escape),
        },
    }
}

/// The ID in a text, for calls to the session's platform.
fn found(text: &str, model: &Model) -> Result<FoundId, ItemIdError> {
    ItemId::find_on(model.session.call.platform(), text)
}

/// The IDs that were requested from this gateway and platform, each once, the newest last.
fn earlier_ids(model: &Model) -> Vec<String> {
    let (catalog, mut known) = (model.catalog(), HashSet::new());
    let lines = model.log.rows().map(|row| &row.line).filter(|line| line.is_in(&catalog));
    let ids = lines.filter_map(|line| line.subject.item());
    let mut ids: Vec<String> = ids.filter(|id| known.insert(*id)).map(ToString::to_string).collect();
    ids.reverse();
    ids
}

/// Says why there is no ID, and what to do about it.
fn no_id_text(error: ItemIdError, model: &Model) -> String {
    let why = error.describe(model.texts);
    match error {
        ItemIdError::TaobaoAddress | ItemIdError::OfferAddress => {
            model.texts.or_one_call(why, model.text_key(Action::Escape), model.key(Action::EditCall))
        }
        _ => why,
    }
}

/// Says why Enter would do nothing; empty while nothing is typed.
fn no_id_line(input: &IdInput, model: &Model) -> Line<'static> {
    let texts = model.texts;
    let label = match found(input.draft(), model) {
        Ok(_) | Err(ItemIdError::Empty) => return Line::default(),
        Err(ItemIdError::LeadingZero) => texts.id_leading_zero_short(),
        Err(ItemIdError::TooLong) => texts.id_too_long(),
        Err(ItemIdError::ShortLink | ItemIdError::ShareCode) => texts.id_in_no_link(),
        Err(ItemIdError::TaobaoAddress) => texts.id_needs_taobao(),
        Err(ItemIdError::OfferAddress) => texts.id_needs_1688(),
        Err(ItemIdError::Several(count)) => &texts.id_several_short(count),
        Err(ItemIdError::NotFound | ItemIdError::LostDigits) => texts.id_none_yet(),
    };
    Line::styled(format!(" {label} "), Theme.warn())
}

/// Returns what Enter would spend, with a warning if the ID looks like none; or why calls are blocked.
fn fetching_line(call: &Call, input: &IdInput, model: &Model) -> (Line<'static>, Option<Action>) {
    let (texts, submit) = (model.texts, model.key(Action::Submit));
    if let Some(block) = model.block_ahead() {
        let label = texts.enter_blocked(block.reason.describe(texts));
        return (Line::styled(format!(" {ALERT} {label} "), Theme.warn()), None);
    }
    let found = found(input.draft(), model).ok().filter(|found| found.source == IdSource::OnlyNumber);
    let found = found.map(|found| format!(" {} ·", texts.id_found(found.id)));
    let line = Line::from(vec![
        Span::raw(found.unwrap_or_default()),
        Span::styled(warning(call, model).unwrap_or_default(), Theme.warn()),
        Span::raw(format!(
            " {} ",
            match model.store_reading {
                StoreReading::Done => texts.enter_fetches(submit),
                StoreReading::Awaited | StoreReading::Failed(_) => texts.enter_asks_store(submit),
            }
        )),
        cost(model),
    ]);
    (line, Some(Action::Submit))
}

/// Says why it may be better not to buy this: an earlier call may have been billed for it, or the ID may be none.
fn warning(call: &Call, model: &Model) -> Option<String> {
    let again = model.is_in_doubt(call).then(|| format!(" {ALERT} {} ·", model.texts.enter_buys_again()));
    again.or_else(|| odd_id(call, model.texts))
}

/// Says why the ID may be none.
fn odd_id(call: &Call, texts: Texts) -> Option<String> {
    let id = call.num_iid()?;
    let digits = id.as_str().len();
    let length = match digits {
        1 => Some(texts.one_digit().to_owned()),
        few if few < *USUAL_DIGITS.start() => Some(texts.few_digits(few)),
        many if many > *USUAL_DIGITS.end() => Some(texts.many_digits(many)),
        _ => None,
    };
    let odd = length.or_else(|| id.looks_like_telephone().then(|| texts.like_telephone().to_owned()));
    odd.map(|odd| format!(" {ALERT} {odd} ·"))
}

fn cost(model: &Model) -> Span<'static> {
    Span::styled(format!("{} ", model.session.cost()), Theme.warn())
}
