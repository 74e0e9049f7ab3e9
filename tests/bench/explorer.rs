//! What a user waits for, measured without a terminal: `cargo bench`, or `cargo bench -- filter` for one.
//!
//! Read the ratios between runs on one machine, not the absolute figures.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark fails by panicking")]

mod strings;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use obx::app::App;
use obx::message::{Action, Effect, Event, FetchEnd, FetchEvent, FilterResult, Now, StoreEvent};
use obx::model::Model;
use obx::model::session_info::{SessionInfo, UnstoredAnswers};
use obx::pane::Popup;
use obx::pane::difference_view::{DifferenceView, When};
use obx_core::config::{DisplaySettings, Freshness, Guards};
use obx_core::fetch::{Fetched, Source};
use obx_core::i18n::{Language, Texts};
use obx_core::jq::{Input, Program};
use obx_core::store::KnownItem;
use onebound::{
    Answer, CallSettings, Credentials, Difference, Exchange, Fingerprint, Host, ItemId, ResultType, Timing,
};
use onebound_document::Document;
use onebound_emulator::encode_as;
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};

const SIZE: Size = Size { width: 120, height: 40 };
const PHONE: &[u8] = include_bytes!("../responses/1688_item_get_610947572360.json");
const ID: &str = "610947572360";
/// SKUs of a body of 50 MB.
const HUGE: u32 = 212_000;

/// The captured item with so many SKUs on two axes; 2 MB for 10,000.
fn body_with(skus: u32) -> Bytes {
    let sku = |at: u32| {
        format!(
            concat!(
                r#"{{"price":"{}.00","total_price":0,"sales":"{}","properties":"0:{};1:{}","#,
                r#""properties_name":"0:{}:机身内存:{}GB;1:{}:颜色:色{:05}","quantity":{},"#,
                r#""sku_id":"{}","spec_id":"63828b15ad641fdb131775f32e4c050c"}}"#
            ),
            100 + at % 900,
            at % 300,
            at % 50,
            at % 200,
            at % 50,
            64 * (1 + at % 4),
            at % 200,
            at,
            at * 7 % 5000,
            4_994_840_000_000_u64 + u64::from(at),
        )
    };
    let skus: Vec<String> = (0..skus).map(sku).collect();
    let body = std::str::from_utf8(PHONE).unwrap();
    let (before, rest) = body.split_once("\"skus\": {").unwrap();
    let (_, after) = rest.split_once("]\n\t\t},").unwrap();
    format!("{before}\"skus\": {{\"sku\": [{}]}},{after}", skus.join(",")).into()
}

fn read(body: Bytes) -> Exchange {
    read_as(ResultType::default(), body)
}

fn read_as(result_type: ResultType, body: Bytes) -> Exchange {
    let call = CallSettings { result_type, ..CallSettings::default() }.item_get(ItemId::find(ID).unwrap());
    let credentials = Credentials::new("a-key-of-sixteen", "a-secret-of-some").unwrap();
    let answer = Answer { status: 200, headers: Vec::new(), body };
    Exchange::from_answer(
        call,
        Host::default(),
        Timestamp::UNIX_EPOCH,
        Timing::default(),
        answer,
        &credentials,
    )
}

fn now() -> Now {
    Now { at: Timestamp::UNIX_EPOCH, up: Duration::ZERO }
}

fn session() -> SessionInfo {
    SessionInfo {
        call: CallSettings::default(),
        hosts: Vec::new(),
        profile: "main".to_owned(),
        demo: false,
        offline: false,
        file: None,
        key: None,
        remembers: true,
        unstored: UnstoredAnswers::Lost,
        asked_by: None,
        freshness: Freshness::default(),
        guards: Guards::default(),
        price_per_call: None,
        price: Arc::default(),
        zone: TimeZone::UTC,
        display: DisplaySettings::default(),
    }
}

fn new_app() -> App {
    App::new(session(), Texts::new(Language::Zh), SIZE, Timestamp::UNIX_EPOCH)
}

/// A key by its character; `\r` for Enter.
fn press(app: &mut App, key: char) -> Vec<Effect> {
    let code = if key == '\r' { KeyCode::Enter } else { KeyCode::Char(key) };
    app.update(now(), Event::Key { key: KeyEvent::from(code), in_burst: false })
}

/// An explorer that shows this exchange, with the focus on its SKUs.
fn app_showing(exchange: &Arc<Exchange>) -> App {
    let mut app = new_app();
    app.fill_id(ID);
    let enter = Event::Key { key: KeyEvent::from(KeyCode::Enter), in_burst: false };
    let effects = app.update(now(), enter);
    let Some(Effect::Fetch(order)) = effects.first() else { panic!("nothing was fetched") };
    let exchange = Arc::clone(exchange);
    let (key, before) = (Fingerprint::from_stored("5f3a9c1e"), Vec::new());
    let fetched = Fetched {
        id: None,
        key,
        exchange,
        source: Source::Live,
        fresh_until: None,
        in_doubt: None,
        before,
        stored: None,
    };
    let _ = app.update(
        now(),
        Event::Fetch(order.ticket(), FetchEvent::Finished(Box::new(FetchEnd::new(fetched, now().at, None)))),
    );
    app
}

fn buffer() -> Buffer {
    Buffer::empty(Rect::new(0, 0, SIZE.width, SIZE.height))
}

fn decode(criterion: &mut Criterion) {
    let small = Bytes::from_static(PHONE);
    criterion.bench_function("decode 14 kB", |bencher| bencher.iter(|| read(black_box(small.clone()))));
    let large = body_with(10_000);
    criterion.bench_function("decode 10,000 SKUs", |bencher| bencher.iter(|| read(black_box(large.clone()))));
    let huge = body_with(HUGE);
    let mut group = criterion.benchmark_group("huge");
    group.sample_size(20);
    group.bench_function("decode 212,000 SKUs", |bencher| bencher.iter(|| read(black_box(huge.clone()))));
    group.finish();
}

/// The same answers in the vendor's other forms.
fn decode_forms(criterion: &mut Criterion) {
    let value: serde_json::Value = serde_json::from_slice(PHONE).unwrap();
    let many: serde_json::Value = serde_json::from_slice(&body_with(10_000)).unwrap();
    for result_type in ResultType::ALL {
        for (name, value) in [("14 kB", &value), ("10,000 SKUs", &many)] {
            let body = Bytes::from(encode_as(result_type.as_str(), value).unwrap());
            criterion.bench_function(&format!("decode {name} as {result_type}"), |bencher| {
                bencher.iter(|| read_as(result_type, black_box(body.clone())));
            });
        }
    }
}

fn keys(criterion: &mut Criterion) {
    let exchange = Arc::new(read(body_with(10_000)));
    let (mut app, mut picture) = (app_showing(&exchange), buffer());
    criterion.bench_function("a key at 10,000 SKUs: update and redraw", |bencher| {
        bencher.iter(|| {
            press(&mut app, 'j');
            app.redraw(black_box(&mut picture));
        });
    });
    criterion.bench_function("an answer of 10,000 SKUs: update and view", |bencher| {
        bencher.iter(|| app_showing(&exchange).view(black_box(&mut picture)));
    });
}

fn tables(criterion: &mut Criterion) {
    let exchange = Arc::new(read(body_with(10_000)));
    criterion.bench_function("the first letter of a filter over 10,000 rows", |bencher| {
        let filtering = || {
            let mut app = app_showing(&exchange);
            press(&mut app, '/');
            app
        };
        bencher.iter_batched_ref(filtering, |app| press(app, '色'), BatchSize::LargeInput);
    });
    criterion.bench_function("a further letter of a filter over 10,000 rows", |bencher| {
        let filtering = || {
            let mut app = app_showing(&exchange);
            press(&mut app, '/');
            press(&mut app, '色');
            app
        };
        bencher.iter_batched_ref(filtering, |app| press(app, '0'), BatchSize::LargeInput);
    });
    criterion.bench_function("sorting 10,000 rows by a column", |bencher| {
        bencher.iter_batched_ref(|| app_showing(&exchange), |app| press(app, 's'), BatchSize::LargeInput);
    });
}

/// Every SKU of the body with another stock, and every third with another price.
fn a_day_later(body: &Bytes) -> Bytes {
    let text = std::str::from_utf8(body).unwrap();
    text.replace("\"quantity\":", "\"quantity\":1").replace("0.00\",\"total", "1.50\",\"total").into()
}

fn differences(criterion: &mut Criterion) {
    let body = body_with(10_000);
    let (before, same, after) = (read(body.clone()), read(body.clone()), read(a_day_later(&body)));
    criterion.bench_function("differences of 10,000 SKUs that are the same", |bencher| {
        bencher.iter(|| Difference::between(black_box(&before), black_box(&same)));
    });
    criterion.bench_function("differences of 10,000 SKUs, each changed", |bencher| {
        bencher.iter(|| Difference::between(black_box(&before), black_box(&after)));
    });
    let large = body_with(212_000);
    let (large_before, large_after) = (read(large.clone()), read(a_day_later(&large)));
    criterion.bench_function("differences of 212,000 SKUs, each changed", |bencher| {
        bencher.iter(|| Difference::between(black_box(&large_before), black_box(&large_after)));
    });
    let difference = Arc::new(Difference::between(&large_before, &large_after));
    let texts = Texts::new(Language::Zh);
    let when =
        || When { item: "610947572360".to_owned(), clock: "15:24:17".to_owned(), verdict: "0000".to_owned() };
    let open = || DifferenceView::new(Arc::clone(&difference), when(), when(), Vec::new(), texts);
    criterion.bench_function("opening the view of 212,000 changed SKUs", |bencher| bencher.iter(open));
    let model = Model::new(texts, session(), Timestamp::UNIX_EPOCH);
    let (mut view, mut picture) = (open(), buffer());
    criterion.bench_function("a key in the view of 212,000 changed SKUs", |bencher| {
        bencher.iter(|| {
            let _ = view.act(Action::Down, &model); // it only moves the cursor
            view.layout(&model, SIZE);
            view.view(&model, view.area(SIZE), black_box(&mut picture));
        });
    });
}

/// At 50 MB: what one key waits for, and how long it takes until the rows are there.
fn large_tables(criterion: &mut Criterion) {
    let exchange = Arc::new(read(body_with(HUGE)));
    let mut picture = buffer();
    let mut group = criterion.benchmark_group("huge");
    group.sample_size(10);
    group.bench_function("an answer of 212,000 SKUs: update and view", |bencher| {
        bencher.iter(|| app_showing(&exchange).view(black_box(&mut picture)));
    });
    for (name, keys) in
        [("the first letter of a filter", "/色"), ("sorting", "s"), ("sorting by texts", "ss")]
    {
        group.bench_function(format!("{name} over 212,000 rows: the key"), |bencher| {
            let ready = || app_showing(&exchange);
            bencher.iter_batched_ref(ready, |app| press_all(app, keys), BatchSize::LargeInput);
        });
        group.bench_function(format!("{name} over 212,000 rows: until they are there"), |bencher| {
            let arrange = |app: &mut App| {
                let commands = press_all(app, keys);
                finish(app, commands, &mut picture);
            };
            bencher.iter_batched_ref(|| app_showing(&exchange), arrange, BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// The response at 50 MB: what one key waits for, and how long a search takes in all, with its pictures.
fn large_response(criterion: &mut Criterion) {
    let exchange = Arc::new(read(body_with(HUGE)));
    let mut picture = buffer();
    let mut group = criterion.benchmark_group("response of 50 MB");
    group.sample_size(10);
    // The SKUs are the last but a few of the item's fields: a search for one unfolds them.
    let in_skus = "6/4994840100007\rh";
    for (name, before, key) in [
        ("opening the tree", "", '6'),
        ("unfold all", "6", 'R'),
        ("unfold the SKUs' level", in_skus, 'r'),
        ("fold all", in_skus, 'M'),
        ("j among unfolded SKUs", in_skus, 'j'),
        ("J to the next value", in_skus, 'J'),
        ("G to the end", in_skus, 'G'),
        ("a letter of a search", "6/", 'p'),
        ("the raw text", "6", 't'),
    ] {
        group.bench_function(name, |bencher| {
            let ready = || {
                let mut app = app_showing(&exchange);
                for key in before.chars() {
                    let commands = press(&mut app, key);
                    finish(&mut app, commands, &mut buffer());
                }
                if matches!(key, 'R' | 'r' | 'M') {
                    press(&mut app, 'z');
                }
                app
            };
            let pressing = |app: &mut App| {
                press(app, key);
                app.redraw(black_box(&mut picture));
            };
            bencher.iter_batched_ref(ready, pressing, BatchSize::LargeInput);
        });
    }
    for typed in ["4994840100007", "色00", "PRICE", "price", "a", "~^1\\d\\d\\.00$", "~价|nosuch"] {
        group.bench_function(format!("searching all of it for {typed}"), |bencher| {
            let typing = || {
                let mut app = app_showing(&exchange);
                press_all(&mut app, "6/");
                app
            };
            let searching = |app: &mut App| {
                let commands = app.update(now(), Event::Paste(typed.to_owned()));
                finish(app, commands, &mut picture);
            };
            bencher.iter_batched_ref(typing, searching, BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// jq programs, to be set beside jq's own time without its reading: `jq PROGRAM FILE` less `jq empty FILE`.
const PROGRAMS: [(&str, &str); 5] = [
    ("every price", ".item.skus.sku[].price"),
    ("a count", "[.item.skus.sku[] | select(.quantity|tonumber > 100)] | length"),
    ("groups", ".item.skus.sku | group_by(.price) | map({p: .[0].price, n: length})"),
    ("all numbers", ".. | numbers"),
    ("the whole", "."),
];

/// A jq program: what the process beside the explorer does once a body and once a program, and the index of the result.
fn jq(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("jq");
    group.sample_size(10);
    group.bench_function("compile", |bencher| bencher.iter(|| Program::compile(PROGRAMS[0].1).unwrap()));
    for (name, skus) in [("10,000 SKUs", 10_000), ("50 MB", HUGE)] {
        let document = Document::parse(body_with(skus)).unwrap();
        group.bench_function(format!("take in {name}"), |bencher| {
            bencher.iter_with_large_drop(|| Input::from_document(&document));
        });
        let input = Input::from_document(&document);
        for (what, program) in PROGRAMS {
            let program = Program::compile(program).unwrap();
            group.bench_function(format!("{what} of {name}"), |bencher| {
                bencher.iter(|| program.run(&input, &|| true).unwrap());
            });
        }
        let outputs = Program::compile(PROGRAMS[0].1).unwrap().run(&input, &|| true).unwrap();
        assert_eq!(outputs.count, skus as usize);
        group.bench_function(format!("index every price of {name}"), |bencher| {
            bencher.iter_batched(|| outputs.clone(), FilterResult::from_outputs, BatchSize::LargeInput);
        });
    }
    group.finish();
}

/// Draws, and does the newest job among these with what comes of it.
fn finish(app: &mut App, commands: Vec<Effect>, picture: &mut Buffer) {
    app.redraw(black_box(picture));
    let job = commands.into_iter().rev().find_map(|command| match command {
        Effect::Job(job) => Some(job),
        _ => None,
    });
    if let Some(done) = job.and_then(|job| job.run()) {
        let commands = app.update(now(), Event::JobDone(done));
        finish(app, commands, picture);
    }
}

fn press_all(app: &mut App, keys: &str) -> Vec<Effect> {
    keys.chars().flat_map(|key| press(app, key)).collect()
}

/// What the store tells of 10,000 items with Chinese titles.
fn known_items() -> Event {
    let item = |at: i64| KnownItem {
        num_iid: ItemId::find(&format!("{}", 600_000_000_000 + at * 7_919)).unwrap(),
        title: format!("厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学4G第{at}号"),
        asked_at: Timestamp::UNIX_EPOCH,
        starred: at % 50 == 0,
        note: if at % 20 == 0 { "样品已到，月底前问价格".to_owned() } else { String::new() },
    };
    Event::Store(StoreEvent::Items((0..10_000).map(item).collect::<Vec<_>>().into()))
}

fn histories(criterion: &mut Criterion) {
    let mut picture = buffer();
    let awaiting = || {
        let mut app = new_app();
        let history = KeyEvent::new(KeyCode::Char('r'), KeyModifiers::CONTROL);
        let _ = app.update(now(), Event::Key { key: history, in_burst: false });
        app
    };
    criterion.bench_function("a history of 10,000 items comes", |bencher| {
        let setup = || (awaiting(), Some(known_items()));
        let come = |(app, items): &mut (App, Option<Event>)| app.update(now(), items.take().unwrap());
        bencher.iter_batched_ref(setup, come, BatchSize::LargeInput);
    });
    for (reported, before, letter) in
        [("all hold", "", '智'), ("few hold", "99", '9'), ("holds scattered letters", "厂米学", '号')]
    {
        let name = format!("a letter over a history of 10,000 items: {reported}");
        let setup = || {
            let mut app = awaiting();
            let _ = app.update(now(), known_items());
            before.chars().for_each(|letter| drop(press(&mut app, letter)));
            app
        };
        let mut typing = |app: &mut App| {
            press(app, letter);
            app.redraw(black_box(&mut picture));
        };
        criterion.bench_function(&name, |bencher| {
            bencher.iter_batched_ref(setup, &mut typing, BatchSize::LargeInput);
        });
    }
}

fn start(criterion: &mut Criterion) {
    criterion.bench_function("start to the first picture, without a terminal", |bencher| {
        bencher.iter(|| {
            let mut picture = buffer();
            new_app().view(&mut picture);
            picture
        });
    });
}

fn facts(criterion: &mut Criterion) {
    let bodies = [
        ("14 kB", Bytes::from_static(PHONE)),
        ("10,000 SKUs", body_with(10_000)),
        ("212,000 SKUs", body_with(HUGE)),
    ];
    for (name, body) in bodies {
        let exchange = read(body);
        exchange.analyze();
        criterion.bench_function(&format!("facts of {name}"), |bencher| {
            bencher.iter(|| black_box(&exchange).facts());
        });
    }
}

/// From `D` to the picture: 100 kB of HTML with images, as sellers write it, and as much text without a tag.
fn descriptions(criterion: &mut Criterion) {
    let paragraph = "<p><span>1、可定制--<b>承接各种订单</b>,为客户定制机身</span><img src=\\\"https://cbu01.alicdn.com/img/ibank/2020/560/807/14112708065_979836901.jpg\\\" /></p>";
    for (name, part) in [("HTML", paragraph), ("text", "本公司专注通讯行业10年,")] {
        let desc = part.repeat(100_000 / part.len());
        let body = format!(
            r#"{{"error_code":"0000","item":{{"num_iid":"{ID}","title":"x","price":1,"desc":"{desc}"}}}}"#
        );
        let exchange = Arc::new(read(body.into()));
        let mut picture = buffer();
        criterion.bench_function(&format!("a description of 100 kB of {name}: the key"), |bencher| {
            let open = |app: &mut App| {
                press(app, 'D');
                app.redraw(black_box(&mut picture));
            };
            bencher.iter_batched_ref(|| app_showing(&exchange), open, BatchSize::LargeInput);
        });
    }
}

criterion_group!(
    benches,
    decode,
    decode_forms,
    keys,
    tables,
    large_tables,
    large_response,
    strings::strings_of_json,
    facts,
    descriptions,
    jq,
    differences,
    histories,
    start
);
criterion_main!(benches);
