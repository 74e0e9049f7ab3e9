//! The core of obx without a screen: everything that the explorer and scripts share.
//!
//! ```text
//!  import     parses saved answers (bodies, HAR) into exchanges: pure
//!  session    the entry point: connects all of the below according to a configuration
//!  picture    loads the pictures of items: memory, file, picture host; decodes them with limits
//!  owner      identifies the process that has a call under way
//!  policy     the rules of money, as pure functions: fresh, scope, cap, reserve, block, lease
//!  config     flags > environment > file > defaults
//!  store      stores, finds and counts exchanges: facts and appends; SQLite, on threads of its own
//!  fetch      store first, single flight, ledger, client, host after host: nothing else sends
//!  export     exchanges as JSON, CSV, Markdown, HAR, curl: pure
//!  record     schemas of what scripts read: JSON, CSV and documentation from one table of fields
//!  flat       one flat, versioned record of an item over all type drift: pure
//!  sql        flat records as SQL that creates and updates tables: pure
//!  spreadsheet  reads and writes .xlsx files row by row
//!  jq         runs a jq program on a document, and completes one while it is typed
//!  file_kind  the kind of a path that is not a plain file
//!  part_file  a file that is written beside another and renamed over it
//!  suggest    the known word that a mistyped one was probably meant to be
//!  i18n       all texts, English and Chinese on one line
//! ```
//! The texts are in this crate because exports and errors are translated too.

pub mod batch;
pub mod config;
pub mod export;
pub mod fetch;
pub mod file_kind;
pub mod flat;
pub mod i18n;
pub mod import;
pub mod jq;
pub mod owner;
pub mod part_file;
pub mod picture;
pub mod policy;
pub mod price;
pub mod record;
pub mod search_line;
pub mod session;
pub mod spreadsheet;
pub mod sql;
pub mod store;
pub mod suggest;
