//! What all panes read: the session, the calls under way, the request log, and what is shown.
//!
//! Keys change it through the app; results from the background come in by [`Model::apply`], each with
//! the ticket of its fetch. A result of a fetch that is no longer known is dropped there.

pub mod calls;
pub mod notice;
pub mod quota_forecast;
pub mod request_log;
pub mod session;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::api::{Call, Exchange, Item, ItemId, Outcome, Question};
use crate::fetch::{Fetched, Refused, Source, Want};
use crate::i18n::Texts;
use crate::message::{Command, Done, FetchEvent, Now, Ticket};
use calls::Calls;
use notice::Notice;
use request_log::{LogRow, RequestLog};
use session::Session;

/// The state behind the picture.
#[derive(Clone, Debug)]
pub struct Model {
    /// In the interface's language.
    pub texts: Texts,
    /// How calls are made.
    pub session: Session,
    /// The moment of the last event.
    pub now: Now,
    /// What is under way.
    pub calls: Calls,
    /// What was asked in this session.
    pub log: RequestLog,
    /// What item, SKUs, props and response are about.
    pub shown: Option<Shown>,
    /// What was just said to the user.
    pub notice: Option<Notice>,
    fresh: HashMap<Question, Timestamp>,
    generation: u64,
}

/// The exchange on the screen.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What was asked and what came.
    pub exchange: Arc<Exchange>,
    /// Where it came from.
    pub source: Source,
    /// Changes whenever another exchange is shown: cursors go back to the top then.
    pub generation: u64,
}

impl Model {
    /// A session that has asked nothing yet.
    pub fn new(texts: Texts, session: Session, at: Timestamp) -> Self {
        Self {
            texts,
            session,
            now: Now { at, up: Duration::ZERO },
            calls: Calls::default(),
            log: RequestLog::default(),
            shown: None,
            notice: None,
            fresh: HashMap::new(),
            generation: 0,
        }
    }

    /// The item on the screen.
    pub fn item(&self) -> Option<Item<'_>> {
        self.shown.as_ref()?.exchange.item()
    }

    /// Changes with what is shown.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether asking this now costs nothing, because a fresh answer is stored.
    pub fn is_fresh(&self, call: &Call) -> bool {
        self.fresh_until(call).is_some_and(|until| self.now.at < until)
    }

    /// Until when a stored answer to this call is fresh.
    pub fn fresh_until(&self, call: &Call) -> Option<Timestamp> {
        self.fresh.get(&call.question()).copied()
    }

    /// What Enter on this ID may do: it buys only where the footer showed ¥.
    pub fn want_for(&self, call: &Call) -> Want {
        if self.is_fresh(call) { Want::StoreOnly } else { Want::StoreFirst }
    }

    /// The call for an item, by the session's settings.
    pub fn call(&self, id: &ItemId) -> Call {
        self.session.call.item_get(id.clone())
    }

    /// Starts a fetch and waits for it; waits again for one that is under way for the same question.
    pub fn start(&mut self, call: Call, want: Want) -> Option<Command> {
        if want == Want::StoreOnly || !self.calls.wait_again(&call.question()) {
            let ticket = self.calls.add(call.clone(), want, self.now.up);
            return Some(Command::Fetch { ticket, call: Box::new(call), want });
        }
        self.notice = Some(Notice::info(self.texts.already_under_way(call.num_iid())));
        None
    }

    /// Esc while nothing nearer can be left; two steps, see [`Calls::stop`].
    pub fn stop_waiting(&mut self) -> Option<Command> {
        let (command, sent) = self.calls.stop()?;
        let said = match (&command, sent) {
            (Some(Command::Close(_)), _) => self.texts.closing_connection(),
            (_, true) => self.texts.stopped_waiting(),
            (_, false) => self.texts.stopping_unsent(),
        };
        self.notice = Some(Notice::info(said));
        command
    }

    /// Shows a row of the log again. Costs nothing.
    pub fn show_row(&mut self, row: usize) {
        if let Some(row) = self.log.rows().get(row) {
            let (exchange, source) = (Arc::clone(&row.exchange), row.source);
            self.show(exchange, source);
        }
    }

    /// News of a fetch.
    pub fn apply(&mut self, ticket: Ticket, news: FetchEvent) {
        match news {
            FetchEvent::Progress(progress) => self.calls.progress(ticket, progress),
            FetchEvent::Finished(fetched) => self.finish(ticket, *fetched),
            FetchEvent::Refused(refused) => self.refuse(ticket, &refused),
        }
    }

    /// What became of an effect that is no fetch.
    pub fn done(&mut self, done: Done) {
        let texts = self.texts;
        self.notice = Some(match done {
            Done::CopiedToTmux(what) => Notice::info(texts.copied(what, texts.copied_tmux())),
            Done::CopiedToTerminal(what) => Notice::info(texts.copied(what, texts.copied_osc52())),
            Done::CopyFailed(why) => Notice::alert(texts.copy_failed(why)),
            Done::PageOpened(url) => Notice::info(texts.page_opened(url)),
            Done::NoBrowser(url) => Notice::info(texts.page_shown(url)),
        });
    }

    fn finish(&mut self, ticket: Ticket, fetched: Fetched) {
        let Some(call) = self.calls.remove(ticket) else { return };
        if let Some(until) = fetched.fresh_until {
            self.fresh.insert(call.call.question(), until);
        }
        if fetched.source != Source::Joined {
            self.log
                .add(fetched.before.into_iter().map(|exchange| LogRow { exchange, source: fetched.source }));
            let exchange = Arc::clone(&fetched.exchange);
            self.log.add([LogRow { exchange, source: fetched.source }]);
        }
        if call.awaited {
            self.show(fetched.exchange, fetched.source);
        } else if fetched.exchange.outcome != Outcome::Cancelled {
            // Of a call that was ended there is no answer, and what was said when it was still holds.
            let id = call.call.num_iid();
            self.notice = Some(match fetched.exchange.outcome {
                Outcome::Failed(_) => Notice::alert(self.texts.call_failed(id)),
                _ => Notice::info(self.texts.answer_arrived(id)),
            });
        }
        if let Some(error) = fetched.not_kept {
            self.notice = Some(Notice::alert(self.texts.not_kept(error)));
        }
    }

    fn refuse(&mut self, ticket: Ticket, refused: &Refused) {
        let Some(call) = self.calls.remove(ticket) else { return };
        self.fresh.remove(&call.call.question());
        self.notice = Some(Notice::alert(match refused {
            Refused::NoneStored => self.texts.no_longer_fresh(),
            Refused::NoHost => self.texts.no_host(),
        }));
    }

    fn show(&mut self, exchange: Arc<Exchange>, source: Source) {
        self.generation += 1;
        self.shown = Some(Shown { exchange, source, generation: self.generation });
    }
}
