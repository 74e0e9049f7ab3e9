//! What obx does, without a screen: everything that the explorer and a script have in common.
//!
//! ```text
//!  import     answers that lie in files (bodies, HAR), read into exchanges: pure
//!  session    the one door: wires all of the below by a configuration
//!  owner      the process that has a call under way
//!  policy     the rules of money, as pure functions: fresh, scope, cap, reserve, block, lease
//!  config     flags > environment > file > defaults
//!  store      exchanges kept, found and counted: facts and appends; SQLite, on threads of its own
//!  fetch      store first, single flight, ledger, client, host after host: nobody else sends
//!  export     exchanges as JSON, CSV, Markdown, HAR, curl: pure
//!  jq         a jq program over a document, and what completes one while it is typed
//!  file_kind  what lies at a path in place of a plain file
//!  i18n       every text, English and Chinese on one line
//! ```
//! The texts are here, since exports and errors speak the user's language too.

pub mod config;
pub mod export;
pub mod fetch;
pub mod file_kind;
pub mod i18n;
pub mod import;
pub mod jq;
pub mod owner;
pub mod policy;
pub mod session;
pub mod store;
