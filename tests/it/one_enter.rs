//! What one Enter makes cross between the loop and the background: one effect out, and beside its progress one event back,
//! with the answer, its row in the log and its place among the item's stored answers.

use std::ffi::OsString;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use obx::app::App;
use obx::message::{Effect, Event, FetchEnd, FetchEvent, JobSlot, Now, StoreEvent};
use obx::model::session_info::SessionInfo;
use obx::tui::effects::Effects;
use obx_core::config::{self, Config, Environment, Flags};
use obx_core::fetch::{FetchPolicy, Source};
use obx_core::i18n::{Language, Texts};
use obx_core::session::Session;
use onebound::{Call, CallHandle};
use onebound_emulator::Emulator;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use tempfile::TempDir;
use tokio::time::timeout;

/// Nothing that an Enter causes takes so long; the watch on the store's file waits for 150 ms.
const QUIET: Duration = Duration::from_millis(700);

struct Explorer {
    app: App,
    effects: Effects,
    picture: Buffer,
    start: Instant,
    /// Effects, and events from the background but for progress.
    crossed: (usize, Vec<Event>),
}

impl Explorer {
    fn new(config: &Config, session: Session) -> Self {
        let (size, texts) = (Size::new(120, 36), Texts::new(Language::En));
        let app = App::new(SessionInfo::new(config, None, TimeZone::UTC), texts, size, Timestamp::now());
        let picture = Buffer::empty(Rect::new(0, 0, size.width, size.height));
        let start = Instant::now();
        Self { app, effects: Effects::new(session), picture, start, crossed: (0, Vec::new()) }
    }

    fn update(&mut self, event: Event) {
        let now = Now { at: Timestamp::now(), up: self.start.elapsed() };
        for effect in self.app.update(now, event) {
            self.crossed.0 += usize::from(!matches!(effect, Effect::Redraw));
            assert!(self.effects.perform(effect).is_none(), "nothing here needs the terminal");
        }
        self.app.redraw(&mut self.picture);
    }

    fn press(&mut self, code: KeyCode) {
        self.update(Event::Key { key: KeyEvent::from(code), in_burst: false });
    }

    /// Takes in all that comes back; gives how many effects went out, and what came.
    async fn settle(&mut self) -> (usize, Vec<Event>) {
        while let Ok(event) = timeout(QUIET, self.effects.next()).await {
            self.take(event);
        }
        std::mem::take(&mut self.crossed)
    }

    fn take(&mut self, event: Event) {
        if !matches!(event, Event::Fetch(_, FetchEvent::Progress(_))) {
            self.crossed.1.push(event.clone());
        }
        self.update(event);
    }

    async fn fetch(&mut self, key: KeyCode) -> (usize, Vec<Event>) {
        self.press(key);
        let has_ended = |back: &[Event]| {
            back.iter().any(|event| matches!(event, Event::Fetch(_, FetchEvent::Finished(_))))
        };
        while !has_ended(&self.crossed.1) {
            let event = self.effects.next().await;
            self.take(event);
        }
        self.settle().await
    }

    async fn enter(&mut self, id: &str) -> (usize, Vec<Event>) {
        self.press(KeyCode::Esc);
        self.press(KeyCode::Char('1'));
        id.chars().for_each(|digit| self.press(KeyCode::Char(digit)));
        self.fetch(KeyCode::Enter).await
    }
}

fn config(home: &TempDir, emulator: &Emulator) -> Config {
    let variables = [
        ("HOME", home.path().as_os_str().to_owned()),
        ("OBX_HOST", emulator.url().into()),
        ("OBX_KEY", "test-key".into()),
        ("OBX_SECRET", "test-secret".into()),
    ];
    let environment: Environment =
        variables.into_iter().map(|(name, value)| (OsString::from(name), value)).collect();
    config::load(&Flags::default(), &environment).unwrap()
}

fn end(event: &Event) -> &FetchEnd {
    let Event::Fetch(_, FetchEvent::Finished(end)) = event else { panic!("{event:?}") };
    end
}

/// Of an end: how many rows, those of them that are written, and how many stored answers the item has.
fn brought(end: &FetchEnd) -> (usize, usize, usize) {
    let history = end.history.as_ref().map_or(0, |history| history.versions.len());
    (end.rows.len(), end.rows.iter().filter(|row| row.id.is_some()).count(), history)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_enter_sends_one_effect_out_and_gets_one_event_back() {
    let (home, emulator) = (tempfile::tempdir().unwrap(), Emulator::start().await.unwrap());
    let config = config(&home, &emulator);
    let session = Session::open(&config);
    let mut explorer = Explorer::new(&config, session.clone());
    explorer.update(Event::Started);
    explorer.settle().await;
    // The first one makes the file, which is watched from then on; whether others have written to it is not known before it
    // changes for the first time.
    for id in ["610947572360", "610947572362"] {
        let _ = explorer.enter(id).await; // what comes back may be more here
    }

    let (out, back) = explorer.enter("610947572361").await;
    let [only] = back.as_slice() else { panic!("{back:?}") };
    assert_eq!((out, end(only).fetched.source, brought(end(only))), (1, Source::Live, (1, 1, 1)));

    let (out, back) = explorer.fetch(KeyCode::Char('R')).await;
    let [only] = back.as_slice() else { panic!("{back:?}") };
    assert_eq!((out, end(only).fetched.source, brought(end(only))), (1, Source::Live, (1, 1, 2)));

    // A stored answer is not kept waiting until the row that says so is written.
    let (out, back) = explorer.enter("610947572361").await;
    let [only, kept] = back.as_slice() else { panic!("{back:?}") };
    assert_eq!((out, end(only).fetched.source, brought(end(only))), (1, Source::Store, (1, 0, 2)));
    assert!(matches!(kept, Event::Store(StoreEvent::Kept { written: Ok(_), .. })), "{kept:?}");

    explorer.effects.background().end().await;
    session.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_that_the_first_call_makes_is_watched_for_what_others_write() {
    let (home, emulator) = (tempfile::tempdir().unwrap(), Emulator::start().await.unwrap());
    let config = config(&home, &emulator);
    let (session, other) = (Session::open(&config), Session::open(&config));
    let mut explorer = Explorer::new(&config, session.clone());
    explorer.update(Event::Started);
    let _ = explorer.enter("610947572360").await; // the answer, which is another test's matter
    let call = Call::item_get("610947572361".parse().unwrap());
    other.fetch(call, FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
    other.close().await.unwrap();
    let (_, back) = explorer.settle().await;
    let has_row =
        |event: &Event| matches!(event, Event::Store(StoreEvent::Lines { lines, .. }) if !lines.is_empty());
    assert!(back.iter().any(has_row), "{back:?}");
    explorer.effects.background().end().await;
    session.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_panics_ends_the_wait_and_says_so() {
    let (home, emulator) = (tempfile::tempdir().unwrap(), Emulator::start().await.unwrap());
    let config = config(&home, &emulator);
    let session = Session::open(&config);
    let mut explorer = Explorer::new(&config, session.clone());
    let mut slot = JobSlot::<()>::default();
    assert_eq!(slot.start(false, |_| panic!("as a body might make it")), None);
    let job = slot.take_unsent().unwrap();
    assert!(explorer.effects.perform(Effect::Job(job)).is_none());
    let event = timeout(Duration::from_secs(10), explorer.effects.next()).await.expect("it waits for ever");
    let Event::JobDone(done) = event.clone() else { panic!("{event:?}") };
    explorer.update(event);
    let screen: String = explorer.picture.content().iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(screen.contains(Texts::new(Language::En).work_failed()), "{screen}");
    assert_eq!((slot.accept(&done), slot.is_waiting(), slot.has_failed()), (None, false, true));

    explorer.update(Event::AnalysisFailed);
    let screen: String = explorer.picture.content().iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(screen.contains(Texts::new(Language::En).analysis_failed()), "{screen}");
    explorer.effects.background().end().await;
    session.close().await.unwrap();
}
