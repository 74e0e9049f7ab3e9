//! The app's input and output: events, effects, and actions, which are what keys do.

mod action;
mod batch;
mod clipboard;
mod column_choice;
mod effect;
mod event;
mod export;
mod fetch_order;
mod filtering;
mod job;
mod log_scan;
mod looks;
mod mouse;
mod notice;
mod pane_id;
mod picture;
mod pricing;
mod spend;
mod splits;
mod store;
mod view_state;

pub(crate) use action::action_table;
pub use action::{Action, KeyScope};
pub use batch::{
    AnsweredRow, BatchCommand, BatchList, BatchListError, BatchOrder, BatchPlanRequest, BatchRow,
    BatchRowState, BatchTicket, BatchUpdate, LeftOut, PlannedList, RowSubject, batch_rows, is_unwritten,
};
pub use clipboard::ClipboardText;
pub use column_choice::{ChoosableColumn, ColumnChoice};
pub use effect::Effect;
pub use event::{CopiedTo, Done, Event, FetchEnd, FetchEvent, Now, ProgramEnd, Ticket};
pub use export::{Content, Export, Held, Reading, Taken, Target, Viewer};
pub use fetch_order::FetchOrder;
pub use filtering::{FilterJob, FilterResult, Filtered};
pub use job::{IsCancelled, Job, JobDone, JobSlot, analyze};
pub use log_scan::{LogScan, Scanned};
pub use looks::{ChosenLooks, Looks};
pub use mouse::{MouseGesture, MouseInput};
pub use notice::Notice;
pub(crate) use pane_id::pane_table;
pub use pane_id::{PaneId, Slot};
pub use picture::{PictureOrder, PictureRequest};
pub use pricing::{PriceJob, Priced};
pub use spend::{BatchPart, Spend};
pub use splits::Splits;
pub use store::{MAX_FOUND, Purpose, Replaceable, StoreEvent, StoreRequest};
pub use view_state::{FoldStep, LastItem, NamedRow, NamedSort, ResultsView, TableView, ViewState};
