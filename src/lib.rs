//! obx: a keyboard-driven terminal explorer for `OneBound`'s 1688 product API.
//!
//! # The workspace
//!
//! ```text
//!  crates/onebound-document   a body's bytes as they came, indexed: order, digits, duplicate keys; folds, search
//!  crates/onebound            client library: Call -> Exchange; `client` sends calls, `picture` fetches pictures
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
//!             cli       arguments -> explorer or command -> exit code; `cli/run` runs a command over a session
//!  ───────────────────────────────────────────────────────────────────────────────────────────────
//!  state      message   Event in, Effect out; the tables of actions and of panes; jobs
//!  and        keymap    (scope, key) -> Action, from the table of actions and the config's `[keys]`
//!  screen     model     what all panes read: session, keys, calls under way, request log, what is shown
//!  (no clock, ui        layout, theme, text by display width, table, scroll: widgets that know no pane
//!  file or    pane      a file a pane or popup: own cursor and draft, reads the model
//!  socket)    app       update(Event) -> Vec<Effect>, redraw(&mut Buffer)
//! ```
//!
//! # How data flows
//!
//! ```text
//!  key ─▶ tui ─▶ app.update ─▶ keymap ─▶ Action ─▶ app::actions, pane.act ─▶ Effect::StartFetch ─▶ Effect::Fetch(order)
//!                                                     │ tui/effects ─▶ Session ─▶ policy, fetch ─▶ onebound::Client ─▶ vendor
//!  frame ◀─ app.redraw ◀─ model.apply ◀─ tui ◀── Event::Fetch(ticket, Finished(end)) ◀── bounded channel
//! ```
//!
//! - An action is a row of one table ([`message::Action`]): name, keys by scope, text, what it may spend, handler. A pane is
//!   a row of another ([`message::PaneId`]): digit, title, place in the layout.
//! - Panes, popups and the app return [`message::Effect`]s. One dispatcher carries out those about the app itself, and
//!   `tui/effects` the others.
//! - Time comes in with events: a wake-up is requested for the next moment at which the frame changes
//!   ([`app::App::next_wake`]), so that an idle session writes nothing and wakes nobody.
//! - Work that takes longer than a key may wait is a [`message::Job`]: it runs on a thread, can be cancelled, and its result
//!   comes back as an event that only the slot that still waits for it accepts. Filtering, sorting, wrapping and searching
//!   are jobs, as are formatting and the analysis for facts; small amounts are done at once, by the same functions.
//! - A frame is drawn whole ([`app::App::redraw`]) and compared with the last one cell by cell; only cells that differ are
//!   written, by rows or by columns, whichever takes fewer bytes. Rows that only moved are moved by the terminal ([`ui::double_buffer`]).
//! - Cells name the terminal's sixteen colours; a palette turns them into what is written. The terminal is asked about itself
//!   behind the first frame, and its replies are never keys.
//! - What a frame has beside its cells (links, a picture, the cursor) is its overlay, returned after `redraw`.
//! - The layout is a function of the screen's size, the user's splits, and what panes need: panes and popups know their area
//!   before they are drawn, and nothing flows back from drawing.
//! - Results carry the ticket of their fetch; the model drops a result whose ticket it no longer knows.
//! - Text from outside passes [`ui::text::clean`] or [`ui::text::visible`] on its way to a cell.
//! - The store answers through the same channel: [`message::StoreRequest`] out, [`message::StoreEvent`] back. A row of the
//!   log is an entry without its body; bodies stay in memory up to a budget, and are read from the store after that. The log is
//!   a window over the store: it knows the number of every row and holds those near the cursor.
//! - A call under way is no entry of the log: from the moment it is sent ([`onebound::SentCall`]) the log's pane shows a row
//!   for it, at the place where its entry will be.
//! - jq programs run in a process of their own (`cli/filter_worker`), which reads the body once and is replaced when a
//!   program does not stop: no program can stop, fill or crash the explorer, or read its environment.
//! - A large answer is shown first and analyzed for facts afterwards, by a job.
//! - Formulas of `[price]` run after an answer is shown, in a process of their own.
//! - A batch and the results of a search belong to the model, and outlast their popups; `app/spending` alone starts or
//!   resumes a batch. Calls of a batch under way are rows of the log like others, but belong to no fetch.
//! - The state of the screen is left in a file beside the store (in DEMO: looks only), when another item is shown and at the
//!   end ([`message::ViewState`]).
//! - Secrets are found in a body on arrival; every reading but [`onebound::Body::raw`] is masked.

pub mod app;
pub mod cli;
pub mod keymap;
pub mod message;
pub mod model;
pub mod pane;
pub mod tui;
pub mod ui;
