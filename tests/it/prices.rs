//! `[price]`: columns that are calculated for each SKU, on the screen and in exports.

use std::sync::Arc;

use obx::message::{Content, Effect, Event, PriceJob, Priced, StoreEvent, Ticket};
use obx_core::export::{Extras, Form};
use obx_core::i18n::{Language, Texts};
use obx_core::jq::{Input, Program};
use obx_core::price::{PriceFormula, PriceSettings};
use obx_core::store::{StoreError, StoreErrorKind};
use onebound::Item;
use onebound_document::Document;
use rstest::rstest;

use crate::screens::{check, code};
use crate::support::Driver;

const BODY: &str = r#"{"error_code":"0000","item":{"num_iid":"9","title":"杯","price":"71.00","min_num":"2","weight":"0.4",
    "skus":{"sku":[
    {"sku_id":"501","price":"71.00","quantity":932,"sales":55,"properties_name":"0:0:颜色:红;1:0:尺码:S"},
    {"sku_id":"502","price":"78.10","quantity":0,"sales":3,"properties_name":"0:0:颜色:红;1:1:尺码:M"},
    {"sku_id":"503","price":"面议","quantity":12,"sales":1,"properties_name":"0:1:颜色:白;1:0:尺码:S","weight":null}]}}}"#;

fn settings(landed: &str) -> PriceSettings {
    let formula = |name: &str, title: &str, program: &str| PriceFormula {
        name: name.to_owned(),
        title: title.to_owned(),
        program: program.to_owned(),
    };
    let variables = [("rate", "7.1"), ("freight", "4.5"), ("sale", "19.99")];
    PriceSettings {
        variables: variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        formulas: vec![
            formula("landed", "Landed $", landed),
            formula("margin", "Margin %", "($sale - .price / $rate) / $sale * 100"),
        ],
    }
}

const LANDED: &str = r#"if .sku.price == "面议" then error("no price") else .price / $rate + (.item.weight | tonumber) * $freight end"#;

/// As the explorer does it, but for the process.
fn calculate(job: &PriceJob) -> Priced {
    let item = job.exchange.0.item().unwrap();
    let input = Input::from_document(&Document::parse(PriceSettings::input(item).into()).unwrap());
    let run = |formula: &PriceFormula| {
        let program = Program::compile(&job.settings.program(formula));
        let outcome = program.and_then(|program| program.run(&input, &|| true));
        job.settings.column(formula, outcome, Item::sku_count(item), job.texts)
    };
    Priced { generation: job.generation, columns: job.settings.formulas.iter().map(run).collect() }
}

/// An item on the screen, and the calculation that it needs.
fn shown(size: &str, language: Language, landed: &str) -> (Driver, PriceJob) {
    let mut driver = Driver::pricing(settings(landed), size, language);
    driver.app.fill_id("9");
    driver.keys("<enter>");
    let effects = driver.answer_from(200, BODY.into(), obx_core::fetch::Source::Live);
    let mut jobs = effects.into_iter().filter_map(|effect| match effect {
        Effect::CalculatePrices(job) => Some(job),
        _ => None,
    });
    let job = jobs.next().unwrap();
    assert_eq!(jobs.next(), None);
    (driver, job)
}

fn calculated(size: &str, language: Language) -> Driver {
    let (mut driver, job) = shown(size, language, LANDED);
    driver.update(Event::Priced(calculate(&job)));
    driver
}

#[rstest]
fn columns_by_formula_follow_the_price(#[values(Language::En, Language::Zh)] language: Language) {
    let mut driver = calculated("120x36", language);
    driver.keys("3 f");
    check(&format!("prices_120x36_{}", code(language)), &driver.focused());
}

#[test]
fn a_failure_is_marked_and_its_reason_is_said() {
    let driver = calculated("120x36", Language::En);
    let screen = driver.screen();
    assert!(screen.contains("Landed $: no price (1 of 3 SKUs)"), "{screen}");
    assert!(screen.contains("11.80") && screen.contains("49.97"), "{screen}");
}

#[test]
fn until_they_are_calculated_amounts_are_said_to_be_awaited() {
    let (mut driver, job) = shown("120x36", Language::En, LANDED);
    assert!(driver.screen().contains('…') && !driver.screen().contains("11.80"));
    assert!(driver.keys("3 j").is_empty(), "they are requested once");
    driver.update(Event::Priced(Priced { generation: job.generation + 1, ..calculate(&job) }));
    assert!(!driver.screen().contains("11.80"), "of another answer");
}

#[test]
fn a_mistake_in_a_formula_is_said_with_its_place() {
    let (mut driver, job) = shown("120x36", Language::Zh, ".price / $rat");
    driver.update(Event::Priced(calculate(&job)));
    assert!(driver.screen().contains("$rat 未定义（第10个字符）（3/3个SKU）"), "{}", driver.screen());
}

#[test]
fn a_mistake_in_a_formula_does_not_hide_that_a_paid_answer_is_not_stored() {
    let (mut driver, job) = shown("120x36", Language::En, ".price / $rat");
    let full = StoreError::new(StoreErrorKind::Full, "no space");
    let stored = StoreEvent::Stored { ticket: Ticket(1), written: Err(full), history: None };
    driver.update(Event::Store(stored));
    driver.update(Event::Priced(calculate(&job)));
    assert!(driver.screen().contains(driver.app.texts().store_full()), "{}", driver.screen());
}

#[test]
fn they_are_sorted_by_and_the_sorting_stays_when_they_arrive() {
    let (mut driver, job) = shown("120x36", Language::En, ".price * -1");
    driver.keys("3 L s");
    driver.update(Event::Priced(calculate(&job)));
    let screen = driver.focused();
    let place = |text: &str| screen.find(text).unwrap_or_else(|| panic!("{text} in {screen}"));
    assert!(place("-78.10") < place("-71.00"), "{screen}");
}

#[test]
fn the_matrix_has_them_between_price_and_stock() {
    let mut driver = calculated("80x24", Language::En);
    driver.keys("3 P t");
    let screen = driver.focused();
    assert!(
        screen.contains("SKU matrix  Landed $") && screen.contains("11.80▾") && screen.contains('!'),
        "{screen}"
    );
    driver.keys("t t");
    assert!(driver.focused().contains("SKU matrix  Stock"));
}

#[test]
fn exports_have_them_under_their_names() {
    let mut driver = calculated("120x36", Language::En);
    let (_, job) = shown("120x36", Language::En, LANDED);
    let columns: Vec<_> = calculate(&job).columns.into_iter().map(Arc::new).collect();
    let extras = Extras { calculated: columns.into(), ..Extras::default() };
    let write =
        |form: Form| form.write(&[Arc::clone(&job.exchange.0)], &extras, Texts::new(Language::En)).unwrap();
    let csv = write(Form::SkuCsv);
    assert!(
        csv.starts_with("颜色,尺码,price,quantity,sales,sku_id,") && csv.contains(",landed,margin\r\n"),
        "{csv}"
    );
    assert!(csv.contains(",11.80,49.97\r\n") && csv.contains(",!,!\r\n"), "{csv}");
    let lines = write(Form::Ndjson);
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["landed"]["error"], "no price");
    assert!(last["margin"]["error"].is_string(), "{last}");
    let markdown = write(Form::Markdown);
    assert!(
        markdown.contains("| Landed $ | Margin % |") && markdown.contains("| 11.80 | 49.97 |"),
        "{markdown}"
    );

    // What the explorer exports has those on its screen.
    let effects = driver.keys("x <enter> <enter>");
    let with_columns = effects.iter().any(|effect| match effect {
        Effect::Export(export) => match &export.content {
            Content::Exchanges { extras, .. } => extras.calculated.len() == 2,
            _ => false,
        },
        _ => false,
    });
    assert!(with_columns, "{effects:?}");
}

#[rstest]
#[case(Language::En, "still being calculated")]
#[case(Language::Zh, "尚在计算")]
fn an_export_waits_for_amounts_and_then_has_them(#[case] language: Language, #[case] refusal: &str) {
    let (mut driver, job) = shown("120x36", language, LANDED);
    let effects = driver.keys("x j j j <enter> <enter>");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Export(_))), "{effects:?}");
    assert!(driver.screen().contains(refusal), "{}", driver.screen());
    driver.update(Event::Priced(calculate(&job)));
    assert!(!driver.screen().contains(refusal), "{}", driver.screen());
    let effects = driver.keys("<enter>");
    let exported = effects.iter().find_map(|effect| match effect {
        Effect::Export(export) => match &export.content {
            Content::Exchanges { extras, .. } => Some(Arc::clone(&extras.calculated)),
            _ => None,
        },
        _ => None,
    });
    let landed = exported.map(|columns| columns[0].cell(0).text().to_owned());
    assert_eq!(landed.as_deref(), Some("11.80"));
}
