//! The explorer's own event loop in this process: a terminal in memory, a stream of input, real calls over HTTP, a real
//! store in a temporary folder. What is waited for is always something drawn, never time.

mod batch;
mod gateway;
mod search;
mod stalled_store;
mod terminal;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use obx::app::App;
use obx::model::session_info::SessionInfo;
use obx::tui::effects::Effects;
use obx::tui::{Ending, Loop, Screen, Signal, Signals};
use obx::ui::theme::Palette;
use obx_core::config::{self, Config, Environment, Flags, StoreFlags};
use obx_core::i18n::{Language, Texts};
use obx_core::session::Session;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::support::parse_size;
use crate::tui::gateway::{ITEM, SKU_IDS, TITLE};
use gateway::Gateway;
use terminal::{User, terminal};

/// The emulator has 10,000 SKUs of it.
const MANY_SKUS: &str = "610947510000";

/// The longest that the end may take.
const DEADLINE: Duration = Duration::from_secs(15);

/// A page of text as it comes from a browser, with the ID of an item somewhere in it.
fn page(id: &str) -> String {
    let line = "RRR 直销 price 799.00 q Y\r\n".repeat(40);
    format!("{line}https://detail.1688.com/offer/{id}.html?spm=a26\r\n{line}")
}

fn texts() -> Texts {
    Texts::new(Language::En)
}

/// What is on the screen while the ID of an item can be fetched.
fn ready_to_fetch() -> String {
    texts().enter_fetches("Enter")
}

/// The beginning of a notice: its end may be cut off.
fn start_of(text: &str) -> String {
    text.chars().take(16).collect()
}

fn config(home: &Path, gateway: &Gateway, store: Option<&str>) -> Config {
    let variables = [
        ("HOME", home.as_os_str().to_owned()),
        ("OBX_HOST", gateway.url().into()),
        ("OBX_KEY", "test-key".into()),
        ("OBX_SECRET", "test-secret".into()),
    ];
    let environment: Environment =
        variables.into_iter().map(|(name, value)| (OsString::from(name), value)).collect();
    let store = StoreFlags { path: store.map(PathBuf::from), ..StoreFlags::default() };
    config::load(&Flags { store, ..Flags::default() }, &environment).unwrap()
}

/// What one explorer needs to run; the gateway and the store outlive it.
struct Setup {
    gateway: Gateway,
    home: TempDir,
    /// The address of a server's database; otherwise the store is a file in the home.
    store: Option<String>,
}

impl Setup {
    async fn new() -> Self {
        Self { gateway: Gateway::start().await, home: tempfile::tempdir().unwrap(), store: None }
    }

    fn config(&self) -> Config {
        config(self.home.path(), &self.gateway, self.store.as_deref())
    }

    /// Runs the loop on a terminal of this size while somebody uses it as the script has it; gives how it ended.
    async fn run(&self, size: &str, script: impl AsyncFnOnce(&mut User)) -> Ending {
        self.run_with_signals(size, async |user, _| script(user).await).await
    }

    async fn run_with_signals(
        &self,
        size: &str,
        script: impl AsyncFnOnce(&mut User, &mpsc::UnboundedSender<Signal>),
    ) -> Ending {
        let config = self.config();
        let info = SessionInfo::new(&config, None, TimeZone::UTC);
        let app = Box::new(App::new(info, texts(), parse_size(size), Timestamp::now()));
        self.run_app(app, size, async |_| {}, script).await
    }

    /// Runs the loop with an app that was used before, and with what `before` has queued.
    async fn run_app(
        &self,
        app: Box<App>,
        size: &str,
        before: impl AsyncFnOnce(&mut User),
        script: impl AsyncFnOnce(&mut User, &mpsc::UnboundedSender<Signal>),
    ) -> Ending {
        let config = self.config();
        let session = Session::open(&config);
        let effects = Effects::new(session.clone());
        let tasks = effects.background_tasks();
        let (terminal, keyboard, mut user) = terminal(size);
        before(&mut user).await;
        let screen = Screen::new(terminal, Palette::default()).unwrap();
        let (signals, received) = mpsc::unbounded_channel();
        let received = Signals::from_channel(received);
        let mut explorer = Box::pin(Loop::new(*app, screen, keyboard, effects, received).run());
        let ended = tokio::select! {
            ending = &mut explorer => Some(ending),
            () = script(&mut user, &signals) => None,
        };
        let ending = match ended {
            Some(ending) => ending,
            None => timeout(DEADLINE, explorer).await.expect("the loop goes on"),
        };
        tasks.end().await;
        session.close().await.unwrap();
        ending.unwrap()
    }

    /// The next explorer has the call in its log, at unknown cost.
    async fn assert_logs_an_interrupted_call(&self) {
        self.run("120x36", async |user| {
            let row = |line: &str| line.contains(ITEM) && line.contains(" ? ");
            user.wait_until("the call", |screen| screen.lines().any(row)).await;
            user.press_all("^c ^c").await;
        })
        .await;
        assert_eq!(self.gateway.calls(), 1);
    }
}

/// Types the ID and presses Enter.
async fn ask(user: &mut User, id: &str) {
    user.wait_for(texts().id_placeholder()).await;
    user.type_text(id).await;
    user.wait_for(&ready_to_fetch()).await;
    user.press("<enter>").await;
}

async fn fetch_item(user: &mut User) {
    ask(user, ITEM).await;
    for id in SKU_IDS {
        user.wait_for(id).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_id_typed_and_enter_show_the_item_which_is_moved_in_and_filtered() {
    let setup = Setup::new().await;
    let ending = setup
        .run("120x36", async |user| {
            fetch_item(user).await;
            user.wait_for(TITLE).await;
            user.wait_for("1/10000").await;
            let at_row = |row| format!("{} {} ", texts().pane_skus(), texts().position(row, 2));
            user.press("3").await;
            user.wait_for(&at_row(1)).await;
            user.press("j").await;
            user.wait_for(&at_row(2)).await;
            user.press("/").await;
            user.type_text(SKU_IDS[0]).await;
            user.wait_without(SKU_IDS[1]).await;
            user.press_all("<esc> <esc>").await;
            user.wait_for(SKU_IDS[1]).await;
            user.assert_frame_is_whole().await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 1));
}

/// Each of these is a job on a thread of its own, whose result is an event.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_skus_are_filtered_and_their_text_is_searched() {
    let setup = Setup::new().await;
    let ending = setup
        .run("120x36", async |user| {
            ask(user, MANY_SKUS).await;
            user.wait_for(&texts().position(1, 10_000)).await;
            user.press_all("3 /").await;
            user.type_text("nosuch").await;
            user.wait_for(&texts().none_of(10_000)).await;
            user.wait_for(&texts().no_match("Esc")).await;
            user.press_all("<esc> 6 /").await;
            user.type_text("nosuch").await;
            user.wait_for(texts().no_hits()).await;
            user.assert_frame_is_whole().await;
            user.press_all("^c ^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_explorer_shows_the_stored_answer_without_a_call() {
    let setup = Setup::new().await;
    setup
        .run("120x36", async |user| {
            fetch_item(user).await;
            user.press("^c").await;
        })
        .await;
    let ending = setup
        .run("120x36", async |user| {
            user.type_text(ITEM).await;
            user.wait_for(&texts().enter_shows_stored("Enter")).await;
            user.press("<enter>").await;
            user.wait_for(SKU_IDS[0]).await;
            user.wait_for(texts().mark_store()).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resize_during_a_fetch_draws_the_wait_and_then_the_answer_in_the_new_size() {
    let setup = Setup::new().await;
    setup.gateway.hold_answers();
    let ending = setup
        .run("120x36", async |user| {
            ask(user, ITEM).await;
            setup.gateway.wait_for_calls(1).await;
            user.wait_for(texts().row_under_way()).await;
            for size in ["1x1", "200x60", "20x4", "80x24"] {
                user.resize(size).await;
            }
            user.wait_for(texts().row_under_way()).await;
            user.assert_frame_is_whole().await;
            assert!(!user.shows(SKU_IDS[0]));
            setup.gateway.let_answers_through();
            user.wait_for(SKU_IDS[0]).await;
            user.wait_without(texts().not_stored_yet()).await;
            user.assert_frame_is_whole().await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_size_of_which_the_signal_was_lost_is_drawn_with_the_next_answer() {
    let setup = Setup::new().await;
    setup.gateway.hold_answers();
    setup
        .run("120x36", async |user| {
            ask(user, ITEM).await;
            setup.gateway.wait_for_calls(1).await;
            user.resize_unnoticed("80x24");
            setup.gateway.let_answers_through();
            user.wait_for(SKU_IDS[0]).await;
            user.wait_without(texts().not_stored_yet()).await;
            user.assert_frame_is_whole().await;
            user.press("^c").await;
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_pasted_page_the_id_is_filled_in_and_nothing_is_spent() {
    let setup = Setup::new().await;
    let ending = setup
        .run("120x36", async |user| {
            user.wait_for(texts().id_placeholder()).await;
            user.paste(&page(ITEM)).await;
            user.wait_for(ITEM).await;
            user.wait_for(&ready_to_fetch()).await;
            assert_eq!(setup.gateway.calls(), 0);
            user.press("<enter>").await;
            user.wait_for(SKU_IDS[0]).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_keys_in_one_read_are_drawn_once_and_buy_nothing() {
    let setup = Setup::new().await;
    setup
        .run("120x36", async |user| {
            fetch_item(user).await;
            user.press("3").await;
            let before = user.frames();
            user.press_at_once("R", 4_000).await;
            user.wait_for(&start_of(texts().spend_in_burst())).await;
            // The store may have had something to say meanwhile.
            assert!(user.frames() <= before + 4, "{} frames", user.frames() - before);
            user.press("^c").await;
        })
        .await;
    assert_eq!(setup.gateway.calls(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn quitting_during_a_fetch_takes_a_second_press_and_the_call_stays_in_the_log() {
    let setup = Setup::new().await;
    setup.gateway.hold_answers();
    let ending = setup
        .run("120x36", async |user| {
            ask(user, ITEM).await;
            setup.gateway.wait_for_calls(1).await;
            user.wait_for(texts().row_under_way()).await;
            user.press("^c").await;
            user.wait_for(&start_of(&texts().quit_with_call("^C", "q"))).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!(ending, Ending::Quit);
    setup.assert_logs_an_interrupted_call().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_ends_the_loop_before_the_keys_that_came_first() {
    let setup = Setup::new().await;
    for signal in [Signal::Hangup, Signal::Interrupt, Signal::Quit, Signal::Terminate] {
        let mut taken = None;
        let ending = setup
            .run_with_signals("80x24", async |user, signals| {
                user.wait_for(texts().hint_leave_input()).await;
                user.queue_keys("7", 10_000);
                signals.send(signal).unwrap();
                taken = Some(user.taken());
            })
            .await;
        assert_eq!(ending, Ending::Signal(signal));
        assert_eq!(*taken.unwrap().borrow(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signal_during_a_fetch_asks_nothing_and_leaves_the_call_in_the_log() {
    let setup = Setup::new().await;
    setup.gateway.hold_answers();
    let ending = setup
        .run_with_signals("120x36", async |user, signals| {
            ask(user, ITEM).await;
            setup.gateway.wait_for_calls(1).await;
            signals.send(Signal::Terminate).unwrap();
        })
        .await;
    assert_eq!(ending, Ending::Signal(Signal::Terminate));
    setup.assert_logs_an_interrupted_call().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_input_and_an_input_that_fails_are_a_hang_up() {
    let setup = Setup::new().await;
    for fails in [false, true] {
        let ending = setup
            .run("80x24", async |user| {
                user.wait_for(texts().id_placeholder()).await;
                if fails { user.fail_input() } else { user.end_input() }
            })
            .await;
        assert_eq!((ending, setup.gateway.calls()), (Ending::Hangup, 0), "{fails}");
    }
}

#[tokio::test]
async fn a_picture_is_left_out_while_keys_wait() {
    let setup = Setup::new().await;
    for (keys, frames) in [(0, 0), (3, 1)] {
        let app = Box::new(crate::pictures::with_drawn_picture("80x24").app);
        // `g` leads to the first picture, which is the one that is shown.
        let queue = async |user: &mut User| user.queue_keys("g", keys);
        let look = async |user: &mut User, _: &mpsc::UnboundedSender<Signal>| {
            user.wait_for("Pictures").await;
            user.press("g").await;
            assert_eq!(user.pictures(), [frames], "once, with {keys} keys waiting at the first frame");
            user.press("^c").await;
        };
        setup.run_app(app, "80x24", queue, look).await;
    }
}
