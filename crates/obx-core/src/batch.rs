//! Batches: the answers for a list of items, from the store or from the vendor, through one [`Session`].
//!
//! ```text
//!  BatchInput ─▶ lines ─┬─▶ plan: so many are stored, so many are to buy, time, quota, price
//!                       └─▶ start ─▶ BatchEvent, one by one
//!                             │  stored and fresh: read, nothing is sent
//!                             │  in doubt: an earlier call may have been billed, so it is not bought again
//!                             └─ else: fetched, so many at once as RateController allows
//! ```
//! The store is the journal: a batch that was stopped, or whose process was killed, is started again with the same
//! list. What was answered is read from the store, and what may have been billed is in doubt. A call that failed is a
//! line that failed; nothing here tries it again.
//!
//! [`Session`]: crate::session::Session

mod engine;
mod event;
mod input;
mod plan;
mod rate;
mod record;
mod resumption;
mod settings;
mod wall_clock;

pub use engine::{BatchControl, BatchRun, start, start_planned};
pub use event::{BatchEvent, BatchSummary, LineResult, StopReason};
pub use input::{BatchInput, BatchLine, InputError, InputFormat, InputLine, ListKind};
pub use plan::{BatchPlan, DoubtfulLine, LineState, PlanFacts, plan, plan_each};
pub use rate::{DEFAULT_CONCURRENCY, RateCeilings, RateChange, RateController, RateEpoch, RateSignal};
pub use record::{
    BATCH_RECORD_VERSION, BatchRecord, ItemColumns, batch_column_names, batch_csv_header, batch_line_schema,
    batch_row_schema, batch_schema,
};
pub use settings::{BatchSettings, Carry};
