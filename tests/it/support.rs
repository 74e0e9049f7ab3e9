//! The app without its shell: a fixed clock, keys by name, answers from captured bodies.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use obx::api::{
    Answer, Body, Call, CallSettings, Credentials, Exchange, Failure, Fingerprint, GATEWAY, Host, ItemId,
    Outcome, Reach, Timing,
};
use obx::app::App;
use obx::config::{Freshness, Guards};
use obx::document::Document;
use obx::document::filter::{Input, Program};
use obx::fetch::{Fetched, Refused, Source, Want};
use obx::i18n::{Language, Texts};
use obx::message::{
    Command, Event, FetchEvent, FilterJob, FilterResult, Filtered, Now, StoreQuery, Target, Ticket, Unseen,
};
use obx::model::session::Session;
use obx::store::{ExchangeId, Found, KnownItem, LogLine, Refusal, Remark};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use ratatui::style::Modifier;

/// 2026-11-23 15:24:17 in Beijing.
/// Of the key that calls are made with.
pub(crate) const KEY: &str = "5f3a9c1e";

pub(crate) const START: i64 = 1_795_418_657;

/// Of a key that is known, in Beijing.
fn session(demo: bool) -> Session {
    Session {
        call: CallSettings::default(),
        hosts: Vec::new(),
        profile: "main".to_owned(),
        demo,
        offline: false,
        file: None,
        key: Some(Fingerprint::written(KEY)),
        remembers: true,
        freshness: Freshness::default(),
        guards: Guards::default(),
        price_per_call: None,
        zone: TimeZone::fixed(Offset::constant(8)),
    }
}

/// The app under test, and what it asked for last.
pub(crate) struct Driver {
    pub(crate) app: App,
    size: Size,
    up: Duration,
    fetches: Vec<(Ticket, Call, Want)>,
    filters: Vec<FilterJob>,
    unseen: Vec<Unseen>,
    hosts: Vec<Host>,
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
        let session = Session { price_per_call: price.map(str::to_owned), ..session(demo) };
        Self::of(session, hosts, size, language)
    }

    /// A session whose calls ask for this.
    pub(crate) fn asking(call: CallSettings, size: &str, language: Language, demo: bool) -> Self {
        Self::of(Session { call, ..session(demo) }, &[GATEWAY], size, language)
    }

    /// A look at a file of this name.
    pub(crate) fn of_file(size: &str, language: Language, name: &str) -> Self {
        let file = Some(name.to_owned());
        Self::of(Session { offline: true, key: None, file, ..session(false) }, &[], size, language)
    }

    fn of(session: Session, hosts: &[&str], size: &str, language: Language) -> Self {
        let hosts: Vec<Host> = hosts.iter().map(|host| Host::parse(host).unwrap()).collect();
        let session = Session { hosts: hosts.clone(), ..session };
        let size = parse_size(size);
        let app = App::new(session, Texts::new(language), size, Timestamp::from_second(START).unwrap());
        Self {
            app,
            size,
            up: Duration::ZERO,
            fetches: Vec::new(),
            filters: Vec::new(),
            unseen: Vec::new(),
            hosts,
        }
    }

    /// Time goes by, and the app is woken when it wanted to be.
    pub(crate) fn wait(&mut self, seconds: f64) {
        let end = self.up + Duration::from_secs_f64(seconds);
        while let Some(wake) = self.app.next_wake().filter(|wake| *wake <= end) {
            self.up = wake.max(self.up);
            self.update(Event::Wake);
        }
        self.up = end;
    }

    /// Keys by name, parted by blanks: `j G ^d <enter> <tab>`; each by itself, as a person presses them.
    pub(crate) fn keys(&mut self, keys: &str) -> Vec<Command> {
        keys.split(' ').filter(|key| !key.is_empty()).flat_map(|name| self.key(name, false)).collect()
    }

    /// Text, typed.
    pub(crate) fn type_text(&mut self, text: &str) -> Vec<Command> {
        text.chars().flat_map(|c| self.press(KeyCode::Char(c), KeyModifiers::NONE, false)).collect()
    }

    /// One key; `in_burst` as if it came in one read with others.
    pub(crate) fn key(&mut self, name: &str, in_burst: bool) -> Vec<Command> {
        let (code, modifiers) = key_named(name);
        self.press(code, modifiers, in_burst)
    }

    pub(crate) fn resize(&mut self, size: &str) -> Vec<Command> {
        self.size = parse_size(size);
        self.update(Event::Resize(self.size))
    }

    /// The newest fetch is answered by this body.
    pub(crate) fn answer(&mut self, status: u16, body: Bytes, source: Source) {
        let (ticket, call, want) = self.fetches.pop().expect("nothing is under way");
        let mut exchange = exchange(call, status, body, self.at());
        exchange.host = self.host_for(want);
        self.finish(ticket, exchange, source);
    }

    /// The newest fetch ends without an answer.
    pub(crate) fn fail(&mut self, reach: Reach, outcome: Outcome) {
        let (ticket, call, want) = self.fetches.pop().expect("nothing is under way");
        let mut exchange = exchange(call, 200, Bytes::new(), self.at());
        exchange.host = self.host_for(want);
        (exchange.reach, exchange.status, exchange.outcome) = (reach, None, outcome);
        exchange.body = Body::none();
        self.finish(ticket, exchange, Source::Live);
    }

    /// The newest fetch is held back by a cap of so many calls.
    pub(crate) fn hold_back(&mut self, cap: u64) {
        let (ticket, _, _) = self.fetches.pop().expect("nothing is under way");
        let refused = Refused::Guarded(Refusal::Cap { cap, used: cap });
        self.update(Event::Fetch(ticket, FetchEvent::Refused(refused)));
    }

    pub(crate) fn refuse(&mut self) {
        let (ticket, _, _) = self.fetches.pop().expect("nothing is under way");
        self.update(Event::Fetch(ticket, FetchEvent::Refused(Refused::NoneStored)));
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
        let document = Document::index(job.text).unwrap();
        let outputs = Program::compile(&job.program.unwrap_or_default())
            .and_then(|program| program.run(&Input::of(&document), &|| true));
        let outcome = outputs.map(FilterResult::of);
        self.update(Event::Filtered(Filtered { number: job.number, outcome }));
    }

    /// The newest fetch got this far.
    pub(crate) fn reach(&mut self, sent: bool) {
        let (ticket, _, _) = self.fetches.last().expect("nothing is under way").clone();
        let line = obx::api::Lifeline::default();
        let mut progress = *line.watch().borrow();
        progress.reach = if sent { Reach::Sent } else { Reach::NothingSent };
        self.update(Event::Fetch(ticket, FetchEvent::Progress(progress)));
    }

    pub(crate) fn update(&mut self, event: Event) -> Vec<Command> {
        let commands = self.app.update(Now { at: self.at(), up: self.up }, event);
        for command in &commands {
            if let Command::Fetch { ticket, call, want } = command {
                self.fetches.push((*ticket, call.as_ref().clone(), *want));
            }
            if let Command::Filter(job) = command
                && job.program.is_some()
            {
                self.filters.push(job.clone());
            }
            if let Command::LookOver(unseen) = command {
                self.unseen.push(unseen.clone());
            }
        }
        commands
    }

    /// Looks over what the app wants looked over.
    pub(crate) fn look_over(&mut self) {
        assert!(!self.unseen.is_empty());
        self.unseen.drain(..).for_each(|unseen| unseen.0.look_over());
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

    /// The one that such a call goes to.
    fn host_for(&self, want: Want) -> Host {
        let place = if let Want::AtHost { place, .. } = want { place } else { 0 };
        self.hosts[place].clone()
    }

    fn at(&self) -> Timestamp {
        let up = jiff::SignedDuration::try_from(self.up).unwrap();
        Timestamp::from_second(START).unwrap().checked_add(up).unwrap()
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers, in_burst: bool) -> Vec<Command> {
        self.update(Event::Key { key: KeyEvent::new(code, modifiers), in_burst })
    }

    fn finish(&mut self, ticket: Ticket, exchange: Exchange, source: Source) {
        let day = jiff::SignedDuration::from_hours(24);
        let answers = matches!(exchange.outcome, Outcome::Item | Outcome::NoResult);
        let fresh_until = answers.then(|| exchange.ended_at().checked_add(day).unwrap());
        let exchange = Arc::new(exchange);
        let key = Fingerprint::written(KEY);
        let id = (source == Source::Store).then_some(ExchangeId(1));
        let fetched = Fetched { id, key, exchange, source, fresh_until, before: Vec::new(), kept: None };
        self.update(Event::Fetch(ticket, FetchEvent::Finished(Box::new(fetched))));
    }
}

pub(crate) fn item_id(id: &str) -> ItemId {
    ItemId::find(id).unwrap()
}

/// An item of the history; each was asked for three hours before the one above it.
pub(crate) fn known_item(at: usize, id: &str, title: &str, remark: Remark) -> KnownItem {
    let Remark { starred, note } = remark;
    KnownItem { num_iid: item_id(id), title: title.to_owned(), asked_at: hours_ago(at), starred, note }
}

/// A stored exchange with an item of this title, or with none.
pub(crate) fn found(at: usize, id: &str, title: &str) -> Found {
    let none = title.is_empty();
    let body = if none { "1688_error_2000.json" } else { "1688_item_get_610947572360.json" };
    let mut exchange = exchange(Call::item_get(item_id("610947572360")), 200, response(body), hours_ago(at));
    exchange.call = Call::item_get(item_id(id));
    let id = ExchangeId(90 - i64::try_from(at).unwrap());
    let line = LogLine::of(Some(id), Fingerprint::written(KEY), &exchange);
    Found { line, title: title.to_owned() }
}

/// A stored answer with this body of `tests/responses`.
pub(crate) fn stored(id: &str, body: &str) -> Arc<Exchange> {
    Arc::new(exchange(Call::item_get(item_id(id)), 200, response(body), hours_ago(1)))
}

fn hours_ago(threes: usize) -> Timestamp {
    Timestamp::from_second(START - 3 * 3_600 * i64::try_from(threes).unwrap()).unwrap()
}

/// An exchange that ended at `at` with this answer, after 6.71 s.
pub(crate) fn exchange(call: Call, status: u16, body: Bytes, at: Timestamp) -> Exchange {
    let total = Duration::from_millis(6_710);
    let timing = Timing { connected: None, first_byte: Some(total), total };
    let started_at = at.checked_sub(jiff::SignedDuration::try_from(total).unwrap()).unwrap();
    let credentials = Credentials::new("planted-key-5f3a", "planted-secret-9c1e").unwrap();
    let answer = Answer { status, headers: Vec::new(), body };
    Exchange::of(call, Host::default(), started_at, timing, answer, &credentials)
}

/// A failure by its name in a scenario.
pub(crate) fn failure(name: &str) -> Outcome {
    match name {
        "connect" => Outcome::Failed(Failure::Connect("Connection refused (os error 111)".to_owned())),
        "timeout" => Outcome::Failed(Failure::Timeout(Duration::from_secs(30))),
        "closed" => Outcome::Failed(Failure::Closed),
        "cancelled" => Outcome::Cancelled,
        _ => panic!("no failure is called {name}"),
    }
}

/// A body of `tests/responses`.
pub(crate) fn response(name: &str) -> Bytes {
    fs::read(tests_folder().join("responses").join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
        .into()
}

/// An item of so many SKUs on two axes; its ID is 9.
pub(crate) fn item_with(skus: u32) -> Bytes {
    let sku = |at: u32| {
        format!(
            r#"{{"price":"{}.00","quantity":{},"sales":"{}","properties_name":"0:{at}:颜色:色号{at:03};1:{}:尺码:{}码","sku_id":"{}","spec_id":"abc{at}"}}"#,
            10 + at % 7,
            at * 13 % 1000,
            at % 50,
            at % 4,
            36 + at % 4,
            4_990_000_000_000_u64 + u64::from(at)
        )
    };
    let list: Vec<String> = (0..skus).map(sku).collect();
    format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"三百个规格","price":"9","skus":{{"sku":[{}]}}}}}}"#,
        list.join(",")
    )
    .into()
}

pub(crate) fn tests_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The cells' text, line by line, without the blanks at the ends of lines. `TestBackend` would tell of
/// every wide character's second cell.
pub(crate) fn screen(buffer: &Buffer) -> String {
    lines(buffer, |_, symbol| symbol.to_owned())
}

/// Where styles begin and end: a letter a cell. `.` plain, `b` bold, `d` dim, `r` reversed, `u` underlined, capitals
/// with colour.
pub(crate) fn styles(buffer: &Buffer) -> String {
    lines(buffer, |cell, symbol| {
        let modifier = cell.modifier;
        let letter = match () {
            () if modifier.contains(Modifier::UNDERLINED) => 'u',
            () if modifier.contains(Modifier::REVERSED) => 'r',
            () if modifier.contains(Modifier::BOLD) => 'b',
            () if modifier.contains(Modifier::DIM) => 'd',
            () if symbol == " " => ' ',
            () => '.',
        };
        let coloured = cell.fg != ratatui::style::Color::Reset;
        let letter = match letter {
            '.' if coloured => 'c',
            letter if coloured => letter.to_ascii_uppercase(),
            letter => letter,
        };
        letter.to_string().repeat(unicode_width::UnicodeWidthStr::width(symbol).max(1))
    })
}

fn lines(buffer: &Buffer, cell_text: impl Fn(&ratatui::buffer::Cell, &str) -> String) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut line = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let cell = &buffer[(x, y)];
            line.push_str(&cell_text(cell, cell.symbol()));
            let width = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
            x += u16::try_from(width).unwrap();
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

pub(crate) fn parse_size(size: &str) -> Size {
    let (width, height) = size.split_once('x').unwrap_or_else(|| panic!("{size} is no WIDTHxHEIGHT"));
    Size { width: width.parse().unwrap(), height: height.parse().unwrap() }
}

fn key_named(name: &str) -> (KeyCode, KeyModifiers) {
    let plain = |code| (code, KeyModifiers::NONE);
    match name {
        "<enter>" => plain(KeyCode::Enter),
        "<esc>" => plain(KeyCode::Esc),
        "<tab>" => plain(KeyCode::Tab),
        "<backtab>" => plain(KeyCode::BackTab),
        "<backspace>" => plain(KeyCode::Backspace),
        "<up>" => plain(KeyCode::Up),
        "<down>" => plain(KeyCode::Down),
        "<left>" => plain(KeyCode::Left),
        "<right>" => plain(KeyCode::Right),
        "<home>" => plain(KeyCode::Home),
        "<space>" => plain(KeyCode::Char(' ')),
        "<end>" => plain(KeyCode::End),
        "<pgdn>" => plain(KeyCode::PageDown),
        "<pgup>" => plain(KeyCode::PageUp),
        _ => {
            let letter = name.strip_prefix('^').filter(|letter| !letter.is_empty());
            let modifiers = if letter.is_some() { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
            let mut chars = letter.unwrap_or(name).chars();
            let key = chars.next().unwrap_or_else(|| panic!("an empty key"));
            assert!(chars.next().is_none(), "{name} is no key");
            (KeyCode::Char(key), modifiers)
        }
    }
}

/// `fetch 610947572360 store_first`, `end_unsent`, `quit`.
pub(crate) fn command_name(command: &Command) -> String {
    match command {
        Command::Fetch { call, want, .. } => {
            let want = match want {
                Want::StoreOnly => "store_only",
                Want::StoreFirst => "store_first",
                Want::Anew => "anew",
                Want::Insist => "insist",
                Want::AtHost { place: 0, .. } => "at_first_host",
                Want::AtHost { insist: false, .. } => "at_next_host",
                Want::AtHost { .. } => "insist_at_next_host",
            };
            format!("fetch {} {want}", call.subject())
        }
        Command::EndUnsent(_) => "end_unsent".to_owned(),
        Command::Close(_) => "close".to_owned(),
        Command::Copy { text, .. } => format!("copy {text}"),
        Command::Store(query) => format!("store {}", query_name(query)),
        Command::Filter(job) => job
            .program
            .as_ref()
            .map_or_else(|| "make_ready".to_owned(), |program| format!("filter {program}")),
        Command::EndFilter => "end_filter".to_owned(),
        Command::LookOver(_) => "look_over".to_owned(),
        Command::OpenPage(url) => format!("open {url}"),
        Command::Export(export) => match &export.to {
            Target::File { path, overwrite } => {
                let over = if *overwrite { " over" } else { "" };
                format!("export {:?} of {} to {path}{over}", export.form, export.of.len())
            }
            Target::Clipboard => format!("export {:?} of {} to the clipboard", export.form, export.of.len()),
        },
        Command::Read(reader, _) => format!("read in {reader:?}"),
        Command::Suspend => "suspend".to_owned(),
        Command::Redraw => "redraw".to_owned(),
        Command::Quit => "quit".to_owned(),
    }
}

/// `opened`, `exchange 7`, `find 直销`.
fn query_name(query: &StoreQuery) -> String {
    match query {
        StoreQuery::Opened { .. } => "opened".to_owned(),
        StoreQuery::Before(id) => format!("before {}", id.0),
        StoreQuery::After(id) => format!("after {}", id.0),
        StoreQuery::Exchange { id, .. } => format!("exchange {}", id.0),
        StoreQuery::Versions(id) => format!("versions {id}"),
        StoreQuery::Difference { before, after } => format!("difference {} {}", before.0, after.0),
        StoreQuery::Find(words) => format!("find {words}"),
        StoreQuery::Items => "items".to_owned(),
        StoreQuery::Programs => "programs".to_owned(),
        StoreQuery::KeepProgram(program) => format!("keep {program}"),
        StoreQuery::Newest(id) => format!("newest {id}"),
        StoreQuery::Note { num_iid, remark } => {
            let star = if remark.starred { "starred" } else { "unstarred" };
            format!("note {num_iid} {star} {}", remark.note).trim_end().to_owned()
        }
    }
}
