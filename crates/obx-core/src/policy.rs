//! The rules of money: pure functions over facts, without SQL, clock or I/O.
//!
//! ```text
//!  fetch_policy  what the user agreed to: a stored answer, a call, an override, a trade
//!  freshness     how long a stored answer replaces a call
//!  scope         the hosts that a call may go to, and the gateway whose stored answers count
//!  ledger        whether a call may be sent: an answer or a lease of another session, a block, the cap, the reserve
//!  block         which answers stop further calls, and which allow them again
//!  lease         how long others wait for a call under way
//!  run_budget    how much one run may send and cost
//!  allowed_calls how many of several calls that are only planned would be allowed
//!  attempt       what follows from one call to a host: try the next host, share the answer with those who wait
//!  search_pages  which page of a search is fetched next
//! ```
//! The caller supplies the facts: a store in the transaction that appends a row ([`decide`]), a fetch before and
//! after it sends, the explorer before it shows a price.

mod allowed_calls;
mod attempt;
mod block;
mod confirmation;
mod day;
mod fetch_policy;
mod freshness;
mod lease;
mod ledger;
mod run_budget;
mod scope;
mod search_pages;

pub use allowed_calls::allowed_calls;
pub use attempt::{came_since, may_offer_next_host, may_try_next_host, was_ended_unsent};
pub use block::{Block, BlockChange, BlockReason};
pub use confirmation::Confirmation;
pub use day::{beijing_day, day_end};
pub use fetch_policy::{DoubtRule, FetchPolicy, Override};
pub use freshness::{Freshness, is_fresh, is_in_doubt};
pub use lease::{HolderProcess, Lease, LeaseHolder, LeaseState, lease_holder, lease_length, lease_state};
pub use ledger::{Decision, Facts, GuardViolation, Guards, Intent, QuotaFact, decide, violation};
pub use run_budget::{BudgetViolation, MaxCost, Reservation, RunBudget, RunLimits, RunUse};
pub use scope::{gateways, hosts_for, question};
pub use search_pages::{SearchEnd, SearchPages};
