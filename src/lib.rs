//! obx: a keyboard-driven terminal explorer for `OneBound`'s 1688 product API.
//!
//! # The workspace
//!
//! ```text
//!  crates/onebound-document   a body's bytes as they came, indexed: order, digits, duplicate keys; folds, search
//!  crates/onebound            client library: Call -> Exchange; `client` is the only user of an HTTP client
//!  crates/onebound-emulator   the vendor's gateway, emulated; shares no type with `onebound`
//!  crates/obx-core            what obx does without a screen, behind one door, `Session`: config, store, fetch, export …
//!  src/                       the program
//! ```
//!
//! Here, a module imports from layers below its own, and in its own layer from what is listed above it; the same holds
//! in `obx-core`. `tests/it/layering.rs` tests that.
//!
//! ```text
//!  shells     tui       the event loop: wait, drain, draw once;  tui/effects: Effect -> background task
//!             cli       arguments -> explorer or subcommand -> exit code
//!  ───────────────────────────────────────────────────────────────────────────────────────────────
//!  state      message   Event in, Effect out, Action between; what a pane asks of the app
//!  and        model     what all panes read: session, calls under way, request log, what is shown
//!  picture    keymap    (scope, key) -> Action: one table; help, footer and palette print it
//!  (no clock, ui        layout, theme, text by display width, table, scroll: widgets that know no pane
//!  file or    pane      a file a pane or popup: own cursor and draft, reads the model
//!  socket)    app       update(Event) -> Vec<Effect>, redraw(&mut Buffer)
//! ```
//!
//! # How data flows
//!
//! ```text
//!  key ─▶ tui ─▶ app.update ─▶ keymap, pane.act ─▶ Effect::Fetch(ticket, call)
//!                                                 │ tui/effects ─▶ Session ─▶ fetch ─▶ onebound::Client ─▶ vendor
//!  frame ◀─ app.redraw ◀─ model.apply ◀─ tui ◀── Event::Fetch(ticket, Finished(exchange)) ◀── bounded channel
//! ```
//!
//! - Time comes in with events: a wake-up is asked for the next moment at which the picture changes
//!   ([`app::App::next_wake`]), so that an idle session writes nothing and wakes nobody.
//! - Work that takes longer than a key may wait is a job ([`message::Job`]) off the loop, which a newer one cancels: a
//!   table is filtered and sorted ([`ui::rows::arrange`]), a body searched ([`onebound_document::Document::search`]), a
//!   long text broken into rows ([`ui::text_rows::TextRows`]). What is small is done at once, by the same functions.
//! - A frame is drawn whole ([`app::App::redraw`]) and compared with the last one cell by cell; only what differs is
//!   written.
//! - A pane is laid out before it is drawn ([`pane::Pane::layout`]); nothing flows back from drawing.
//! - Results carry the ticket of their fetch; one that is no longer known is dropped in the model.
//! - Text from outside passes [`ui::text::clean`] or [`ui::text::visible`] on its way to a cell.
//! - The store answers through the same channel: [`message::StoreRequest`] out, [`message::StoreEvent`] back. A log row
//!   is a line without its body; bodies stay in memory up to a budget, and come from the store after that.
//! - A call under way is no line of the log: from when it goes out ([`onebound::SentCall`]) the log's pane has a row of it
//!   among the lines, at the place where its line will stand.
//! - jq programs run in a process of their own (`cli/filter_worker`), which takes the body in once and is replaced when
//!   one goes on unwanted: no program can stop, fill or crash the explorer, or read its environment.
//! - A large answer is shown first and looked over for its facts then ([`message::Effect::Analyze`]).
//! - Secrets are found in a body on arrival; every reading but [`onebound::Body::raw`] is masked.

pub mod app;
pub mod cli;
pub mod keymap;
pub mod message;
pub mod model;
pub mod pane;
pub mod tui;
pub mod ui;
