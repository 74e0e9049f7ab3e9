//! The rules of money: pure functions over facts, without SQL, clock or I/O.
//!
//! ```text
//!  fetch_policy  what the user agreed to: a stored answer, a call, an override, a trade
//!  freshness     how long a stored answer replaces a call
//!  scope         which hosts a call may go to, and whose answers do for it
//!  ledger        whether a call may be sent: an answer or a lease of another session, a block, the cap, the reserve
//!  block         which answers stop further calls, and which let them through again
//!  lease         how long others wait for a call under way
//!  attempt       what one attempt at a host allows: a next host, an answer for those who wait
//! ```
//! Whoever has the facts asks: a store in the transaction that appends a row ([`decide`]), a fetch before and after it
//! sends, the explorer before it names a price.

mod attempt;
mod block;
mod confirmation;
mod day;
mod fetch_policy;
mod freshness;
mod lease;
mod ledger;
mod scope;

pub use attempt::{came_since, may_offer_next_host, may_try_next_host, was_ended_unsent};
pub use block::{Block, BlockChange, LatchReason};
pub use confirmation::Confirmation;
pub use day::{beijing_day, day_end};
pub use fetch_policy::FetchPolicy;
pub use freshness::{Freshness, is_fresh};
pub use lease::{Lease, LeaseHolder, LeaseState, lease_length, lease_state};
pub use ledger::{Decision, Facts, GuardViolation, Guards, Intent, QuotaFact, decide};
pub use scope::{gateways, hosts_for, question};
