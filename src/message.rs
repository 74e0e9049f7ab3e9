//! What goes in and out of the app: events in, effects out, and actions, which are what keys mean.

mod action;
mod clipboard;
mod effect;
mod event;
mod export;
mod filtering;
mod job;
mod notice;
mod spend;
mod store;

use obx_core::i18n::Texts;

pub use action::Action;
pub use clipboard::ClipboardText;
pub use effect::{Effect, Unanalyzed};
pub use event::{CopiedTo, Done, Event, FetchEvent, Now, ProgramEnd, Ticket};
pub use export::{Content, Export, Held, Reader, Reading, Taken, Target};
pub use filtering::{FilterJob, FilterResult, Filtered};
pub use job::{IsCancelled, Job, JobDone, JobSlot};
pub use notice::Notice;
pub use spend::Spend;
pub use store::{MAX_FOUND, Purpose, Replaceable, StoreEvent, StoreRequest};

/// The panes, by the digit that leads to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaneId {
    /// 1: the ID input.
    Id,
    /// 2: the item's summary.
    Item,
    /// 3: its SKUs.
    Skus,
    /// 4: its props.
    Props,
    /// 5: the request log.
    Requests,
    /// 6: the response as it came.
    Response,
}

impl PaneId {
    /// In the order of their digits.
    pub const ALL: [Self; 6] =
        [Self::Id, Self::Item, Self::Skus, Self::Props, Self::Requests, Self::Response];

    /// The digit that leads there.
    pub fn digit(self) -> u8 {
        self as u8 + 1
    }

    /// Its name in the interface's language.
    pub fn name(self, texts: Texts) -> &'static str {
        match self {
            Self::Id => texts.pane_id(),
            Self::Item => texts.pane_item(),
            Self::Skus => texts.pane_skus(),
            Self::Props => texts.pane_props(),
            Self::Requests => texts.pane_requests(),
            Self::Response => texts.pane_response(),
        }
    }
}
