//! Starts the explorer: from a checked configuration to the event loop.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use super::args::{ExploreArgs, GlobalArgs};
use super::failure::CliFailure;
use super::local_times::local_zone;
use super::{ExitCode, runtime, warn};
use crate::app::App;
use crate::keymap::Keymap;
use crate::message::Looks;
use crate::model::session_info::SessionInfo;
use crate::tui::effects::{BackgroundTasks, Effects, File, UnreadableFile};
use crate::tui::{Ending, Keyboard, Loop, Signal, Signals, TerminalQueries, ViewFile, terminal, wait_for};
use crate::ui::text::{self, clean};
use crate::ui::theme::Palette;
use crate::ui::{lean, measure};
use obx_core::config::{self, Config, CredentialsUse, Environment, Flags};
use obx_core::i18n::Texts;
use obx_core::session::Session;
use onebound::ItemId;

/// How long the first frame waits for a file's contents. An empty screen that lasts no longer is not noticed.
const FILE_WAIT: Duration = Duration::from_millis(40);

/// How long the exit waits for the store and for exports.
const LAST_WRITES: Duration = Duration::from_secs(5);

pub(super) fn run(
    args: &ExploreArgs,
    global: &GlobalArgs,
    environment: &Environment,
) -> Result<ExitCode, CliFailure> {
    let flags = Flags { no_restore: args.no_restore, ..global.flags(CredentialsUse::OrDemo) };
    let config = config::load(&flags, environment)?;
    let found = args.ids.first().map(|text| ItemId::find_on(config.call.platform(), text));
    let id = found.transpose().map_err(CliFailure::ItemId)?.map(|found| found.id);
    warn(&config);
    let keymap = keymap(&config)?;
    if !terminal::is_there() {
        return Err(CliFailure::NoTerminal);
    }
    show(&config, keymap, environment, None, id.as_ref())
}

/// The default keys, changed by the config file.
pub(super) fn keymap(config: &Config) -> Result<Keymap, CliFailure> {
    let path = || config.keys.path.clone().unwrap_or_default();
    Keymap::from_settings(&config.keys.all).map_err(|problems| CliFailure::Keys(path(), problems))
}

/// Runs the explorer on the terminal, with a file's contents or with an ID filled in.
pub(super) fn show(
    config: &Config,
    keymap: Keymap,
    environment: &Environment,
    file: Option<File>,
    id: Option<&ItemId>,
) -> Result<ExitCode, CliFailure> {
    if environment.is_dumb_terminal() {
        return Err(CliFailure::DumbTerminal);
    }
    let runtime = runtime()?;
    let ending = runtime.block_on(explore(config, keymap, environment, file, id))?;
    // A blocking task may still be parsing an answer that nobody will see.
    runtime.shutdown_background();
    Ok(match ending {
        Ending::Quit => ExitCode::Ok,
        Ending::Signal(signal) => ExitCode::Signal(signal.number()),
        Ending::Hangup => ExitCode::Signal(Signal::Hangup.number()),
    })
}

async fn explore(
    config: &Config,
    keymap: Keymap,
    environment: &Environment,
    file: Option<File>,
    id: Option<&ItemId>,
) -> Result<Ending, CliFailure> {
    let opened = Session::open(config);
    let effects = Effects::new(opened.clone());
    let named = file.as_ref().map(|file| file.name.clone());
    let session = SessionInfo::new(config, named, local_zone(environment));
    let tasks = effects.background_tasks();
    let signals = {
        let (opened, tasks) = (opened.clone(), tasks.clone());
        Signals::listen(Box::pin(async move { last_writes(&opened, &tasks).await }))
    };
    let mut signals = signals.map_err(CliFailure::machine(Texts::cli_no_signals))?;
    if let Some(file) = file {
        let texts = Texts::new(config.language);
        match read(&effects, file, &mut signals, texts).await {
            Ok(read) => read.map_err(CliFailure::View)?,
            Err(signal) => return Ok(Ending::Signal(signal)),
        }
    }
    // On the heap, since it holds the whole explorer.
    let ended = Box::pin(on_terminal(config, keymap, environment, session, effects, signals, id)).await;
    if tokio::time::timeout(LAST_WRITES, last_writes(&opened, &tasks)).await.is_err() {
        tracing::error!("the last writes took too long");
    }
    ended
}

/// Waits until everything that was handed over for writing is on the disk.
async fn last_writes(session: &Session, tasks: &BackgroundTasks) {
    let (left, ()) = tokio::join!(session.close(), tasks.end());
    if let Err(error) = left {
        tracing::error!(%error, "not all could be written");
    }
}

/// Reads the file before the terminal is taken over, because reading can fail. Parsing continues in the background.
/// Returns the signal if one ended obx meanwhile.
async fn read(
    effects: &Effects,
    file: File,
    signals: &mut Signals,
    texts: Texts,
) -> Result<Result<(), UnreadableFile>, Signal> {
    let (name, read) = (clean(&file.name).into_owned(), Arc::clone(&file.read));
    let line = || texts.reading_so_far(&name, measure::bytes(read.load(Ordering::Relaxed)));
    wait_for(effects.open(file), signals, line).await
}

async fn on_terminal(
    config: &Config,
    keymap: Keymap,
    environment: &Environment,
    session: SessionInfo,
    effects: Effects,
    signals: Signals,
    id: Option<&ItemId>,
) -> Result<Ending, CliFailure> {
    text::set_ambiguous_width(config.screen.ambiguous_width);
    lean::set_lean(config.screen.lean);
    let view_file = view_file(config);
    let view = view_file.as_ref().map(ViewFile::load);
    let configured = Looks { theme: config.screen.theme, language: config.language };
    let looks = match &view {
        Some(Ok(Some(view))) => view.looks.apply(configured),
        _ => configured,
    };
    let palette = Palette::new(looks.theme, None);
    let taken = terminal::take(palette, config.screen.ascii);
    let (_taken, screen) = taken.map_err(CliFailure::machine(Texts::cli_no_takeover))?;
    let size = screen.size().map_err(CliFailure::machine(Texts::cli_no_size))?;
    let file_wait = session.file.as_ref().map_or(Duration::ZERO, |_| FILE_WAIT);
    let app = App::new(session, Texts::new(looks.language), size, Timestamp::now());
    let mut app = app.with_keymap(keymap);
    app.configure_looks(configured);
    app.use_theme(looks.theme);
    let texts = app.texts();
    if config.mouse {
        terminal::set_mouse(true);
        app.use_mouse();
    }
    app.configure_columns(config.sku_columns.clone());
    if let Some(Ok(Some(view))) = &view {
        app.restore_columns(view);
    }
    match (id, view) {
        (Some(id), _) => app.fill_id(id.as_str()),
        (None, Some(Ok(Some(view)))) => app.restore(&view),
        (None, Some(Err(unusable))) => app.warn(unusable.message(texts)),
        (None, None | Some(Ok(None))) => {}
    }
    if !environment.is_utf8() {
        app.warn(texts.not_utf8());
    }
    let keyboard = Keyboard::new().map_err(CliFailure::machine(Texts::cli_no_keys))?;
    let explorer = Loop::new(app, screen, keyboard, effects, signals);
    let explorer =
        explorer.drawn_after(file_wait).asking(TerminalQueries::new(environment)).leaving_view(view_file);
    explorer.run().await.map_err(CliFailure::machine(Texts::cli_no_drawing))
}

/// Where the state of the screen is left and comes from; `None` if each session begins on the empty screen.
pub(super) fn view_file(config: &Config) -> Option<ViewFile> {
    let beside_store = config.place.path().map(ViewFile::beside);
    let of_server = || config.server_view.clone().map(ViewFile::of_server);
    let of_demo = || config.demo_view.clone().map(ViewFile::of_demo);
    beside_store.or_else(of_server).or_else(of_demo).filter(|_| config.restore)
}
