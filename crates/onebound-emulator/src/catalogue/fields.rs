//! Writes an item field by field, in the order of the vendor's example.
//!
//! Where captured bodies of other items have another type for a field, the ID decides which one it gets.

use serde_json::{Map, Value, json};

use super::field_types::yuan;
use super::plan::Plan;
use super::sku::PlannedSku;
use crate::seeded_rng::SeededRng;

/// The item as a JSON object.
pub(super) fn write(plan: &Plan) -> Value {
    let images = images(plan, "item images", 3, 5);
    let desc_images = images_of_text(plan);
    let parts = [
        what(plan, &images, &desc_images),
        sending(plan, &images),
        props(plan, &images),
        skus(plan),
        seller(plan),
        terms(plan),
        rest(plan, &images, &desc_images),
    ];
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(fields.flatten().collect())
}

fn what(plan: &Plan, images: &[String], desc_images: &[String]) -> Value {
    let types = &plan.types;
    json!({
        "num_iid": types.id(&plan.num_iid),
        "title": plan.title,
        "desc_short": "",
        "price": types.price(plan.fen),
        "total_price": 0,
        "suggestive_price": 0,
        "orginal_price": types.price(plan.fen),
        "nick": plan.seller.nick,
        "num": types.count(plan.stock()),
        "detail_url": format!("https://detail.1688.com/offer/{}.html", plan.num_iid),
        "pic_url": images.first(),
        "brand": brand(plan),
        "brandId": "",
        "rootCatId": "",
        "cid": types.id(plan.trade.word("cid", &mut plan.rng("cid"))),
        "desc": desc(plan, desc_images),
    })
}

/// What the props call it; captured bodies have an empty text where they name none.
fn brand(plan: &Plan) -> &str {
    let named = plan.props.iter().find(|(name, _)| *name == "品牌");
    named.map_or("", |(_, brand)| brand)
}

/// HTML, for every second ID with the vendor's tracking pixel at its end, which a client must never fetch.
fn desc(plan: &Plan, images: &[String]) -> String {
    let images: String =
        images.iter().flat_map(|url| ["<img alt=\"undefined\" src=\"", url, "\" /><br />"]).collect();
    let pixel = if plan.rng("has pixel").one_in(2) { tracking_pixel(plan) } else { String::new() };
    format!(
        "<div id=\"offer-template-0\"></div><p><span>{}&nbsp;</span></p><p>{images}</p>{pixel}",
        plan.title
    )
}

/// As in a captured body; `rid` and `t` differ from call to call there, and from turn to turn here.
fn tracking_pixel(plan: &Plan) -> String {
    let rid = plan.rng("pixel").mixed_with(plan.turn.number).hex(13);
    let seconds = plan.turn.number * plan.turn.seconds;
    format!(
        "<img src=\"https://www.o0b.cn/i.php?t.png&rid=gw-1.{rid}&p=237260441&k=25423&t={seconds}\" \
         style=\"display:none\" />"
    )
}

fn sending(plan: &Plan, images: &[String]) -> Value {
    let mut rng = plan.rng("video");
    let video = match rng.below(4) {
        0 => json!(""),
        1 => Value::Null,
        2 => {
            json!({"url": format!("https://cloud.video.taobao.com/play/u/{}.mp4", rng.below(1_000_000_000))})
        }
        _ => json!([]),
    };
    json!({
        "item_imgs": images.iter().map(|url| json!({"url": url})).collect::<Vec<_>>(),
        "item_weight": item_weight(plan),
        "post_fee": if rng.one_in(4) { json!(rng.below(12)) } else { json!("") },
        "express_fee": "",
        "ems_fee": "",
        "shipping_to": "",
        "video": video,
        "sample_id": "",
    })
}

/// Grams without a unit, for every second ID.
fn item_weight(plan: &Plan) -> String {
    let mut rng = plan.rng("weight");
    if rng.one_in(2) { (rng.between(1, 60) * 25).to_string() } else { String::new() }
}

fn props(plan: &Plan, images: &[String]) -> Value {
    let names: Vec<_> =
        axis_values(plan).map(|(code, name, value)| format!("{code}:{name}:{value}")).collect();
    let aliases: Vec<_> = axis_values(plan).map(|(code, _, value)| format!("{code}:{value}")).collect();
    let props: Vec<_> =
        plan.props.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let pictures: Vec<_> = prop_images(plan, images)
        .into_iter()
        .map(|(code, url)| json!({"properties": code, "url": url}))
        .collect();
    let pictures = json!({"prop_img": pictures});
    let mut fields = json!({
        "props_name": names.join(";"),
        "prop_imgs": pictures,
        "property_alias": aliases.join(";"),
        "props": props,
    });
    if plan.rng("twin").one_in(6) {
        fields["props_imgs"] = pictures;
    }
    fields
}

/// Code, axis and value of all that the SKUs can be: `("1:0", "颜色", "铁灰色")`.
fn axis_values(plan: &Plan) -> impl Iterator<Item = (String, &str, &str)> {
    plan.axes.iter().enumerate().flat_map(|(axis, offered)| {
        let values = offered.values.iter().enumerate();
        values.map(move |(value, word)| (format!("{axis}:{value}"), offered.name, word.as_str()))
    })
}

/// Pictures of the values of the first axis, for two IDs in three.
fn prop_images(plan: &Plan, images: &[String]) -> Vec<(String, String)> {
    let mut rng = plan.rng("prop images");
    if rng.one_in(3) {
        return Vec::new();
    }
    let values = plan.axes.first().map_or(0, |axis| axis.values.len());
    (0..values).map(|value| (format!("0:{value}"), rng.pick(images).clone())).collect()
}

fn skus(plan: &Plan) -> Value {
    let mut rng = plan.rng("sales");
    let skus: Vec<_> = plan.skus.iter().map(|sku| one_sku(plan, sku)).collect();
    // PHP writes an empty map as a list, and some bodies have an empty string.
    let skus = match (skus.is_empty(), rng.below(3)) {
        (true, 0) => json!([]),
        (true, 1) => json!(""),
        _ => json!({"sku": skus}),
    };
    json!({
        "total_sold": sold(plan, &mut rng),
        "scale": "",
        "sellUnit": "",
        "skus": skus,
        "seller_id": plan.types.id(&plan.seller.id),
        "sales": sold(plan, &mut rng),
        "shop_id": "",
        "props_list": props_list(plan),
    })
}

fn one_sku(plan: &Plan, sku: &PlannedSku) -> Value {
    let separator = plan.types.pair_separator;
    let codes: Vec<_> =
        sku.values.iter().enumerate().map(|(axis, value)| format!("{axis}:{value}")).collect();
    let names: Vec<_> = plan
        .axes
        .iter()
        .zip(&sku.values)
        .zip(&codes)
        .map(|((axis, value), code)| format!("{code}:{}:{}", axis.name, axis.values[*value]))
        .collect();
    json!({
        "price": plan.types.price(sku.fen),
        "total_price": 0,
        "sales": plan.types.count(sku.sales),
        "properties": codes.join(separator),
        "properties_name": names.join(separator),
        "quantity": plan.types.count(sku.quantity),
        "sku_id": plan.types.id(&sku.id),
        "spec_id": sku.spec,
    })
}

/// Sales of the item: captured as a number, a string, null and "-1", and never the sum of the SKUs' sales.
fn sold(plan: &Plan, rng: &mut SeededRng) -> Value {
    match rng.below(8) {
        0 => Value::Null,
        1 => json!("-1"),
        2 | 3 => json!(rng.below(100_000)),
        _ => plan.types.count(rng.below(5_000)),
    }
}

fn props_list(plan: &Plan) -> Value {
    let list: Map<_, _> =
        axis_values(plan).map(|(code, name, value)| (code, format!("{name}:{value}").into())).collect();
    empty_as_list(list)
}

fn empty_as_list(map: Map<String, Value>) -> Value {
    if map.is_empty() { json!([]) } else { Value::Object(map) }
}

fn seller(plan: &Plan) -> Value {
    let seller = &plan.seller;
    let of_one_item = || format!("b2b-{}{}", seller.id, plan.rng("sid").hex(5));
    let sid = seller.sid.clone().unwrap_or_else(of_one_item);
    json!({
        "seller_info": {
            "nick": seller.nick,
            "user_num_id": plan.types.id(&seller.id),
            "sid": sid,
            "title": seller.company,
            "zhuy": format!("https://winport.m.1688.com/page/index.html?memberId={sid}"),
            "shop_name": seller.company,
        },
    })
}

fn terms(plan: &Plan) -> Value {
    let mut rng = plan.rng("terms");
    let min_num = *rng.pick(&[1_u64, 1, 2, 2, 3, 5, 10, 50, 100, 500]);
    let mut fields = json!({
        "tmall": rng.pick(&[json!(""), json!(false), json!("false")]),
        "data_from": "1688app",
        "error": "",
        "unit": plan.trade.word("unit", &mut rng),
        "is_support_mix": null,
        "mix_amount": null,
        "mix_begin": null,
        "mix_number": null,
        "min_num": plan.types.count(min_num),
    });
    add_mix_terms(&mut fields, plan);
    if rng.one_in(3) {
        fields["priceRange"] = price_range(min_num, plan.fen);
    }
    fields
}

/// Mixed orders, as in a body that a user of the API published; null in all others.
fn add_mix_terms(fields: &mut Value, plan: &Plan) {
    let mut rng = plan.rng("mix");
    if rng.one_in(2) {
        fields["is_support_mix"] = "true".into();
        fields["mix_amount"] = (rng.between(1, 20) * 10).to_string().into();
        fields["mix_begin"] = "".into();
        fields["mix_number"] = rng.pick(&[2, 3, 5, 10]).to_string().into();
    }
}

/// `[[2,"75.00"],[20,"71.25"],[200,"67.50"]]`: from so many pieces on, so many yuan.
fn price_range(min_num: u64, fen: u64) -> Value {
    let rungs = [(1, 100), (10, 95), (100, 90)];
    rungs
        .iter()
        .map(|(times, percent)| json!([min_num * times, yuan((fen * percent / 100).max(1))]))
        .collect()
}

fn rest(plan: &Plan, images: &[String], desc_images: &[String]) -> Value {
    let pictures: Map<_, _> =
        prop_images(plan, images).into_iter().map(|(code, url)| (code, url.into())).collect();
    json!({
        "sales_data": "",
        "location": plan.seller.place,
        "props_img": empty_as_list(pictures),
        "sales_info": sales_info(plan),
        "desc_img": desc_images,
        "shop_item": [],
        "relate_items": [],
    })
}

/// Captured bodies have only empty texts here; the emulator fills them for every second ID.
fn sales_info(plan: &Plan) -> Value {
    let mut rng = plan.rng("sales info");
    let is_known = rng.one_in(2);
    let known = |text: String| if is_known { text } else { String::new() };
    let (buyers, rate, pieces, comments) =
        (rng.between(3, 900), rng.between(2, 68), rng.between(10, 90), rng.below(400));
    json!({
        "seller_num": known(buyers.to_string()),
        "repeat_rate_purchase": known(format!("{rate}%")),
        "per_capita_purchases": known(format!("{}.{}", pieces / 10, pieces % 10)),
        "comment_num": known(comments.to_string()),
        "comment_url": "",
    })
}

fn images(plan: &Plan, aspect: &str, least: u64, most: u64) -> Vec<String> {
    let mut rng = plan.rng(aspect);
    let count = rng.between(least, most);
    (0..count).map(|_| plan.types.image(&mut rng)).collect()
}

fn images_of_text(plan: &Plan) -> Vec<String> {
    images(plan, "images of the text", 0, 40)
}
