//! One field, many types: each shape in which a field was seen, or is to be expected.

use onebound::{Exchange, Field, Item, Outcome, Price, QuantityPrice};
use rstest::rstest;

use super::support::{ITEM, receive};

/// An answer whose item has these members beside its ID and its title.
async fn with(members: &str) -> Exchange {
    let head = format!(r#""num_iid":"{ITEM}","title":"手机""#);
    receive(format!(r#"{{"item":{{{head},{members}}},"error_code":"0000"}}"#)).await
}

#[rstest]
#[case(r#""skus":{"sku":[{"price":"1.00"},{"price":"2.00"}]}"#, 2, "")]
#[case(r#""skus":[{"price":"1.00"}]"#, 1, "item.skus array")]
#[case(r#""skus":{"sku":{"4309":{"price":"1.00"}}}"#, 1, "item.skus.sku object")]
#[case(r#""skus":{"4309":{"price":"1.00"},"4310":{"price":"1.00"}}"#, 2, "item.skus object")]
#[case(r#""skus":{"list":[{"price":"1.00"}]}"#, 1, "item.skus object")]
#[case(r#""price":1,"skus":{"sku":[]}"#, 0, "")]
#[case(r#""price":1,"skus":{"sku":""}"#, 0, "")]
#[case(r#""price":1,"skus":[]"#, 0, "")]
#[case(r#""price":1,"skus":{}"#, 0, "")]
#[case(r#""price":1,"skus":"""#, 0, "")]
#[case(r#""price":1,"skus":null"#, 0, "")]
#[case(r#""price":1"#, 0, "")]
#[tokio::test]
async fn skus_are_found_in_every_shape_and_one_never_seen_is_odd(
    #[case] members: &str,
    #[case] count: usize,
    #[case] odd: &str,
) {
    let exchange = with(members).await;
    let item = exchange.item().unwrap();
    assert_eq!((item.sku_count(), item.skus().count()), (count, count));
    assert_eq!(item.overview().sku_prices.span.is_some(), count > 0);
    assert_eq!(odd_ones(item), odd);
}

/// Each by its path and type.
fn odd_ones(item: Item<'_>) -> String {
    let message = item.overview().oddities.iter().map(|odd| format!("{} {}", odd.path, odd.found));
    message.collect::<Vec<_>>().join(", ")
}

#[rstest]
#[case(r#""props":[{"name":"品牌","value":"多亲"}]"#, "")]
#[case(r#""props":[{"label":"品牌","value":"多亲"}]"#, "")]
#[case(r#""props":{"prop":[{"name":"品牌","value":"多亲"}]}"#, "item.props object")]
#[case(r#""props":{"props":[{"name":"品牌","value":"多亲"}]}"#, "item.props object")]
#[case(r#""props":{"品牌":"多亲"}"#, "item.props object")]
#[case(r#""props":{"0":{"name":"品牌","value":"多亲"}}"#, "item.props object")]
#[case(r#""props":[{"name":"品牌","value":["多亲"]}]"#, "item.props[].value array")]
#[tokio::test]
async fn a_prop_is_read_in_every_shape_and_one_never_seen_is_odd(#[case] props: &str, #[case] odd: &str) {
    let exchange = with(&format!(r#""price":1,{props}"#)).await;
    let item = exchange.item().unwrap();
    let prop = item.prop(0).unwrap();
    assert_eq!((prop.name().text(), prop.value().text()), (Some("品牌"), Some("多亲")));
    assert_eq!((item.prop_count(), odd_ones(item).as_str()), (1, odd));
}

#[rstest]
#[case(r#""location":"浙江 金华""#, "浙江 金华", "")]
#[case(r#""location":{"state":"浙江","city":"金华"}"#, "浙江 金华", "item.location object")]
#[case(r#""location":{"province":{"name":"浙江"},"city":"","x":null}"#, "浙江", "item.location object")]
#[case(r#""location":["浙江","金华"]"#, "浙江, 金华", "item.location array")]
#[case(r#""location":{}"#, "", "item.location object")]
#[tokio::test]
async fn a_place_in_a_container_is_read_as_its_words(
    #[case] member: &str,
    #[case] read: &str,
    #[case] odd: &str,
) {
    let exchange = with(&format!(r#""price":1,{member}"#)).await;
    let item = exchange.item().unwrap();
    assert_eq!((item.field("location").to_text().as_str(), odd_ones(item).as_str()), (read, odd));
}

#[rstest]
#[case(r#"[[2,"75.00"],[10,70]]"#, "")]
#[case(r#"[{"start":2,"price":"75.00"},{"start":10,"price":70}]"#, "item.priceRange[] object")]
#[case(r#"[{"beginAmount":2,"price":"75.00"},{"minNum":10,"price":70}]"#, "item.priceRange[] object")]
#[case(r#"{"2":"75.00","10":70}"#, "item.priceRange object")]
#[tokio::test]
async fn tiers_are_read_in_every_shape_and_one_never_seen_is_odd(#[case] tiers: &str, #[case] odd: &str) {
    let exchange = with(&format!(r#""price":1,"priceRange":{tiers}"#)).await;
    let item = exchange.item().unwrap();
    let read: Vec<_> = item.price_tiers().into_iter().map(|tier| (tier.quantity, tier.price)).collect();
    assert_eq!(read, [("2", "75.00"), ("10", "70")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    assert!(odd_ones(item).starts_with(odd), "{}", odd_ones(item));
}

#[tokio::test]
async fn what_a_quantity_costs_is_not_said_where_a_tier_could_not_be_read() {
    let price = |members: &'static str, quantity| async move {
        with(members).await.item().unwrap().quote(quantity).price
    };
    let tiers = r#""price":"9","priceRange":[[2,"1,075.00"],["10",70]]"#;
    let each = |text: &str| QuantityPrice::Each(text.to_owned(), Price::parse(text));
    assert_eq!(price(tiers, 1).await, QuantityPrice::BelowFirstTier);
    assert_eq!(price(tiers, 9).await, each("1,075.00"));
    assert_eq!(price(tiers, 10).await, each("70"));
    assert_eq!(price(r#""price":"9","priceRange":[["2起",75]]"#, 3).await, QuantityPrice::UnreadTiers);
    assert_eq!(price(r#""price":"9","priceRange":[75.0,70.0]"#, 3).await, QuantityPrice::UnreadTiers);
    assert_eq!(price(r#""price":"面议""#, 3).await, QuantityPrice::Each("面议".to_owned(), None));
}

#[tokio::test]
async fn a_quantity_of_skus_with_prices_of_their_own_costs_what_they_cost() {
    let exchange = with(
        r#""price":"15.80","min_num":"2","num":90,"priceRange":[[2,"15.80"],[50,"14.50"],[100,13.9]],"skus":{"sku":[
        {"price":"25.00","quantity":"40"},{"price":15.8,"quantity":"300"},{"price":"15.80","quantity":null},
        {"price":"面议"}]}"#,
    )
    .await;
    let quote = |quantity| exchange.item().unwrap().quote(quantity);
    let QuantityPrice::PerSku(groups) = quote(100).price else { panic!("the tiers are none of these SKUs'") };
    let seen: Vec<_> =
        groups.iter().map(|group| (group.price.to_string(), group.skus, group.first)).collect();
    assert_eq!(seen, [("15.8".to_owned(), 2, 1), ("25.00".to_owned(), 1, 0)]);
    let (large, small) = (quote(100), quote(1));
    assert!(large.ignores_tiers);
    assert_eq!((large.unpriced_skus, large.short_skus), (1, 1));
    assert_eq!((large.below_minimum, large.above_stock), (None, Some(90)));
    assert_eq!((small.below_minimum, small.above_stock, small.short_skus), (Some(2), None, 0));
}

#[rstest]
#[case("true", Some(true), "")]
#[case(r#""true""#, Some(true), "")]
#[case("1", Some(true), "")]
#[case(r#""0""#, Some(false), "")]
#[case("null", None, "")]
#[case(r#""""#, None, "")]
#[case(r#""perhaps""#, None, "")]
#[case(r#"{"mix":1}"#, None, "item.is_support_mix object")]
#[tokio::test]
async fn mixed_orders_are_read_in_every_shape(
    #[case] written: &str,
    #[case] read: Option<bool>,
    #[case] odd: &str,
) {
    let exchange = with(&format!(r#""price":1,"is_support_mix":{written}"#)).await;
    let item = exchange.item().unwrap();
    assert_eq!((item.mix_terms().supported.flag(), odd_ones(item).as_str()), (read, odd));
    assert_eq!(item.mix_terms().is_known(), !matches!(written, "null" | "\"\""));
}

#[tokio::test]
async fn what_was_asked_for_beside_the_item_is_read_by_the_names_that_it_has() {
    let exchange = with(
        r#""price":1,"sales_data":{"sale30":"12","none":null,"days":[1,2]},"agent_price":"66.0","post_fee":0,
        "express_fee":"","weight":"1000","m_weight":"0.12 kg","props_img":{"0:1":"//a/1.jpg"},
        "prop_imgs":{"prop_img":[{"properties":"0:2","url":"//a/2.jpg"}]},"skus":{"sku":[
        {"price":1,"onepiece_price":"0.9","properties":"0:1;1:0"},{"price":1,"agent_price":0.8,"properties":"1:0;0:2"},
        {"price":1,"sku_img":"//a/3.jpg"},{"price":1}]}"#,
    )
    .await;
    let item = exchange.item().unwrap();
    let names = |fields: Vec<onebound::NamedField<'_>>| {
        fields.into_iter().map(|(name, _)| name.into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(item.recent_sales()), ["sales_data.sale30", "sales_data.days"]);
    assert_eq!(names(item.agent_terms()), ["agent_price"]);
    assert_eq!(names(item.freight()), ["post_fee"]);
    assert_eq!(names(item.weight()), ["weight", "m_weight"]);
    let prices: Vec<String> = item.skus().map(|sku| sku.agent_price().to_text()).collect();
    assert_eq!(prices, ["0.9", "0.8", "", ""]);
    let pictures: Vec<_> = item.skus().map(|sku| item.sku_picture(sku).unwrap_or_default()).collect();
    assert_eq!(pictures, ["//a/1.jpg", "//a/2.jpg", "//a/3.jpg", ""]);
}

#[tokio::test]
async fn the_pictures_of_many_skus_are_found_in_one_pass() {
    let count = 8_000;
    let listed = |entry: &dyn Fn(usize) -> String| (0..count).map(entry).collect::<Vec<_>>().join(",");
    let images = listed(&|at| format!(r#"{{"properties":"0:{at}","url":"//a/{at}.jpg"}}"#));
    let skus = listed(&|at| format!(r#"{{"price":1,"properties":"0:{at}"}}"#));
    let fields = format!(r#""price":1,"prop_imgs":{{"prop_img":[{images}]}},"skus":{{"sku":[{skus}]}}"#);
    let exchange = with(Box::leak(fields.into_boxed_str())).await;
    let item = exchange.item().unwrap();
    let start = std::time::Instant::now();
    assert_eq!(item.skus().filter_map(|sku| item.sku_picture(sku)).count(), count);
    assert_eq!(item.pictures().len(), count);
    // A search per SKU takes over 20 seconds here.
    assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_prop_without_a_name_or_with_a_value_of_its_own_type_keeps_what_it_has() {
    let exchange =
        with(r#""price":1,"props":["颜色:红色",{"name":"数量","value":12},{"name":null},{}]"#).await;
    let item = exchange.item().unwrap();
    let prop = |at: usize| item.prop(at).unwrap();
    assert_eq!((prop(0).name(), prop(0).value().text()), (Field::Absent, Some("颜色:红色")));
    assert_eq!(prop(1).value(), Field::Number("12"));
    assert_eq!((prop(2).name(), prop(2).value()), (Field::Null, Field::Absent));
    assert_eq!((prop(3).name(), prop(3).value()), (Field::Absent, Field::Absent));
}

#[rstest]
#[case(r#""price":"799.00""#, Some("799.00"), Some("799.00"))]
#[case(r#""price":799"#, Some("799"), Some("799"))]
#[case(r#""price":799.00"#, Some("799.00"), Some("799.00"))]
#[case(r#""price":"15.00-18.00""#, Some("15.00-18.00"), Some("15.00–18.00"))]
#[case(r#""price":"￥1,299.00""#, Some("￥1,299.00"), Some("1299.00"))]
#[case(r#""price":"面议""#, Some("面议"), None)]
#[tokio::test]
async fn a_price_is_a_string_or_a_number_and_keeps_its_digits(
    #[case] members: &str,
    #[case] written: Option<&str>,
    #[case] read: Option<&str>,
) {
    let exchange = with(members).await;
    let price = exchange.item().unwrap().field("price");
    assert_eq!(price.text(), written);
    assert_eq!(price.price().map(|price| price.to_string()).as_deref(), read);
}

#[tokio::test]
async fn price_tiers_are_read_and_what_is_none_is_left_out() {
    let exchange = with(r#""price":1,"priceRange":[[2,"75.00"],["10",70],[null],"50:66.00",[]]"#).await;
    let tiers = exchange.item().unwrap().price_tiers();
    let tiers: Vec<_> = tiers.iter().map(|tier| (tier.quantity.as_str(), tier.price.as_str())).collect();
    assert_eq!(tiers, [("2", "75.00"), ("10", "70")]);
    for none in [r#""priceRange":"""#, r#""priceRange":null"#, r#""priceRange":[]"#, r#""x":0"#] {
        let exchange = with(&format!(r#""price":1,{none}"#)).await;
        assert_eq!(exchange.item().unwrap().price_tiers(), []);
    }
}

#[rstest]
#[case(r#""sku_id":"4309097072612""#, Field::Text("4309097072612".into()))]
#[case(r#""sku_id":4309097072612"#, Field::Number("4309097072612"))]
#[case(r#""sku_id":null"#, Field::Null)]
#[case(r#""x":0"#, Field::Absent)]
#[tokio::test]
async fn a_sku_id_is_kept_as_it_came(#[case] member: &str, #[case] expected: Field<'_>) {
    let exchange = with(&format!(r#""skus":{{"sku":[{{"price":"1.00",{member}}}]}}"#)).await;
    let item = exchange.item().unwrap();
    assert_eq!(item.sku(0).unwrap().sku_id(), expected);
    assert_eq!(item.overview().oddities, []);
}

#[rstest]
#[case("video", r#"[[], "", null, {"url":"https://x"}]"#)]
#[case("num_iid", r#"["1", 1]"#)]
#[case("cid", r#"["1", 1, null]"#)]
#[case("seller_id", r#"["1", 1]"#)]
#[case("min_num", r#"["2", 2]"#)]
#[case("num", r#"["2", 2, null]"#)]
#[case("orginal_price", r#"["2.00", 2.5]"#)]
#[case("sales", r#"[3, "3", null, "-1"]"#)]
#[case("total_sold", r#"[3, "3", null, "-1"]"#)]
#[case("props_list", r#"[{"0:0":"a:b"}, [], ""]"#)]
#[case("props_img", r#"[{"0:0":"//x"}, [], ""]"#)]
#[case("prop_imgs", r#"[{"prop_img":[]}, ""]"#)]
#[case("tmall", r#"["", false, "false"]"#)]
#[case("is_promotion", r#"["", false, "false"]"#)]
#[case("nick", r#"["name", "_sopid@BBB"]"#)]
#[case("pic_url", r#"["https://x", "http://x", "//x", ""]"#)]
#[case("priceRange", r#"[[[2,"75.00"]], "", null]"#)]
#[case("item_imgs", r#"[[{"url":"//x"}], "", null]"#)]
#[case("location", r#"["浙江", "", null]"#)]
#[tokio::test]
async fn a_type_that_was_seen_is_never_odd(#[case] name: &str, #[case] values: &str) {
    for value in serde_json::from_str::<Vec<serde_json::Value>>(values).unwrap() {
        let exchange =
            with(&format!(r#""price":1,"skus":{{"sku":[{{"quantity":"1"}}]}},"{name}":{value}"#)).await;
        let item = exchange.reply.as_ref().unwrap().item().unwrap();
        assert_eq!(item.overview().oddities, [], "{name}: {value}");
    }
}

#[rstest]
#[case("title", r#"{"zh":"手机"}"#, "object")]
#[case("nick", "[]", "array")]
#[case("num", "true", "boolean")]
#[case("skus", "7", "number")]
#[case("item_imgs", "{}", "object")]
#[tokio::test]
async fn a_type_never_seen_in_a_field_is_reported_and_leaves_the_rest_readable(
    #[case] name: &str,
    #[case] value: &str,
    #[case] found: &str,
) {
    let exchange = with(&format!(r#""price":"5.00","{name}":{value}"#)).await;
    let item = exchange.reply.as_ref().unwrap().item().unwrap();
    let odd: Vec<_> =
        item.overview().oddities.iter().map(|odd| (odd.path.as_str(), odd.found, odd.places)).collect();
    assert_eq!(odd, [(format!("item.{name}").as_str(), found, 1)]);
    assert_eq!(item.field("price").text(), Some("5.00"));
}

#[tokio::test]
async fn an_oddity_of_many_skus_is_counted_and_reported_once() {
    let skus = r#"{"price":"1.00","quantity":{}},{"price":[],"quantity":{}},{"quantity":[]}"#;
    let exchange = with(&format!(r#""skus":{{"sku":[{skus}]}}"#)).await;
    let item = exchange.item().unwrap();
    let odd: Vec<_> =
        item.overview().oddities.iter().map(|odd| (odd.path.as_str(), odd.found, odd.places)).collect();
    let expected = [
        ("item.skus.sku[].price", "array", 1),
        ("item.skus.sku[].quantity", "array", 1),
        ("item.skus.sku[].quantity", "object", 2),
    ];
    assert_eq!(odd, expected);
}

#[rstest]
#[case(r#""title":null,"price":"1""#)]
#[case(r#""price":1"#)]
#[case(r#""title":"","skus":{"sku":[{"price":1}]}"#)]
#[case(r#""title":"手机","price":0"#)]
#[tokio::test]
async fn an_item_that_lacks_some_of_itself_is_one(#[case] fields: &str) {
    let body = format!(r#"{{"error_code":"0000","item":{{"num_iid":"610947572360",{fields}}}}}"#);
    assert_eq!(receive(&body).await.outcome, Outcome::Item);
}

#[rstest]
#[case(r#"{"item":{},"error_code":"0000"}"#)]
#[case(r#"{"item":[],"error_code":"0000"}"#)]
#[case(r#"{"item":"","error_code":"0000"}"#)]
#[case(r#"{"item":null,"error_code":"0000"}"#)]
#[case(r#"{"error_code":"0000"}"#)]
#[case(r#"{"error_code":"0000","reason":"ok"}"#)]
#[case(r#"{"item":{"num_iid":"610947572360"},"error_code":"0000"}"#)]
#[case(r#"{"item":{"num_iid":"610947572360","title":"手机","price":"","skus":[]},"error_code":"0000"}"#)]
#[case(r#"{"item":{"num_iid":"610947572360","title":"","price":"0"},"error_code":"0000"}"#)]
#[case(r#"{"item":{"title":"手机","price":"1"},"error_code":"0000"}"#)]
#[case(r#"{"item":{"num_iid":"610947572360"},"error_code":"2000"}"#)]
#[tokio::test]
async fn what_holds_no_item_is_no_result(#[case] body: &str) {
    let exchange = receive(body).await;
    assert_eq!(exchange.outcome, Outcome::NoResult);
    assert!(exchange.item().is_none());
}

#[tokio::test]
async fn an_item_of_another_id_is_shown_as_such_and_a_number_is_the_same_id() {
    let answer =
        |id: &str| format!(r#"{{"item":{{"num_iid":{id},"title":"手机","price":1}},"error_code":"0000"}}"#);
    assert_eq!(receive(answer(ITEM)).await.outcome, Outcome::Item);
    let wrong = receive(answer("\"610947572361\"")).await;
    assert_eq!(wrong.outcome, Outcome::WrongItem { got: "610947572361".to_owned() });
    assert_eq!(wrong.item().unwrap().field("title").text(), Some("手机"));
}
