//! obx: a keyboard-driven terminal explorer for `OneBound`'s 1688 product API.
//!
//! # The house
//!
//! A module imports from floors below its own, and on its own floor from what is listed above it.
//! `tests/it/layering.rs` holds that.
//!
//! ```text
//!  4  shells     tui       the event loop: wait, drain, draw once;  tui/effects: Command -> background task
//!                cli       arguments -> explorer or subcommand -> exit code
//!  ───────────────────────────────────────────────────────────────────────────────────────────────
//!  3  state      message   Event in, Command out, Action between; what a pane asks of the app
//!     and        model     what all panes read: session, calls under way, request log, what is shown
//!     picture    keymap    (scope, key) -> Action: one table; help, footer and palette print it
//!     (no clock, ui        layout, theme, text by display width, table, scroll: widgets that know no pane
//!     file or    pane      a file a pane or popup: own cursor and draft, reads the model
//!     socket)    app       update(Event) -> Vec<Command>, redraw(&mut Buffer)
//!  ───────────────────────────────────────────────────────────────────────────────────────────────
//!  2  money      fetch     store first, single flight, ledger, client, host after host: nobody else sends
//!  ───────────────────────────────────────────────────────────────────────────────────────────────
//!  1  services   i18n      every text, English and Chinese on one line
//!                export    exchanges as JSON, CSV, Markdown, HAR, curl: pure, beside the texts that Markdown takes
//!                saved     answers that lie in files, read into exchanges: pure
//!                config    flags > environment > file > defaults
//!                store     exchanges kept, found and counted: SQLite, on threads of its own
//!  ───────────────────────────────────────────────────────────────────────────────────────────────
//!  0  domain     jq        a jq program over a document, and what completes one while it is typed
//! ```
//!
//! Beside it, in `crates/`:
//!
//! - `onebound-document`: spans over a body's bytes: order, digits and duplicate keys as sent;
//! - `onebound`: Call -> Exchange; `client` is the only user of an HTTP client;
//! - `onebound-emulator`: the vendor's gateway, emulated; it shares no type with `onebound`.
//!
//! # How data flows
//!
//! ```text
//!  key ─▶ tui ─▶ app.update ─▶ keymap, pane.act ─▶ Command::Fetch(ticket, call)
//!                                                     │ tui/effects ─▶ fetch ─▶ store? gate? ─▶ api::client ─▶ vendor
//!  frame ◀─ app.redraw ◀─ model.apply ◀─ tui ◀── Event::Fetch(ticket, Finished(exchange)) ◀── bounded channel
//! ```
//!
//! - Time comes in with events: a wake-up is asked for the next moment at which the picture changes
//!   ([`app::App::next_wake`]), so that an idle session writes nothing and wakes nobody.
//! - What takes longer than a key may wait is done by steps, a wake-up each: a table's rows ([`ui::rows::Rows`]),
//!   a search over a body ([`onebound_document::Search`]), the rows of a long text ([`ui::text_rows::TextRows`]).
//! - Only what may have changed is drawn and compared ([`app::App::redraw`]): a key in a table draws that pane and the
//!   footer. What a picture shows is changed through `app/changes` or at moments that are known beforehand.
//! - A pane is told its room before it is drawn ([`pane::Pane::settle`]); nothing flows back from drawing.
//! - Results carry the ticket of their fetch; one that is no longer known is dropped in the model.
//! - Text from outside passes [`ui::text::clean`] or [`ui::text::visible`] on its way to a cell.
//! - The store answers through the same channel: [`message::StoreQuery`] out, [`message::StoreNews`] back. A log row
//!   is a line without its body; bodies stay in memory up to a budget, and come from the store after that.
//! - A call under way is no line of the log: from when it goes out ([`api::Departure`]) the log's pane has a row of it
//!   among the lines, at the place where its line will stand.
//! - jq programs run in a process of their own (`cli/filter_worker`), which takes the body in once and is replaced when
//!   one goes on unwanted: no program can stop, fill or crash the explorer, or read its environment.
//! - A large answer is shown first and looked over for its facts then ([`message::Command::LookOver`]).
//! - Secrets are found in a body on arrival; every reading but [`api::Body::raw`] is masked.

pub mod app;
pub mod cli;
pub mod config;
pub mod export;
pub mod fetch;
pub mod i18n;
pub mod jq;
pub mod keymap;
pub mod message;
pub mod model;
pub mod pane;
pub mod saved;
pub mod store;
pub mod tui;
pub mod ui;
