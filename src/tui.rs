//! The event loop of the explorer: it waits, takes in everything that is ready, updates the app, and draws once.
//!
//! ```text
//!  terminal ─▶ Event ─┐                           ┌─▶ frame ──▶ terminal
//!  signals ─▶ end     ├─▶ App::update ─▶ Effect ──┴─▶ effects ─▶ background task
//!  wake-up ───────────┤                                             │
//!  bounded channel ◀──┴─────────────────────────────────────────────┘
//! ```
//! It is generic over backend and input, so that tests can drive it without a terminal.

pub mod backend;
mod decoder;
pub mod effects;
mod external_viewer;
mod hand_over;
mod input_events;
mod keyboard;
mod paste_guard;
mod reports;
mod screen;
mod sequences;
mod signals;
pub mod terminal;
mod view_file;
mod waiting;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::Timestamp;
use ratatui::buffer::Buffer;

use crate::app::App;
use crate::message::{Event, Now};
use crate::ui::overlay::Overlay;
use crate::ui::theme::{Background, Palette};
pub use decoder::Typed;
use effects::{Effects, OnTerminal};
pub use external_viewer::editor_command;
use hand_over::HandOverEnd;
use input_events::events;
pub use keyboard::{InputSource, Keyboard};
use obx_core::config::ThemeName;
use paste_guard::PasteGuard;
pub use reports::{Report, TerminalQueries};
pub use screen::{Screen, ScreenBackend};
pub use signals::{LastWrites, Signal, Signals};
use view_file::ViewWriter;
pub use view_file::{UnusableView, ViewFile};
pub use waiting::wait_for;

/// Most inputs taken in before a frame is drawn, so that a flood of them can't freeze the screen.
const MAX_DRAINED: usize = 4_096;

/// Why the explorer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The user quit.
    Quit,
    /// A signal ended the process.
    Signal(Signal),
    /// The terminal went away.
    Hangup,
}

/// The event loop, with everything it owns.
#[derive(Debug)]
pub struct Loop<B: ScreenBackend, S> {
    app: App,
    screen: Screen<B>,
    input: S,
    /// Was read already, to see whether something waits.
    ahead: Option<Typed>,
    effects: Effects,
    signals: Signals,
    paste_guard: PasteGuard,
    queries: TerminalQueries,
    background: Option<Background>,
    start: Instant,
    /// How long the first frame waits for the first result of an effect.
    first_frame_delay: Duration,
    /// Leaves the state of the screen to the next session.
    view_writer: Option<ViewWriter>,
}

/// What woke the loop up.
enum Woken {
    Input(Option<io::Result<Typed>>),
    Effect(Event),
    Signal(Signal),
    Clock,
}

/// What the loop does after an event.
#[must_use = "it may be the end"]
enum Next {
    Continue,
    /// Continue, after another program had the terminal.
    HandedOver,
    End(Ending),
}

impl<B, S> Loop<B, S>
where
    B: ScreenBackend,
    B::Error: Send + Sync + 'static,
    S: InputSource,
{
    /// A loop that has drawn nothing yet.
    pub fn new(app: App, screen: Screen<B>, input: S, effects: Effects, signals: Signals) -> Self {
        Self {
            app,
            screen,
            input,
            ahead: None,
            effects,
            signals,
            paste_guard: PasteGuard::default(),
            queries: TerminalQueries::default(),
            background: None,
            start: Instant::now(),
            first_frame_delay: Duration::ZERO,
            view_writer: None,
        }
    }

    /// Asks the terminal these queries, behind the first frame or when the answer is needed.
    #[must_use]
    pub fn asking(self, queries: TerminalQueries) -> Self {
        Self { queries, ..self }
    }

    /// Delays the first frame until the first result of an effect, at most this long.
    #[must_use]
    pub fn drawn_after(self, first_frame_delay: Duration) -> Self {
        Self { first_frame_delay, ..self }
    }

    /// Leaves the state of the screen to the next session, whatever ends this one.
    #[must_use]
    pub fn leaving_view(self, view_file: Option<ViewFile>) -> Self {
        Self { view_writer: view_file.map(ViewWriter::new), ..self }
    }

    /// Runs until the user quits, a signal comes, or the terminal goes away.
    ///
    /// # Errors
    /// When the terminal can't be written to.
    pub async fn run(mut self) -> Result<Ending, B::Error> {
        let ended = self.turn().await;
        if matches!(ended, Ok(Ending::Quit)) {
            self.wait_for_replies().await;
        }
        if let Some(writer) = self.view_writer.take() {
            writer.end(&self.app, &self.effects).await;
        }
        match ended {
            // A terminal that goes away during a write is reported as an error of that write first.
            Err(_) if signals::is_terminal_gone() => Ok(Ending::Hangup),
            ended => ended,
        }
    }

    async fn turn(&mut self) -> Result<Ending, B::Error> {
        let mut events = Vec::new();
        if !self.first_frame_delay.is_zero()
            && let Ok(news) = tokio::time::timeout(self.first_frame_delay, self.effects.next()).await
        {
            events.push(news);
        }
        if let Some(ending) = self.update_all(events).await? {
            return Ok(ending);
        }
        self.queries.ask_for_synchronized_updates();
        self.follow_background();
        self.draw().await?;
        // Work that had to wait for the first frame.
        if let Some(ending) = self.update_all(vec![Event::Started]).await? {
            return Ok(ending);
        }
        loop {
            let woken = self.wait().await;
            let mut events = Vec::new();
            // Some of many resize signals can get lost, so the size is also checked at every other wake-up.
            let asks_size = matches!(woken, Woken::Effect(_) | Woken::Clock);
            match woken {
                Woken::Signal(signal) => return Ok(Ending::Signal(signal)),
                Woken::Input(None | Some(Err(_))) => return Ok(Ending::Hangup),
                Woken::Input(Some(Ok(input))) => events.extend(self.drain(input).await),
                Woken::Effect(news) => events.push(news),
                Woken::Clock => events.push(Event::Wake),
            }
            // Also when the size ends up unchanged: the terminal may have lost text in between.
            let resized = events.iter().any(|event| matches!(event, Event::Resize(_)))
                || (asks_size && self.screen.size()? != self.app.size());
            events.retain(|event| !matches!(event, Event::Resize(_)));
            if resized {
                events.insert(0, self.forget_screen()?);
            }
            events.extend(self.effects.ready());
            if let Some(ending) = self.update_all(events).await? {
                return Ok(ending);
            }
            self.draw().await?;
        }
    }

    /// Waits for the next thing to do. Signals come first, so that a flood of keys can't delay the end.
    async fn wait(&mut self) -> Woken {
        let wake = self.app.next_wake().map(|up| tokio::time::Instant::from_std(self.start + up));
        let alarm = async {
            match wake {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        let ahead = self.ahead.take();
        let input = async {
            match ahead {
                Some(input) => Some(Ok(input)),
                None => self.input.next().await,
            }
        };
        tokio::select! {
            biased;
            signal = self.signals.next() => Woken::Signal(signal),
            input = input => Woken::Input(input),
            news = self.effects.next() => Woken::Effect(news),
            () = alarm => Woken::Clock,
        }
    }

    /// The first input and all others that are ready already.
    async fn drain(&mut self, first: Typed) -> Vec<Event> {
        let mut inputs = vec![first];
        while inputs.len() < MAX_DRAINED {
            // Polled with this task's waker: `now_or_never` would register one that wakes nobody.
            let next = poll_fn(|context| Poll::Ready(self.input.poll_next_unpin(context))).await;
            match next {
                Poll::Ready(Some(Ok(input))) => inputs.push(input),
                // An error or the end is returned again by the next wait.
                _ => break,
            }
        }
        let in_burst = self.paste_guard.is_burst(&inputs, Instant::now());
        let reports = inputs.iter().filter_map(|input| match input {
            Typed::Report(report) => Some(*report),
            _ => None,
        });
        let changes_colours: Vec<bool> = reports.map(|report| self.on_report(report)).collect();
        let redraw = changes_colours.contains(&true).then(|| Event::Resize(self.app.size()));
        inputs.into_iter().flat_map(|input| events(input, in_burst)).chain(redraw).collect()
    }

    /// Takes in a report of the terminal; returns true if the whole screen has other colours now.
    fn on_report(&mut self, report: Report) -> bool {
        self.queries.on_report(report);
        match report {
            Report::SynchronizedUpdates => self.screen.synchronize_updates(),
            Report::Background(background) => {
                let is_new = self.background.replace(background) != Some(background);
                if is_new && self.app.theme() == Some(ThemeName::Auto) {
                    self.screen.set_palette(Palette::new(self.app.theme(), self.background));
                    return true;
                }
            }
            Report::ThemeChanges => {
                if self.queries.wants_theme_changes() {
                    terminal::report_theme_changes();
                }
            }
            Report::Last => {}
        }
        false
    }

    /// Asks for the terminal's background if the theme depends on it: at the start, and when obx gets the terminal back,
    /// since its theme may have changed meanwhile.
    fn follow_background(&mut self) {
        if self.app.theme() == Some(ThemeName::Auto) {
            self.queries.ask_for_background();
        }
    }

    /// Waits shortly for replies that are on their way, since after the end the shell would get them as keys.
    async fn wait_for_replies(&mut self) {
        let last = async {
            while let Some(Ok(typed)) = self.input.next().await {
                if typed == Typed::Report(Report::Last) {
                    break;
                }
            }
        };
        let longest = self.queries.longest_wait(Instant::now());
        let _ = tokio::time::timeout(longest, last).await; // a reply that comes later can't be helped
    }

    /// Whether input waits. An error or the end is returned again by the next wait.
    async fn has_input(&mut self) -> bool {
        if self.ahead.is_none() {
            let next = poll_fn(|context| Poll::Ready(self.input.poll_next_unpin(context))).await;
            self.ahead = if let Poll::Ready(Some(Ok(input))) = next { Some(input) } else { None };
        }
        self.ahead.is_some()
    }

    async fn update_all(&mut self, events: Vec<Event>) -> Result<Option<Ending>, B::Error> {
        let mut handed_over = false;
        for event in events {
            // Keys typed while the other program started were not meant for the explorer.
            if handed_over && matches!(event, Event::Key { .. } | Event::Mouse(_) | Event::Paste(_)) {
                continue;
            }
            match self.update(event).await? {
                Next::Continue => {}
                Next::HandedOver => handed_over = true,
                Next::End(ending) => return Ok(Some(ending)),
            }
        }
        Ok(None)
    }

    /// Gives one event to the app and carries out its effects, including those of the events that these effects cause.
    /// Nothing else calls the app's `update`.
    async fn update(&mut self, event: Event) -> Result<Next, B::Error> {
        let mut next = Next::Continue;
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let now = Now { at: Timestamp::now(), up: self.start.elapsed() };
            for effect in self.app.update(now, event) {
                match self.effects.perform(effect) {
                    None => {}
                    Some(OnTerminal::Quit) => return Ok(Next::End(Ending::Quit)),
                    Some(OnTerminal::Read(viewer, reading)) => {
                        next = Next::HandedOver;
                        match self.hand_over(viewer, &reading).await? {
                            HandOverEnd::Resumed(came) => {
                                self.follow_background();
                                events.extend(came);
                            }
                            HandOverEnd::Signal(signal) => return Ok(Next::End(Ending::Signal(signal))),
                        }
                    }
                    Some(OnTerminal::SetTheme(theme)) => {
                        if theme == ThemeName::Auto && self.background.is_none() {
                            self.queries.ask_for_background();
                        }
                        self.screen.set_palette(Palette::new(Some(theme), self.background));
                        events.push_back(self.forget_screen()?);
                    }
                    Some(OnTerminal::Mouse(on)) => terminal::set_mouse(on),
                    Some(OnTerminal::Redraw) => events.push_back(self.forget_screen()?),
                    Some(OnTerminal::Suspend) => {
                        terminal::suspend();
                        self.follow_background();
                        events.push_back(self.forget_screen()?);
                    }
                }
            }
        }
        Ok(next)
    }

    /// Clears the screen, so that the next frame is written whole. Returns the resize event that the app needs.
    fn forget_screen(&mut self) -> Result<Event, B::Error> {
        let size = self.screen.size()?;
        self.screen.clear(size)?;
        Ok(Event::Resize(size))
    }

    /// A picture takes long to write, and the one after the keys that wait may be another. The frame after them has it.
    async fn draw(&mut self) -> Result<(), B::Error> {
        let leaves_picture = self.app.has_picture() && self.has_input().await;
        let queries = self.queries.take_unsent(Instant::now());
        let draw = |frame: &mut Buffer| {
            self.app.redraw(frame);
            let overlay = self.app.overlay(frame);
            Overlay { picture: overlay.picture.filter(|_| !leaves_picture), ..overlay }
        };
        self.screen.draw_and_ask(draw, &queries)?;
        if let Some(writer) = &mut self.view_writer {
            writer.reach(&self.app, &self.effects);
        }
        Ok(())
    }
}

/// How long after a burst a key still belongs to it, since a paste can be split over two reads.
const BURST_TAIL: Duration = Duration::from_millis(30);
