//! The item pane: what a buyer reads of an item, and what a quantity of it costs.

use jiff::Timestamp;
use obx_core::i18n::Language;
use obx_core::price::PriceSettings;
use onebound::Call;
use rstest::rstest;

use crate::screens::{PHONE, check, code, with_body, with_item};
use crate::support::{START, exchange, item_id};

/// An item with something in every field that a buyer reads.
const RICH: &str = r#"{"error_code":"0000","item":{"num_iid":"610000000001",
    "title":"跨境爆款纯棉圆领短袖T恤男夏季宽松大码重磅纯色打底衫班服定制印花工作服文化衫批发一件代发",
    "price":"15.80","orginal_price":"29.90","suggestive_price":"39.90","min_num":"2","unit":"件","num":"93120",
    "priceRange":[[2,"15.80"],[50,"14.50"],[200,"13.90"],[1000,"13.20"],[5000,"12.80"]],
    "is_support_mix":"true","mix_amount":"60","mix_begin":"","mix_number":"5",
    "agent_price":{"price":"14.90","freight":"0.00"},"sales_data":{"sale_count_30d":4821,"buyer_count_30d":"377"},
    "sales":1204,"total_sold":"58211","sales_info":{"seller_num":"377","repeat_rate_purchase":"41%",
    "per_capita_purchases":"12.8","comment_num":"903"},"post_fee":"6.00","express_fee":"","item_weight":"220",
    "location":"浙江省 杭州市","brand":"无品牌","nick":"_sopid@BBB","seller_info":{"shop_name":"杭州某服饰有限公司"},
    "item_imgs":[{"url":"//a/1.jpg"}],"skus":{"sku":[
    {"price":"15.80","quantity":"900","sku_id":"1","properties_name":"0:0:颜色:白色;1:0:尺码:L","onepiece_price":"14.90"},
    {"price":"15.80","quantity":"80","sku_id":"2","properties_name":"0:1:颜色:黑色;1:0:尺码:L","onepiece_price":"14.90"},
    {"price":"18.00","quantity":"600","sku_id":"3","properties_name":"0:0:颜色:白色;1:1:尺码:4XL","onepiece_price":"17.10"}
    ]}}}"#;

#[rstest]
fn an_item_in_the_order_of_the_trade_without_scrolling(
    #[values("80x24", "120x36")] size: &str,
    #[values(Language::En, Language::Zh)] language: Language,
) {
    let mut driver = with_body(size, language, "610000000001", 200, RICH.into());
    driver.keys("2");
    let screen = driver.screen();
    assert!(language == Language::En || !screen.contains('↓'), "all of it is in sight\n{screen}");
    check(&format!("item_of_trade_{size}_{}", code(language)), &screen);
}

#[test]
fn the_names_of_the_api_are_beside_the_labels_where_there_is_room() {
    let mut driver = with_body("120x36", Language::Zh, "610000000001", 200, RICH.into());
    driver.keys("2 f");
    check("item_of_trade_full_120x36_zh", &driver.screen());
}

#[rstest]
fn a_quantity_costs_what_the_skus_cost(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = with_body("120x36", language, "610000000001", 200, RICH.into());
    driver.keys("2 <enter> 1 0 0 <enter>");
    check(&format!("item_quantity_120x36_{}", code(language)), &driver.screen());
    driver.keys("<enter> <backspace> <backspace> <enter>");
    let minimum = if language == Language::Zh { "低于起订量2件" } else { "below the minimum of 2" };
    assert!(driver.screen().contains(minimum), "{}", driver.screen());
}

#[rstest]
fn each_price_of_a_quantity_has_its_own_line(#[values("80x24", "120x36")] size: &str) {
    let mut driver = with_body(size, Language::Zh, "610000000001", 200, RICH.into());
    driver.keys("2 <enter> 1 0 0 <enter> f");
    let screen = driver.screen();
    for price in ["15.80元  合计 1580.00元", "18.00元  合计 1800.00元"] {
        let lines: Vec<_> = screen.lines().filter(|line| line.contains(price)).collect();
        assert!(lines.len() == 1 && !lines[0].contains("起订量") && lines[0].contains('/'), "{screen}");
    }
}

#[test]
fn below_the_first_tier_is_said_once_and_an_unknown_count_is_not_given() {
    let body = r#"{"error_code":"0000","item":{"num_iid":"610000000001","title":"a","price":"15.80","min_num":"2",
        "priceRange":[[2,"15.80"]],"sales":"-1","agent":{"price":"14.90","discount":"0.9","support_dropship":"true",
        "days":[1,2],"odd":"7"},"sales_data":{"sale_count_30d":4821,"repeat_rate":"41%"}}}"#;
    let mut driver = with_body("120x36", Language::Zh, "610000000001", 200, body.into());
    driver.keys("2 f <enter> 1 <enter>");
    let screen = driver.screen();
    assert!(screen.contains("低于起批量") && !screen.contains("低于起订量"), "{screen}");
    for text in ["未提供", "代发价 14.90元", "折扣 0.9", "支持代发", "odd 7", "成交件数 4821", "复购率 41%"]
    {
        assert!(screen.contains(text), "{text} is not on\n{screen}");
    }
    assert!(!screen.contains("discount") && !screen.contains("days"), "{screen}");
}

#[test]
fn amounts_have_units_where_the_api_means_one_and_counts_of_sales_their_own_names() {
    let mut driver = with_body("120x36", Language::Zh, "610000000001", 200, RICH.into());
    driver.keys("2 f");
    let words = driver.screen().split_whitespace().collect::<Vec<_>>().join(" ");
    let expected = [
        "15.80元 SKU 15.80 至 18.00元",
        "≥2 15.80 · ≥50 14.50 · ≥200 13.90 · ≥1000 13.20 · ≥5000 12.80元",
        "支持 金额 60元 数量 5件",
        "销量 sales 1204",
        "累计销量 total_sold 58211",
        "运费 post_fee 6.00元",
        "重量 item_weight 220",
        "划线价 orginal_price 29.90元",
        "建议价 suggestive_price 39.90元",
    ];
    for text in expected {
        assert!(words.contains(text), "{text} is not on\n{}", driver.screen());
    }
    let worded = RICH.replace("\"15.80\",\"orginal", "\"面议\",\"orginal").replace("\"6.00\"", "\"￥6.00\"");
    let mut driver = with_body("120x36", Language::Zh, "610000000001", 200, worded.into());
    driver.keys("2 f");
    let screen = driver.screen();
    assert!(screen.contains("面议") && screen.contains("￥6.00"), "{screen}");
    assert!(!screen.contains("面议元") && !screen.contains("￥6.00元"), "{screen}");
}

#[test]
fn a_long_title_takes_one_row_until_the_rest_is_wanted() {
    let mut driver = with_body("80x24", Language::En, "610000000001", 200, RICH.into());
    driver.keys("2");
    assert!(!driver.screen().contains("一件代发"), "{}", driver.screen());
    assert!(driver.screen().contains("w whole title"), "{}", driver.screen());
    driver.keys("w");
    assert!(driver.screen().contains("一件代发"), "{}", driver.screen());
}

/// One SKU with a price says nothing about the two without one.
const HARDLY_PRICED: &str = r#"{"error_code":"0000","item":{"num_iid":"610000000002","title":"部分报价","price":"15.80",
    "min_num":"1","skus":{"sku":[{"price":"15.80","sku_id":"1"},{"price":"面议","sku_id":"2"},{"price":null,"sku_id":"3"}]}}}"#;

#[test]
fn a_price_of_some_skus_is_not_said_to_be_that_of_all() {
    let mut driver = with_body("120x36", Language::En, "610000000002", 200, HARDLY_PRICED.into());
    driver.keys("2 <enter> 5 <enter>");
    assert!(driver.screen().contains("no numeric price: 2 of 3 SKUs"), "{}", driver.screen());
    let call = Call::item_get(item_id("610000000002"));
    let at = Timestamp::from_second(START).unwrap();
    let exchange = exchange(call, 200, HARDLY_PRICED.into(), at);
    let input = PriceSettings::input(exchange.item().unwrap());
    assert_eq!(input.matches(r#""price":15.80,"quantity""#).count(), 1, "{input}");
    assert_eq!(input.matches(r#""price":null,"quantity""#).count(), 2, "{input}");
}

#[test]
fn behind_a_column_a_filter_is_completed_to_the_values_that_occur() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("3 /");
    driver.type_text("颜");
    assert!(driver.screen().contains("颜色"), "{}", driver.screen());
    driver.type_text("色:");
    assert!(driver.screen().contains("瓷白色  铁灰色"), "{}", driver.screen());
    driver.type_text("灰");
    driver.keys("<tab>");
    assert!(
        driver.screen().contains("颜色:铁灰色") && !driver.focused().contains("瓷白色"),
        "{}",
        driver.screen()
    );
    driver.keys("<esc> 5 /");
    driver.type_text("cost:");
    assert!(driver.screen().contains("billed  "), "{}", driver.screen());
}
