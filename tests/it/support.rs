//! The app without its shell: a fixed clock, keys by name, answers from captured bodies.

mod exchanges;
mod names;
mod pictures;
pub(crate) mod postgres;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use futures_util::FutureExt;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use obx::app::App;
use obx::keymap::Keymap;
use obx::message::{
    Effect, Event, FetchEnd, FetchEvent, FilterJob, FilterResult, Filtered, Job, Now, StoreEvent, Ticket,
};
use obx::model::Model;
use obx::model::session_info::{SessionInfo, UnstoredAnswers};
use obx_core::config::{DisplaySettings, Freshness, Guards, KeySetting, PriceSettings};
use obx_core::fetch::{FetchPolicy, Fetched, NotSent, Source, StoredIds};
use obx_core::i18n::{Language, Texts};
use obx_core::jq::{Input, Program};
use obx_core::store::{ExchangeId, GuardViolation, Opened};
use onebound::{
    Body, Call, CallSettings, Exchange, Fingerprint, GATEWAY, Host, Outcome, RequestStage, SentCall,
};
use onebound_document::Document;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

pub(crate) use exchanges::{
    exchange, failure, found, item_id, item_with, known_item, response, scoped, stored, tests_folder,
};
pub(crate) use names::{effect_name, key_named};
pub(crate) use pictures::{focused, screen, styles};

/// How many rounds a test runs that repeats the same: a few, or as many as it takes to believe it with `OBX_ROUNDS=all`.
pub(crate) fn rounds(few: u64, all: u64) -> u64 {
    if std::env::var_os("OBX_ROUNDS").is_some_and(|asked| asked == "all") { all } else { few }
}

/// Of the key that calls are made with.
pub(crate) const KEY: &str = "5f3a9c1e";

/// 2026-11-23 15:24:17 in Beijing.
pub(crate) const START: i64 = 1_795_418_657;

/// Of a key that is known, in Beijing.
fn session(demo: bool) -> SessionInfo {
    SessionInfo {
        call: CallSettings::default(),
        hosts: Vec::new(),
        profile: "main".to_owned(),
        demo,
        offline: false,
        file: None,
        key: Some(Fingerprint::from_stored(KEY)),
        remembers: true,
        unstored: UnstoredAnswers::Lost,
        asked_by: None,
        freshness: Freshness::default(),
        guards: Guards::default(),
        price_per_call: None,
        price: Arc::default(),
        zone: TimeZone::fixed(Offset::constant(8)),
        display: DisplaySettings::default(),
    }
}

/// The state of a session in which nothing happened yet.
pub(crate) fn model(language: Language) -> Model {
    Model::new(Texts::new(language), session(false), Timestamp::from_second(START).unwrap())
}

/// The app under test, and what it asked for last.
pub(crate) struct Driver {
    pub(crate) app: App,
    size: Size,
    up: Duration,
    pub(crate) fetches: Vec<(Ticket, Call, FetchPolicy)>,
    filters: Vec<FilterJob>,
    jobs: Vec<Job>,
    hosts: Vec<Host>,
    /// Since when a call for the same is in doubt, wherever a fetch ends.
    pub(crate) in_doubt: Option<Timestamp>,
    /// Drawn on as the explorer does, only where something changed.
    picture: Buffer,
}

impl Driver {
    pub(crate) fn new(size: &str, language: Language, demo: bool) -> Self {
        Self::with(size, language, demo, &[GATEWAY], None)
    }

    /// A session in which calls go to these hosts, at this price.
    pub(crate) fn with(
        size: &str,
        language: Language,
        demo: bool,
        hosts: &[&str],
        price: Option<&str>,
    ) -> Self {
        let session =
            SessionInfo { price_per_call: price.map(|price| price.parse().unwrap()), ..session(demo) };
        Self::from_session(session, hosts, size, language)
    }

    /// A session whose screen is drawn with this.
    pub(crate) fn drawing(display: DisplaySettings, size: &str, language: Language) -> Self {
        Self::from_session(SessionInfo { display, ..session(false) }, &[GATEWAY], size, language)
    }

    /// A session on a machine whose clock is so many hours before UTC's.
    pub(crate) fn in_zone(hours: i8, size: &str, language: Language) -> Self {
        let zone = TimeZone::fixed(Offset::constant(hours));
        Self::from_session(SessionInfo { zone, ..session(false) }, &[GATEWAY], size, language)
    }

    /// The same, on the emulator or not.
    pub(crate) fn demo_in_zone(hours: i8, demo: bool, size: &str, language: Language) -> Self {
        let zone = TimeZone::fixed(Offset::constant(hours));
        Self::from_session(SessionInfo { zone, ..session(demo) }, &[GATEWAY], size, language)
    }

    /// A session whose calls ask for this.
    pub(crate) fn asking(call: CallSettings, size: &str, language: Language, demo: bool) -> Self {
        Self::from_session(SessionInfo { call, ..session(demo) }, &[GATEWAY], size, language)
    }

    /// A session whose keys were changed.
    pub(crate) fn with_keys(settings: &[KeySetting], size: &str, language: Language) -> Self {
        let driver = Self::new(size, language, false);
        Self { app: driver.app.with_keymap(Keymap::from_settings(settings).unwrap()), ..driver }
    }

    /// A session with columns that are calculated.
    pub(crate) fn pricing(price: PriceSettings, size: &str, language: Language) -> Self {
        let session = SessionInfo { price: Arc::new(price), ..session(false) };
        Self::from_session(session, &[GATEWAY], size, language)
    }

    /// A look at a file of this name.
    pub(crate) fn of_file(size: &str, language: Language, name: &str) -> Self {
        let file = Some(name.to_owned());
        Self::from_session(
            SessionInfo { offline: true, key: None, file, ..session(false) },
            &[],
            size,
            language,
        )
    }

    /// A session whose store has not answered yet.
    pub(crate) fn unread(size: &str, language: Language) -> Self {
        Self::before_store(session(false), &[GATEWAY], size, language)
    }

    /// A session in which nothing is sent.
    pub(crate) fn offline(size: &str, language: Language) -> Self {
        Self::from_session(SessionInfo { offline: true, ..session(false) }, &[GATEWAY], size, language)
    }

    /// A session whose store was read, and is empty.
    fn from_session(session: SessionInfo, hosts: &[&str], size: &str, language: Language) -> Self {
        let mut driver = Self::before_store(session, hosts, size, language);
        driver.update(Event::Store(StoreEvent::Opened(Opened::default())));
        driver
    }

    fn before_store(session: SessionInfo, hosts: &[&str], size: &str, language: Language) -> Self {
        let hosts: Vec<Host> = hosts.iter().map(|host| Host::parse(host).unwrap()).collect();
        let session = SessionInfo { hosts: hosts.clone(), ..session };
        let size = parse_size(size);
        let app = App::new(session, Texts::new(language), size, Timestamp::from_second(START).unwrap());
        Self {
            app,
            size,
            up: Duration::ZERO,
            fetches: Vec::new(),
            filters: Vec::new(),
            jobs: Vec::new(),
            hosts,
            in_doubt: None,
            picture: Buffer::empty(Rect::ZERO),
        }
    }

    /// Time goes by: jobs are done, and the app is woken when it wanted to be.
    pub(crate) fn wait(&mut self, seconds: f64) {
        while let Some(job) = self.jobs.pop() {
            if let Some(done) = job.run() {
                self.update(Event::JobDone(done));
            }
        }
        let end = self.up + Duration::from_secs_f64(seconds);
        while let Some(wake) = self.app.next_wake().filter(|wake| *wake <= end) {
            self.up = wake.max(self.up);
            self.update(Event::Wake);
        }
        self.up = end;
    }

    /// Time goes by, and nothing wakes the app.
    pub(crate) fn late(&mut self, seconds: f64) {
        self.up += Duration::from_secs_f64(seconds);
    }

    /// Keys by name, parted by blanks: `j G ^d <enter> <tab>`; each by itself, as a person presses them.
    pub(crate) fn keys(&mut self, keys: &str) -> Vec<Effect> {
        keys.split(' ').filter(|key| !key.is_empty()).flat_map(|name| self.key(name, false)).collect()
    }

    /// Text, typed.
    pub(crate) fn type_text(&mut self, text: &str) -> Vec<Effect> {
        text.chars().flat_map(|c| self.press(KeyCode::Char(c), KeyModifiers::NONE, false)).collect()
    }

    /// One key; `in_burst` as if it came in one read with others.
    pub(crate) fn key(&mut self, name: &str, in_burst: bool) -> Vec<Effect> {
        let (code, modifiers) = key_named(name);
        self.press(code, modifiers, in_burst)
    }

    pub(crate) fn resize(&mut self, size: &str) -> Vec<Effect> {
        self.size = parse_size(size);
        self.update(Event::Resize(self.size))
    }

    /// The newest fetch is answered by this body.
    pub(crate) fn answer(&mut self, status: u16, body: Bytes, source: Source) {
        self.answer_from(status, body, source);
    }

    /// The same; gives what the app asks for then.
    pub(crate) fn answer_from(&mut self, status: u16, body: Bytes, source: Source) -> Vec<Effect> {
        let (ticket, call, want) = self.fetches.pop().expect("nothing is under way");
        let mut exchange = exchange(call, status, body, self.at());
        exchange.host = self.host_for(want);
        self.finish(ticket, exchange, source, None)
    }

    /// The same, of an answer that the store is still writing; gives the fetch that brought it.
    pub(crate) fn answer_unwritten(&mut self, body: Bytes) -> Ticket {
        let (ticket, call, _) = self.fetches.pop().expect("nothing is under way");
        let exchange = exchange(call, 200, body, self.at());
        let stored = futures_util::future::pending().boxed().shared();
        self.finish(ticket, exchange, Source::Live, Some(stored));
        ticket
    }

    /// The newest fetch ends without an answer.
    pub(crate) fn fail(&mut self, stage: RequestStage, outcome: Outcome) {
        let (ticket, call, want) = self.fetches.pop().expect("nothing is under way");
        let mut exchange = exchange(call, 200, Bytes::new(), self.at());
        exchange.host = self.host_for(want);
        (exchange.stage, exchange.status, exchange.outcome) = (stage, None, outcome);
        exchange.body = Body::none();
        self.finish(ticket, exchange, Source::Live, None);
    }

    /// The newest fetch is held back by a cap of so many calls.
    pub(crate) fn hold_back(&mut self, cap: u64) {
        let (ticket, _, _) = self.fetches.pop().expect("nothing is under way");
        let refused = NotSent::Guarded(GuardViolation::Cap { cap, used: cap });
        self.update(Event::Fetch(ticket, FetchEvent::NotSent(refused)));
    }

    pub(crate) fn refuse(&mut self) {
        self.refuse_for(NotSent::NoneStored);
    }

    pub(crate) fn refuse_for(&mut self, why: NotSent) {
        let (ticket, _, _) = self.fetches.pop().expect("nothing is under way");
        self.update(Event::Fetch(ticket, FetchEvent::NotSent(why)));
    }

    /// The newest jq program comes to its end.
    pub(crate) fn filter(&mut self) {
        let job = self.keep_filter();
        self.give_filter(job);
    }

    /// The newest jq program, taken out.
    pub(crate) fn keep_filter(&mut self) -> FilterJob {
        self.filters.pop().expect("no program was started")
    }

    pub(crate) fn give_filter(&mut self, job: FilterJob) {
        let document = Document::parse(job.text).unwrap();
        let outputs = Program::compile(&job.program.unwrap_or_default())
            .and_then(|program| program.run(&Input::from_document(&document), &|| true));
        let outcome = outputs.map(FilterResult::from_outputs);
        self.update(Event::Filtered(Filtered { number: job.number, outcome }));
    }

    /// The newest fetch has gone out, and got this far.
    pub(crate) fn reach(&mut self, sent: bool) {
        let (ticket, _, want) = self.fetches.last().expect("nothing is under way").clone();
        let line = onebound::CallHandle::default();
        let mut progress = *line.watch().borrow();
        progress.stage = if sent { RequestStage::Sent } else { RequestStage::NothingSent };
        progress.out = Some(SentCall { host: host_place(want), at: self.at() });
        self.update(Event::Fetch(ticket, FetchEvent::Progress(progress)));
    }

    /// Gives what is left to be done, but for jobs: these are done while time goes by.
    pub(crate) fn update(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = self.app.update(Now { at: self.at(), up: self.up }, event);
        for effect in &effects {
            let _ = effect_name(effect); // panics at one that the app should have carried out itself
            if let Effect::Fetch(order) = effect {
                self.fetches.push((order.ticket(), order.call().clone(), order.want()));
            }
            if let Effect::Filter(job) = effect
                && job.program.is_some()
            {
                self.filters.push(job.clone());
            }
        }
        self.jobs.extend(effects.extract_if(.., |effect| matches!(effect, Effect::Job(_))).filter_map(job));
        self.draw();
        effects
    }

    fn draw(&mut self) {
        let area = Rect::new(0, 0, self.size.width, self.size.height);
        if self.picture.area != area {
            self.picture = Buffer::empty(area);
        }
        self.app.redraw(&mut self.picture);
    }

    pub(crate) fn buffer(&self) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, self.size.width, self.size.height));
        self.app.view(&mut buffer);
        buffer
    }

    /// The screen as text.
    pub(crate) fn screen(&self) -> String {
        screen(&self.buffer())
    }

    /// The pane or popup that has the focus, as text.
    pub(crate) fn focused(&self) -> String {
        focused(&self.buffer())
    }

    /// The one that such a call goes to.
    fn host_for(&self, want: FetchPolicy) -> Host {
        self.hosts[host_place(want)].clone()
    }

    pub(crate) fn at(&self) -> Timestamp {
        let up = jiff::SignedDuration::try_from(self.up).unwrap();
        Timestamp::from_second(START).unwrap().checked_add(up).unwrap()
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers, in_burst: bool) -> Vec<Effect> {
        // Nobody presses a key before there is a picture.
        self.draw();
        self.update(Event::Key { key: KeyEvent::new(code, modifiers), in_burst })
    }

    fn finish(
        &mut self,
        ticket: Ticket,
        exchange: Exchange,
        source: Source,
        stored: Option<StoredIds>,
    ) -> Vec<Effect> {
        let day = jiff::SignedDuration::from_hours(24);
        let fresh_until = exchange.answers().then(|| exchange.ended_at().checked_add(day).unwrap());
        let exchange = Arc::new(exchange);
        let key = Fingerprint::from_stored(KEY);
        let id = (source == Source::Store).then_some(ExchangeId(1));
        let fetched = Fetched {
            id,
            key,
            exchange,
            source,
            fresh_until,
            in_doubt: self.in_doubt,
            before: Vec::new(),
            stored,
        };
        let end = FetchEnd::new(fetched, self.at(), None);
        self.update(Event::Fetch(ticket, FetchEvent::Finished(Box::new(end))))
    }
}

fn job(effect: Effect) -> Option<Job> {
    let Effect::Job(job) = effect else { return None };
    Some(job)
}

/// So many seconds after the start.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).unwrap()
}

/// Of the host that such a call goes to.
fn host_place(want: FetchPolicy) -> usize {
    match want {
        FetchPolicy::AtHost { place, .. } => place,
        FetchPolicy::Trade(confirmation) => confirmation.place(),
        _ => 0,
    }
}

pub(crate) fn parse_size(size: &str) -> Size {
    let (width, height) = size.split_once('x').unwrap_or_else(|| panic!("{size} is no WIDTHxHEIGHT"));
    Size { width: width.parse().unwrap(), height: height.parse().unwrap() }
}
