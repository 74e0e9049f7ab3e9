//! The real program in a real pseudo-terminal: what it writes, what it sends, and how it leaves.
//!
//! Sessions run on [`pty::Session`], and against DEMO or a [`gateway::Gateway`] that counts the calls. The
//! interface's sentences are taken from [`obx_core::i18n`], so that a better wording breaks no test.

mod answers;
mod call_editor;
mod cancel;
mod colours;
mod command_line;
mod endings;
mod endless;
mod export;
mod fetch;
pub(crate) mod gateway;
mod hang_ups;
mod history;
mod hostile;
#[cfg(target_os = "linux")]
mod idle;
mod input_bytes;
mod jq;
#[cfg(target_os = "linux")]
mod jq_process;
mod killed;
mod leases;
mod monkey;
mod next_host;
mod openings;
pub(crate) mod pty;
mod readme_pictures;
mod restored;
mod setup;
mod shared_store;
mod sizes;
mod slow_line;
mod start;
mod storage;
#[cfg(target_os = "linux")]
mod terminals;
mod thrift;
mod trouble;
