//! Answers of odd shapes, each opened as a file: what the screen says of them, and that silence is never taken for
//! health.

use std::sync::Arc;

use jiff::Timestamp;
use obx::message::Event;
use obx_core::i18n::Language;
use obx_core::import;
use rstest::rstest;

use crate::facts_screens::open_facts;
use crate::screens::{check, with_body};
use crate::support::{Driver, START, response};

const HEALTHY: &str = "Nothing is odd about this answer";

/// The body of `tests/responses/odd_NAME.json`, opened as a file.
fn opened(name: &str, size: &str, language: Language) -> Driver {
    let mut driver = Driver::of_file(size, language, "input.json");
    let at = Timestamp::from_second(START).unwrap();
    let found = import::parse(response(&format!("odd_{name}.json")), "input.json", at, None);
    let exchanges = found.exchanges.into_iter().map(Arc::new).collect();
    driver.update(Event::File { exchanges, notes: found.notes });
    driver
}

/// What the facts say, and before that the screen.
fn screens_of(name: &str) -> (String, String) {
    let mut driver = opened(name, "120x36", Language::En);
    driver.keys("2");
    let screen = driver.screen();
    open_facts(&mut driver);
    (screen, driver.screen())
}

#[rstest]
#[case("upload_null_name", "$.items.item has no content: {…}", "$.items.item has no content")]
#[case("cache_stub", "$.item has no content: null", "no this pid")]
#[case("item_is_a_list", "item array", "a list of 3 items")]
#[case("wrapped_everything", "item.location object", "浙江 金华")]
#[case("doubled_scheme", "can't be loaded: 3", "1, 2 more in the description")]
#[case("wrapped_by_proxy", "The answer is at $.data", "Found at $.data")]
#[case("double_encoded", "The answer is at $ » $", "Found at $ » $")]
#[case("error_code_number", "The price is a string", "代码零")]
#[case("error_code_string", "The price is a string", "代码零")]
fn each_is_read_and_what_is_odd_is_said(#[case] name: &str, #[case] fact: &str, #[case] in_item: &str) {
    let (screen, facts) = screens_of(name);
    assert!(screen.contains(in_item), "{screen}");
    assert!(facts.contains(fact) && !facts.contains(HEALTHY), "{facts}");
}

#[rstest]
#[case("upload_null_name")]
#[case("cache_stub")]
#[case("item_is_a_list")]
#[case("wrapped_everything")]
#[case("doubled_scheme")]
#[case("wrapped_by_proxy")]
fn how_each_looks(#[case] name: &str, #[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = opened(name, "120x36", language);
    driver.keys("2");
    let code = crate::screens::code(language);
    check(&format!("odd_{name}_120x36_{code}"), &driver.focused());
    open_facts(&mut driver);
    check(&format!("odd_{name}_facts_120x36_{code}"), &driver.focused());
}

#[test]
fn of_a_list_of_items_nothing_false_is_said_of_money() {
    let (screen, facts) = screens_of("item_is_a_list");
    for text in ["700000000502", "14.0", "优盘 4G 防水", "0000 success"] {
        assert!(screen.contains(text), "{text} is not on\n{screen}");
    }
    assert!(!screen.contains("without an item") && !screen.contains("no item in this answer"), "{screen}");
    assert!(!facts.contains("costs") && !facts.contains("no item"), "{facts}");
}

#[test]
fn what_came_in_other_shapes_is_in_the_panes() {
    let mut driver = opened("wrapped_everything", "120x36", Language::En);
    let screen = driver.screen();
    for text in ["≥1000 1.05", "材质", "瓦楞纸", "3层, 5层", "20x10", "浙江 金华"] {
        assert!(screen.contains(text), "{text} is not on\n{screen}");
    }
    open_facts(&mut driver);
    for odd in ["item.item_imgs object", "item.location object", "item.priceRange[]"] {
        assert!(driver.screen().contains(odd), "{odd} is not on\n{}", driver.screen());
    }
}

#[test]
fn images_are_counted_alike_in_the_summary_and_in_the_description() {
    let mut driver = opened("doubled_scheme", "120x36", Language::En);
    assert!(driver.screen().contains("1, 2 more in the description"), "{}", driver.screen());
    driver.keys("2 D");
    assert!(driver.screen().contains("images: 2"), "{}", driver.screen());
}

#[test]
fn images_that_only_a_list_names_are_in_the_description_as_well() {
    let body = r#"{"error_code":"0000","item":{"num_iid":"9","title":"杯","price":"1",
        "desc":"<p>图</p><img src='//x/1.jpg'>","desc_img":["https://x/1.jpg","https://x/2.jpg"]}}"#;
    let mut driver = with_body("120x36", Language::En, "9", 200, body.into());
    assert!(driver.screen().contains(", 2 more in the description"), "{}", driver.screen());
    driver.keys("3 D");
    assert!(driver.screen().contains("images: 2") && driver.screen().contains("[2] https://x/2.jpg"));
}

#[rstest]
#[case("wrapped_by_proxy", "$.data.item")]
#[case("double_encoded", "$ » $.item")]
fn from_a_fact_it_is_a_key_to_its_place_in_the_response(#[case] name: &str, #[case] path: &str) {
    let mut driver = opened(name, "120x36", Language::En);
    open_facts(&mut driver);
    while !driver.screen().contains("▸odd    The price is a string") {
        let before = driver.screen();
        driver.keys("j");
        assert_ne!(before, driver.screen(), "the fact is not there");
    }
    driver.keys("<enter>");
    let screen = driver.screen();
    assert!(screen.contains(&format!("{path}.price")), "{screen}");
    assert!(screen.contains("▌") && screen.contains("price: \"1.0\""), "{screen}");
}

#[test]
fn from_a_sku_in_an_answer_that_is_a_string_it_is_a_key_to_its_place() {
    let answer = r#"{"item":{"num_iid":"9","title":"杯","price":"1","skus":{"sku":[{"price":"7.25","sku_id":"88"}]}},"error_code":"0000"}"#;
    let body = serde_json::to_string(answer).unwrap();
    let mut driver = with_body("120x36", Language::En, "9", 200, body.into());
    driver.keys("3 <enter>");
    assert!(driver.screen().contains("$ » $.item.skus.sku[0]"), "{}", driver.screen());
    assert!(driver.screen().contains("sku_id: \"88\""), "{}", driver.screen());
    let copied: Vec<String> = driver.keys("3 y p").iter().map(crate::support::effect_name).collect();
    assert_eq!(copied, ["copy $ » $.item.skus.sku[0]"]);
}

#[test]
fn an_item_under_a_code_that_is_no_success_is_shown_beside_the_code() {
    let body = r#"{"error_code":"4017","reason":"timeout","item":{"num_iid":"9","title":"杯","price":"1"}}"#;
    let driver = with_body("120x36", Language::En, "9", 200, body.into());
    let screen = driver.screen();
    assert!(screen.contains("杯") && screen.contains("! 4017 timeout error, but with an item"), "{screen}");
}

#[test]
fn prices_in_words_are_counted_and_those_with_signs_are_read() {
    let prices = ["1,299.00", "￥8.00", "13.00-15.00", "面议", "", "799.00"];
    let skus: Vec<String> = prices.iter().map(|price| format!(r#"{{"price":"{price}"}}"#)).collect();
    let skus = skus.join(",");
    let body = format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"杯","price":"￥8.00","skus":{{"sku":[{skus},{{"price":null}}]}}}}}}"#
    );
    let mut driver = with_body("120x36", Language::En, "9", 200, body.into());
    let screen = driver.screen();
    assert!(screen.contains("SKUs 8.00 to 1299.00"), "{screen}");
    assert!(screen.contains("no numeric price: 3 of 7 SKUs"), "{screen}");
    driver.keys("3 s");
    let rows = driver.screen();
    let at = |price: &str| rows.find(price).unwrap_or_else(|| panic!("{price} is not on\n{rows}"));
    let order = ["￥8.00  ", "13.00-15.00", "799.00", "1,299.00", "面议"];
    let skus: Vec<usize> = order.iter().map(|price| rows.rfind(price).unwrap_or_else(|| at(price))).collect();
    assert!(skus.is_sorted(), "{rows}");
    driver.keys("2 <enter> 3 <enter>");
    assert!(driver.screen().contains("24.00 to 3897.00 total"), "{}", driver.screen());
    assert!(driver.screen().contains("799.00 yuan  2397.00 total"), "{}", driver.screen());
}

#[test]
fn a_healthy_answer_with_skus_is_still_called_so_and_one_without_says_what_was_not_checked() {
    let answer = |skus: &str| {
        format!(
            r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"杯","price":1,"desc":"{}","skus":{{"sku":[{skus}]}}}}}}"#,
            "x".repeat(3_000)
        )
    };
    let mut driver = with_body("120x36", Language::En, "9", 200, answer(r#"{"price":1,"sku_id":1}"#).into());
    open_facts(&mut driver);
    assert!(
        driver.screen().contains(HEALTHY) && !driver.screen().contains("Not checked"),
        "{}",
        driver.screen()
    );
    let mut driver = with_body("120x36", Language::En, "9", 200, answer("").into());
    open_facts(&mut driver);
    let screen = driver.screen();
    assert!(screen.contains("Nothing odd was found in what could be checked."), "{screen}");
    assert!(screen.contains("Not checked: SKUs: the item has none."), "{screen}");
}

#[test]
fn an_item_of_a_list_is_copied_and_leads_to_its_place_in_the_response() {
    let mut driver = opened("item_is_a_list", "120x36", Language::En);
    driver.keys("2 G k");
    assert!(driver.screen().contains("▸700000000502"), "{}", driver.screen());
    let copied: Vec<String> = driver.keys("y k y p y y").iter().map(crate::support::effect_name).collect();
    assert_eq!(copied, ["copy 700000000502", "copy $.item[1]", "copy 700000000502\t14.0\t优盘 4G 防水"]);
    driver.keys("<enter>");
    let screen = driver.screen();
    assert!(screen.contains("$.item[1]") && screen.contains("title: \"优盘 4G 防水\""), "{screen}");
}

#[test]
fn of_a_long_list_it_is_said_how_many_more_there_are() {
    let items: Vec<String> = (0..250).map(|at| format!(r#"{{"num_iid":"{}"}}"#, 1000 + at)).collect();
    let body = format!(r#"{{"error_code":"0000","items":{{"item":[{}]}}}}"#, items.join(","));
    let mut driver = with_body("120x36", Language::En, "9", 200, body.into());
    driver.keys("2 G");
    assert!(driver.screen().contains("… 50 more in the response"), "{}", driver.screen());
    driver.keys("k");
    assert!(driver.screen().contains("▸1199"), "{}", driver.screen());
}
