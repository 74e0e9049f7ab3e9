//! CSV, read back by a parser of RFC 4180 that knows nothing of the writer.

use obx::message::{Content, Effect, Target};
use obx_core::export::{Extras, Form, shown_skus};
use obx_core::fetch::Source;
use obx_core::i18n::{Language, Texts};
use proptest::prelude::*;
use serde_json::json;

use super::{answered, phone, written};
use crate::support::{Driver, item_with};

/// Rows of cells; fails on whatever RFC 4180 does not allow.
fn parse(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut chars = text.chars().peekable();
    let mut at_start = true;
    while let Some(c) = chars.next() {
        let cell = rows.last_mut().unwrap().last_mut().unwrap();
        match c {
            '"' if at_start => loop {
                match chars.next().expect("a closing quote") {
                    '"' if chars.next_if_eq(&'"').is_none() => break,
                    c => cell.push(c),
                }
            },
            ',' => rows.last_mut().unwrap().push(String::new()),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'), "CR is only before LF");
                rows.push(vec![String::new()]);
            }
            '"' | '\n' => panic!("{c:?} outside of quotes"),
            c => cell.push(c),
        }
        at_start = c == ',' || c == '\r';
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last row ends like all others");
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "rows of one length");
    rows
}

#[test]
fn skus_have_a_column_an_axis_and_then_the_apis_fields() {
    let rows = parse(&written(Form::SkuCsv, &phone()));
    assert_eq!(rows[0][2..6], ["price", "quantity", "sales", "sku_id"]);
    assert_eq!(rows.len(), 3);
    assert_eq!((rows[1][2].as_str(), rows[2][5].as_str()), ("799.00", "4302217872901"));
    assert_eq!(parse(&written(Form::SkuCsv, &answered("9", 200, item_with(300)))).len(), 301);
}

/// What the export is to write, of an item with 300 SKUs after these keys in their table.
fn chosen_after(keys: &str, shown: &str) -> (Content, String) {
    let mut driver = Driver::new("120x36", Language::En, false);
    driver.app.fill_id("9");
    driver.keys("<enter>");
    driver.answer(200, item_with(300), Source::Live);
    driver.keys("3");
    driver.keys(keys);
    driver.wait(1.0);
    driver.keys("x");
    let screen = driver.screen();
    assert!(screen.contains(shown) && screen.contains("SKUs as CSV: all 300"), "{screen}");
    let mut effects = driver.keys("<down> <down> <down> <enter>");
    let Some(Effect::Export(export)) = effects.pop() else { panic!("nothing is exported") };
    assert_eq!(
        export.to,
        Target::File { path: "obx-9-20261123-skus-shown.csv".to_owned(), overwrite: false }
    );
    (export.content, screen)
}

#[test]
fn a_filtered_or_sorted_table_is_offered_as_it_is_shown() {
    let Content::ShownSkus { of, places, bom: false, .. } =
        chosen_after("/ 3 7 码 <enter> s", "SKUs as CSV: the 75 shown, in this order").0
    else {
        panic!("not the SKUs that are shown")
    };
    let rows = parse(&shown_skus(&of.0, &places, &[], false).unwrap());
    assert_eq!(rows.len(), 76);
    assert!(rows[1..].iter().all(|row| row.iter().any(|cell| cell == "37码")), "{rows:?}");
    let all = parse(&written(Form::SkuCsv, &of.0));
    assert_eq!((all.len(), &all[0]), (301, &rows[0]));
    let (Content::ShownSkus { places, .. }, _) = chosen_after("S", "the 300 shown") else { panic!() };
    assert_eq!((places.len(), places[0]), (300, 6));
}

#[test]
fn fields_of_skus_that_are_not_known_have_a_column_each_behind_the_known_ones() {
    let skus = r#"{"price":"1","fresh":"=1","sku_id":"5"},{"price":{"a": 1},"total_price":2,"newly":[1, {"b":"c"}]}"#;
    let body = format!(
        r#"{{"error_code":"0000","item":{{"num_iid":"9","title":"t","price":"1","skus":{{"sku":[{skus}]}}}}}}"#
    );
    let rows = parse(&written(Form::SkuCsv, &answered("9", 200, body)));
    assert_eq!(rows[0][7..], ["fresh", "total_price", "newly"]);
    assert_eq!(rows[1][7..], ["'=1", "", ""]);
    assert_eq!(rows[2][7..], ["", "2", r#"[1,{"b":"c"}]"#]);
    assert_eq!(rows[2][0], r#"{"a":1}"#);
}

#[test]
fn a_byte_order_mark_comes_only_when_it_was_asked_for() {
    assert!(written(Form::PropsCsv, &phone()).starts_with("name,value\r\n"));
    let bom = Extras { bom: true, ..Extras::default() };
    let text = Form::PropsCsv.write(&[phone()], &bom, Texts::new(Language::En)).unwrap();
    assert!(text.starts_with("\u{feff}name,value\r\n"));
}

proptest! {
    #[test]
    fn props_of_any_text_come_back_and_no_cell_is_a_formula(
        props in proptest::collection::vec((any::<String>(), "[-+=@ \t]?[ -~]{0,12}"), 1..12),
    ) {
        let list: Vec<_> = props.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        let body = json!({"error_code": "0000", "item":
            {"num_iid": "9", "title": "t", "price": "1", "props": list}}).to_string();
        let rows = parse(&written(Form::PropsCsv, &answered("9", 200, body)));
        prop_assert_eq!(rows.len(), props.len() + 1);
        for (row, (name, value)) in rows[1..].iter().zip(&props) {
            for (cell, sent) in row.iter().zip([name, value]) {
                prop_assert_eq!(cell.strip_prefix('\'').filter(|rest| rest == sent).unwrap_or(cell), sent);
                let number = sent.parse::<f64>().is_ok_and(f64::is_finite);
                prop_assert!(number || !cell.trim_start().starts_with(['=', '+', '-', '@']), "{:?}", cell);
            }
        }
    }
}
