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

/// How long nothing is to come for nothing to be on its way. The watch on the store's file waits for 150 ms; on a slower
/// machine less is noticed, and nothing fails.
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
        // Longer than any machine needs to write an answer.
        let effects = Effects::new(session).with_longest_wait(Duration::from_secs(60));
        Self { app, effects, picture, start, crossed: (0, Vec::new()) }
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
    async fn wait_until_idle(&mut self) -> (usize, Vec<Event>) {
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

    /// Takes in what comes back until one of it is such an event.
    async fn until(&mut self, is_such: impl Fn(&Event) -> bool) {
        while !self.crossed.1.iter().any(&is_such) {
            let event = self.effects.next().await;
            self.take(event);
        }
    }

    /// Presses this key, and waits for the end of the fetch that it starts.
    async fn fetch(&mut self, key: KeyCode) {
        let is_end = |event: &&Event| matches!(event, Event::Fetch(_, FetchEvent::Finished(_)));
        let before = self.crossed.1.iter().filter(is_end).count();
        self.press(key);
        while self.crossed.1.iter().filter(is_end).count() == before {
            let event = self.effects.next().await;
            self.take(event);
        }
    }

    async fn enter(&mut self, id: &str) {
        self.press(KeyCode::Esc);
        self.press(KeyCode::Char('1'));
        id.chars().for_each(|digit| self.press(KeyCode::Char(digit)));
        self.fetch(KeyCode::Enter).await;
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
    let history = end.history.as_ref().map_or(0, |history| history.versions.rows.len());
    (end.rows.len(), end.rows.iter().filter(|row| row.id.is_some()).count(), history)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_enter_sends_one_effect_out_and_gets_one_event_back() {
    let (home, emulator) = (tempfile::tempdir().unwrap(), Emulator::start().await.unwrap());
    let config = config(&home, &emulator);
    let session = Session::open(&config);
    let mut explorer = Explorer::new(&config, session.clone());
    explorer.update(Event::Started);
    explorer.until(|event| matches!(event, Event::Store(StoreEvent::Opened(_)))).await;
    // The first one makes the file, which is watched from then on. That it is there is news, once, with the next write.
    let is_read = |event: &Event| matches!(event, Event::Store(StoreEvent::Lines { .. }));
    for id in 610_947_572_362_u64..610_947_572_372 {
        explorer.enter(&id.to_string()).await;
        if timeout(QUIET, explorer.until(is_read)).await.is_ok() {
            break;
        }
    }
    let _ = explorer.wait_until_idle().await; // what comes back until here is more than one Enter's

    explorer.enter("610947572361").await;
    explorer.fetch(KeyCode::Char('R')).await;
    explorer.enter("610947572361").await;
    explorer.until(|event| matches!(event, Event::Store(StoreEvent::Stored { .. }))).await;
    let (out, back) = explorer.wait_until_idle().await;
    // A stored answer is not kept waiting until the row that says so is written.
    let [live, refetched, stored, kept] = back.as_slice() else { panic!("{back:?}") };
    assert_eq!(out, 3);
    assert_eq!((end(live).fetched.source, brought(end(live))), (Source::Live, (1, 1, 1)));
    assert_eq!((end(refetched).fetched.source, brought(end(refetched))), (Source::Live, (1, 1, 2)));
    assert_eq!((end(stored).fetched.source, brought(end(stored))), (Source::Store, (1, 0, 2)));
    assert!(matches!(kept, Event::Store(StoreEvent::Stored { written: Ok(_), .. })), "{kept:?}");

    explorer.effects.background_tasks().end().await;
    session.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_file_that_the_first_call_makes_is_watched_for_what_others_write() {
    let (home, emulator) = (tempfile::tempdir().unwrap(), Emulator::start().await.unwrap());
    let config = config(&home, &emulator);
    let (session, other) = (Session::open(&config), Session::open(&config));
    let mut explorer = Explorer::new(&config, session.clone());
    explorer.update(Event::Started);
    explorer.enter("610947572360").await;
    let call = Call::item_get("610947572361".parse().unwrap());
    let subject = call.subject();
    let has_row = |event: &Event| matches!(event, Event::Store(StoreEvent::Lines { lines, .. }) if lines.rows.iter().any(|line| line.subject == subject));
    let mut is_there = false;
    // The file may be watched only after the first of them.
    for _ in 0..10 {
        other.fetch(call.clone(), FetchPolicy::Refresh, &CallHandle::default()).await.unwrap();
        is_there = timeout(QUIET, explorer.until(has_row)).await.is_ok();
        if is_there {
            break;
        }
    }
    assert!(is_there, "{:?}", explorer.crossed.1);
    other.close().await.unwrap();
    explorer.effects.background_tasks().end().await;
    session.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_panics_ends_the_wait_and_says_so() {
    let (home, emulator) = (tempfile::tempdir().unwrap(), Emulator::start().await.unwrap());
    let config = config(&home, &emulator);
    let session = Session::open(&config);
    let mut explorer = Explorer::new(&config, session.clone());
    let mut slot = JobSlot::<()>::default();
    let (_, job) = slot.start(false, |_| panic!("as a body might make it"));
    assert!(explorer.effects.perform(job.unwrap()).is_none());
    let event = timeout(Duration::from_secs(10), explorer.effects.next()).await.expect("it waits for ever");
    let Event::JobDone(done) = event.clone() else { panic!("{event:?}") };
    explorer.update(event);
    let screen: String = explorer.picture.content().iter().map(ratatui::buffer::Cell::symbol).collect();
    assert!(screen.contains(Texts::new(Language::En).work_failed()), "{screen}");
    assert_eq!((slot.accept(&done), slot.is_waiting(), slot.has_failed()), (None, false, true));
    explorer.effects.background_tasks().end().await;
    session.close().await.unwrap();
}
