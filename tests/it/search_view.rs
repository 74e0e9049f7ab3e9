//! The search for items: what its keys buy, what it shows, and what stays when it is closed.

use obx::message::{Effect, Event};
use obx_core::fetch::{NotSent, Source};
use obx_core::i18n::Language;
use onebound::RequestStage;
use rstest::rstest;
use serde_json::{Value, json};

use crate::screens::{check, code};
use crate::support::{Driver, effect_name, failure, response, styles};

/// IDs, titles, prices, sales and sellers, hostile and odd ones among them.
const ITEMS: [(&str, &str, &str, &str, &str); 6] = [
    (
        "610947572360",
        "厂家直销小米有品Qin2 Pro智能手机学生机老人机备用机小爱同学4G",
        "799.00",
        "30",
        "qin多亲科技",
    ),
    ("600448952765", "手机壳\u{1b}[2J\u{202e}硅胶\u{1b}]0;x\u{7} 2026新款", "4.02", "2000+", "鑫源"),
    ("520813250866", "👨‍👩‍👧‍👦 全家福手机壳", "81.78", "-1", ""),
    ("45887133725", "", "", "1.2万+", "一个名字非常非常非常长的卖家有限责任公司"),
    ("12345678901234567890", "编号很长", "1299.00", "0", "x"),
    ("", "没有编号", "5.00", "7", "y"),
];

fn results(page: u32, pages: u32, items: usize) -> Vec<u8> {
    let item = |(id, title, price, sales, seller): &(&str, &str, &str, &str, &str)| {
        let price = if price.is_empty() { Value::Null } else { json!(price) };
        let mut item = json!({"title": title, "price": price, "sales": sales, "seller_nick": seller});
        if !id.is_empty() {
            item["num_iid"] = json!(id);
        }
        item
    };
    let items: Vec<Value> = ITEMS.iter().take(items).map(item).collect();
    let body = json!({
        "items": {"page": page.to_string(), "pagecount": pages, "real_total_results": pages * 6, "item": items},
        "error_code": "0000", "reason": "ok", "api_info": "today:3 max:10000 all[3=3+0+0];expires:2027-01-01",
    });
    body.to_string().into_bytes()
}

/// The explorer after `:search 手机壳`, before the answer.
fn asked(size: &str, language: Language) -> Driver {
    let mut driver = Driver::new(size, language, false);
    driver.keys("<esc> :");
    driver.type_text("search 手机壳");
    assert_eq!(names(&driver.keys("<enter>")), ["fetch item_search store_first"]);
    driver
}

fn searched(size: &str, language: Language) -> Driver {
    let mut driver = asked(size, language);
    driver.answer(200, results(1, 3, 6).into(), Source::Live);
    driver.late(5.0);
    driver
}

fn names(effects: &[Effect]) -> Vec<String> {
    effects.iter().map(effect_name).collect()
}

fn shows(driver: &Driver, text: &str) {
    let screen = driver.screen();
    assert!(screen.contains(text), "{text} is not on the screen\n{screen}");
}

fn hides(driver: &Driver, text: &str) {
    let screen = driver.screen();
    assert!(!screen.contains(text), "{text} is on the screen\n{screen}");
}

#[rstest]
fn the_results(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = searched(size, language);
    driver.keys("j <space>");
    check(&format!("search_results_{size}_{}", code(language)), &driver.screen());
    if (size, language) == ("80x24", Language::En) {
        check("search_results_styles", &styles(&driver.buffer()));
    }
}

/// Whoever presses Enter twice, or again because nothing happens, has not read what the first row costs.
#[test]
fn enter_on_results_that_have_just_come_offers_the_item_and_buys_nothing() {
    for seconds in [0.0, 0.3, 4.0] {
        let mut driver = asked("80x24", Language::En);
        driver.late(seconds);
        driver.answer(200, results(1, 3, 6).into(), Source::Live);
        driver.late(0.3);
        for _ in 0..5 {
            assert_eq!(driver.keys("<enter>"), [], "after {seconds} s");
            shows(&driver, "Enter");
            driver.late(0.4);
        }
        driver.late(1.0);
        assert_eq!(names(&driver.keys("<enter>")), ["fetch 610947572360 store_first"], "after {seconds} s");
    }
}

#[test]
fn enter_on_a_row_of_a_page_that_has_just_taken_its_place_offers_the_item() {
    let mut driver = searched("80x24", Language::En);
    driver.keys("j n");
    driver.answer(200, results(2, 3, 3).into(), Source::Live);
    driver.late(0.2);
    assert_eq!(driver.keys("<enter>"), []);
    driver.late(1.5);
    assert_eq!(names(&driver.keys("<enter>")), ["fetch 610947572360 store_first"]);
    // A row that a key has chosen was seen.
    let mut driver = searched("80x24", Language::En);
    assert_eq!(names(&driver.keys("j <enter>")), ["fetch 600448952765 store_first"]);
}

#[test]
fn the_search_in_every_other_state() {
    for language in [Language::En, Language::Zh] {
        let mut states = Vec::new();
        let mut driver = Driver::new("80x24", language, false);
        driver.keys("<esc> W");
        states.push(driver.focused());
        driver.keys("<esc>");
        let mut driver = asked("80x24", language);
        driver.wait(2.0);
        states.push(driver.focused());
        driver.answer(200, response("1688_error_2000.json"), Source::Live);
        states.push(driver.focused());
        let mut driver = asked("80x24", language);
        driver.answer(
            200,
            br#"{"error_code":"4008","reason":"concurrency limit"}"#.to_vec().into(),
            Source::Live,
        );
        states.push(driver.focused());
        let mut driver = asked("80x24", language);
        driver.fail(RequestStage::Sent, failure("timeout"));
        states.push(driver.focused());
        let mut driver = asked("80x24", language);
        driver.hold_back(10);
        // The notice with its key takes the row above it.
        driver.keys("j");
        states.push(driver.focused());
        let mut driver = searched("80x24", language);
        driver.keys("n");
        driver.answer(
            200,
            br#"{"error_code":"4008","reason":"concurrency limit"}"#.to_vec().into(),
            Source::Live,
        );
        states.push(driver.focused().lines().take(6).collect::<Vec<_>>().join("\n"));
        check(&format!("search_states_{}", code(language)), &states.join("\n\n"));
    }
}

#[test]
fn the_palette_shows_the_price_before_it_searches_and_none_while_the_page_is_fresh() {
    let mut driver = Driver::with("120x36", Language::En, false, &[onebound::GATEWAY], Some("0.02"));
    driver.keys("<esc> :");
    driver.type_text("search 手机壳");
    shows(&driver, "Enter run ¥0.02");
    assert_eq!(names(&driver.keys("<enter>")), ["fetch item_search store_first"]);
    driver.answer(200, results(1, 3, 6).into(), Source::Live);
    shows(&driver, "page 1 of 3 · 18 found in all · live at 15:24 · billed ¥0.02");
    driver.keys("<esc> :");
    driver.type_text("search  手机壳 ");
    hides(&driver, "¥0.02  ");
    assert_eq!(names(&driver.keys("<enter>")), ["fetch item_search store_only"]);
    driver.answer(200, results(1, 3, 6).into(), Source::Store);
    shows(&driver, "18 found in all · store, answered 15:24");
    hides(&driver, "billed");
}

#[test]
fn words_are_typed_in_the_search_where_the_palette_had_none() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.keys("<esc> :");
    driver.type_text("search");
    assert_eq!(driver.keys("<enter>"), []);
    shows(&driver, "Each page of results is one call");
    assert_eq!(driver.keys("<enter>"), []);
    // Full-width blanks are none.
    driver.type_text("　");
    assert_eq!(driver.keys("<enter>"), []);
    driver.update(Event::Paste("蓝牙\n耳机".to_owned()));
    shows(&driver, "Enter search ¥");
    assert_eq!(names(&driver.keys("<enter>")), ["fetch item_search store_first"]);
    let (_, call, _) = driver.fetches.last().unwrap();
    assert!(call.parameters().contains(&("q", "蓝牙 耳机".into())), "{call:?}");
}

#[test]
fn enter_opens_the_item_and_the_search_comes_back_as_it_was_without_a_call() {
    let mut driver = searched("120x36", Language::En);
    driver.keys("s <down> <down>");
    shows(&driver, "Enter open ¥");
    assert_eq!(names(&driver.keys("<enter>")), ["fetch 520813250866 store_first"]);
    hides(&driver, "Search items");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    assert_eq!(driver.keys("W"), []);
    shows(&driver, "Price▴");
    let row = |driver: &Driver| driver.screen().lines().find(|line| line.contains('▸')).unwrap().to_owned();
    assert!(row(&driver).contains("520813250866"), "{}", driver.screen());
}

#[test]
fn search_without_words_asks_for_them_above_the_old_results_and_no_key_typed_there_spends() {
    let mut driver = searched("120x36", Language::En);
    driver.keys("<esc> :");
    driver.type_text("search");
    assert_eq!(driver.keys("<enter>"), []);
    driver.wait(2.0);
    driver.type_text("note");
    shows(&driver, "┃ note ");
    assert!(driver.fetches.is_empty(), "nothing is bought");
    assert_eq!(driver.keys("<esc>"), []);
    shows(&driver, "n next page ¥");
    shows(&driver, "手机壳");
}

#[test]
fn a_row_in_the_store_is_marked_and_opened_without_a_call() {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Live);
    driver.keys(":");
    driver.type_text("search 手机壳");
    driver.keys("<enter>");
    driver.answer(200, results(1, 1, 6).into(), Source::Live);
    shows(&driver, "Enter open (store)");
    let stored = |driver: &Driver| driver.screen().lines().filter(|line| line.contains("store┃")).count();
    assert_eq!(stored(&driver), 1, "{}", driver.screen());
    assert_eq!(names(&driver.keys("<enter>")), ["fetch 610947572360 store_only"]);
    // A day later the mark is gone, and the price is back.
    driver.answer(200, response("1688_item_get_610947572360.json"), Source::Store);
    driver.keys("W");
    driver.wait(25.0 * 3_600.0);
    assert_eq!(stored(&driver), 0, "{}", driver.screen());
    shows(&driver, "Enter open ¥");
}

#[test]
fn a_page_is_bought_once_and_only_while_its_price_is_in_sight() {
    let mut driver = searched("120x36", Language::En);
    shows(&driver, "n next page ¥");
    hides(&driver, "previous page");
    assert_eq!(names(&driver.keys("n")), ["fetch item_search store_first"]);
    let (_, call, _) = driver.fetches.last().unwrap();
    assert!(call.parameters().contains(&("page", "2".into())), "{call:?}");
    // The same page is on its way.
    assert_eq!(driver.keys("n n"), []);
    driver.answer(200, results(2, 3, 4).into(), Source::Live);
    shows(&driver, "page 2 of 3");
    // Held down, the key buys no further page.
    driver.late(0.2);
    assert_eq!(driver.keys("n"), []);
    shows(&driver, "wait a second before paying for a page");
    driver.late(3.0);
    shows(&driver, "n next page ¥");
    // The first page is fresh.
    driver.keys("j");
    shows(&driver, "p previous page  ");
    assert_eq!(names(&driver.keys("p")), ["fetch item_search store_only"]);
}

#[test]
fn after_the_last_page_and_after_another_one_than_asked_for_there_is_no_next() {
    let mut driver = asked("120x36", Language::En);
    driver.answer(200, results(1, 1, 6).into(), Source::Live);
    hides(&driver, "next page");
    assert_eq!(driver.keys("n"), []);
    let mut driver = searched("120x36", Language::En);
    driver.keys("n");
    driver.answer(200, results(1, 3, 6).into(), Source::Live);
    shows(&driver, "the answer is page 1, not page 2");
    hides(&driver, "next page");
}

#[test]
fn marks_stay_over_pages_of_the_same_words_and_are_copied_in_their_order() {
    let mut driver = searched("120x36", Language::En);
    driver.keys("<space> <space>");
    shows(&driver, "2 marked");
    driver.keys("n");
    driver.answer(200, results(2, 3, 2).into(), Source::Live);
    shows(&driver, "2 marked");
    driver.keys("<esc> W");
    shows(&driver, "2 marked");
    assert_eq!(names(&driver.keys("y")), ["copy 610947572360\n600448952765"]);
    driver.keys("g <space>");
    shows(&driver, "1 marked");
    // A row without an ID can't be meant.
    driver.keys("1");
    driver.type_text("耳机");
    driver.keys("<enter>");
    driver.answer(200, results(1, 1, 6).into(), Source::Live);
    hides(&driver, "marked");
    assert_eq!(driver.keys("G <space> <enter>"), []);
    shows(&driver, "This row has no ID");
}

#[test]
fn marked_items_are_planned_as_a_batch_which_buys_nothing_yet() {
    let mut driver = searched("120x36", Language::En);
    driver.keys("<space> <space>");
    shows(&driver, "b buy marked…");
    assert_eq!(names(&driver.keys("b")), ["plan_batch"]);
    hides(&driver, "Search items");
    // The search comes back with its marks.
    driver.keys("<esc> W");
    shows(&driver, "2 marked");
}

#[test]
fn rows_are_filtered_and_sorted_by_what_sales_come_to() {
    let mut driver = searched("120x36", Language::En);
    driver.keys("/");
    driver.type_text("sales>1000");
    driver.keys("<enter>");
    shows(&driver, "1 of 2 (of 6)");
    driver.keys("<esc>");
    hides(&driver, "(of 6)");
    shows(&driver, " of 6 ");
    driver.keys("L S");
    let first = driver.screen().lines().find(|line| line.contains('▸')).unwrap().to_owned();
    assert!(first.contains("45887133725"), "{first}");
    driver.keys("<esc>");
    hides(&driver, "Search items");
}

#[test]
fn results_that_come_after_the_search_was_closed_are_announced_and_do_not_replace_what_is_shown() {
    let mut driver = asked("120x36", Language::En);
    driver.keys("<esc>");
    driver.answer(200, results(1, 3, 6).into(), Source::Live);
    shows(&driver, "The search results arrived: W shows them");
    shows(&driver, "no item yet");
    assert_eq!(driver.keys("W"), []);
    shows(&driver, "page 1 of 3");
}

#[test]
fn a_page_that_was_held_back_is_sent_when_the_user_insists() {
    let mut driver = asked("120x36", Language::En);
    driver.hold_back(10);
    shows(&driver, "Y send it anyway ¥");
    driver.keys("b");
    shows(&driver, "There are no results to choose from");
    driver.keys("j");
    shows(&driver, "Y send it anyway ¥");
    driver.late(2.0);
    assert_eq!(names(&driver.keys("Y")), ["fetch item_search override"]);
    driver.answer(200, results(1, 3, 6).into(), Source::Live);
    shows(&driver, "page 1 of 3");
    hides(&driver, "send it anyway");
}

#[test]
fn what_is_not_sent_says_so_and_a_file_is_not_searched() {
    let mut driver = asked("120x36", Language::En);
    driver.refuse_for(NotSent::Offline);
    shows(&driver, "Offline: nothing is sent");
    let mut driver = Driver::of_file("120x36", Language::En, "a.json");
    driver.keys("<esc> W");
    shows(&driver, "nothing can be searched");
}

#[test]
fn the_card_of_a_failure_leads_back_to_the_search() {
    let mut driver = asked("120x36", Language::En);
    driver.answer(200, br#"{"error_code":"4008","reason":"limit"}"#.to_vec().into(), Source::Live);
    shows(&driver, "4008");
    driver.keys("!");
    hides(&driver, "Search items");
    driver.keys("<esc>");
    shows(&driver, "R refetch page ¥");
    assert_eq!(names(&driver.keys("R")), ["fetch item_search refresh"]);
}
