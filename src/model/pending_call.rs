//! What is said of a call that was held back, and whether the user may have it sent anyway.

use super::{Model, PendingCall, Why};
use crate::message::Action;
use obx_core::fetch::{FetchPolicy, NotSent};
use obx_core::i18n::Texts;
use onebound::CallKind;

impl PendingCall {
    /// Whether the user may have it sent anyway.
    pub fn can_be_overridden(&self) -> bool {
        self.call.kind() == CallKind::Read
            && match &self.why {
                Why::NotSent(why) => why.can_be_overridden(),
                Why::HostFailed(_) => true,
            }
    }

    /// Whether nothing of it was sent.
    pub fn is_unsent(&self) -> bool {
        matches!(self.why, Why::NotSent(_))
    }

    /// The label of the key that overrides it.
    pub fn offer(&self, texts: Texts) -> String {
        match &self.why {
            Why::NotSent(_) => texts.hint_override().to_owned(),
            Why::HostFailed(failed) => texts.try_host(&failed.next),
        }
    }

    /// A message that says why it was held back.
    pub fn message(&self, model: &Model) -> String {
        match &self.why {
            // This call did not look for a stored answer, so the message is about refetching.
            Why::NotSent(NotSent::Offline)
                if self.want != FetchPolicy::CacheFirst && model.session.file.is_none() =>
            {
                model.texts.refused_offline_refetch(model.key(Action::Submit))
            }
            Why::NotSent(refused) => model.not_sent_text(refused),
            Why::HostFailed(failed) => failed.message(model.texts),
        }
    }
}

impl Model {
    /// Says why a call was not sent.
    pub fn not_sent_text(&self, refused: &NotSent) -> String {
        let texts = self.texts;
        match refused {
            NotSent::NoneStored => texts.no_longer_fresh(self.key(Action::Submit)),
            NotSent::NoHost => texts.no_host().to_owned(),
            NotSent::Offline => texts.refused_offline().to_owned(),
            NotSent::Unconfirmed => texts.trade_not_repeated(self.key(Action::EditCall)),
            NotSent::InDoubt { .. } => texts.not_sent_in_doubt_again().to_owned(),
            NotSent::TradeUnderWay => texts.refused_trade_under_way().to_owned(),
            NotSent::Withheld(name) => texts.refused_withheld(name, self.key(Action::EditCall)),
            NotSent::NoLedger(error) => texts.refused_no_ledger(self.store_error_text(error)),
            NotSent::OverBudget(_) | NotSent::Guarded(_) => {
                texts.not_sent_because(self.refusal_reason(refused))
            }
        }
    }

    /// Says why calls would not be sent.
    pub fn refusal_reason(&self, refusal: &NotSent) -> String {
        match refusal {
            NotSent::OverBudget(violation) => violation.reason(self.texts),
            NotSent::Guarded(violation) => {
                violation.reason(self.texts, |at| self.session.minute(at, self.now.at))
            }
            _ => self.not_sent_text(refusal),
        }
    }
}
