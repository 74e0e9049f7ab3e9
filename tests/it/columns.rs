//! Which columns the SKU table shows, and that the choice comes back.

use obx_core::fetch::Source;
use obx_core::i18n::Language;

use crate::screens::{PHONE, with_body, with_item};
use crate::support::{Driver, response};

/// A new session, prepared by `prepare`, that shows the phone.
fn phone_after(prepare: impl FnOnce(&mut Driver)) -> Driver {
    let mut driver = Driver::new("120x36", Language::En, false);
    prepare(&mut driver);
    driver.app.fill_id("610947572360");
    driver.keys("<enter>");
    driver.answer(200, response(PHONE), Source::Live);
    driver
}

fn shows(driver: &Driver, header: &str) {
    let screen = driver.screen();
    assert!(screen.contains(header), "{header} is not on the screen\n{screen}");
}

#[test]
fn codes_beside_names_are_hidden_until_they_are_chosen() {
    let mut driver = with_item("120x36", Language::En, PHONE);
    driver.keys("f");
    shows(&driver, "机身内存  颜色     Price  Stock  Sales  SKU ID");
    assert!(
        !driver.screen().contains("spec_id") && !driver.screen().contains("hidden"),
        "{}",
        driver.screen()
    );
    driver.keys("C G");
    shows(&driver, "[ ] properties");
    shows(&driver, "[ ] spec_id");
    driver.keys("k <space> <esc>");
    shows(&driver, "spec_id");
    assert!(!driver.screen().contains("properties"), "{}", driver.screen());
}

#[test]
fn without_names_the_codes_of_a_sku_are_shown() {
    let body = r#"{"error_code":"0000","item":{"num_iid":"9","title":"a","price":"1","skus":{"sku":[
        {"price":"1.00","sku_id":null,"spec_id":"abc1","properties":"0:1"}]}}}"#;
    let mut driver = with_body("120x36", Language::En, "9", 200, body.into());
    driver.keys("3 f");
    shows(&driver, "spec_id");
    shows(&driver, "properties");
}

#[test]
fn chosen_columns_come_back_in_the_next_session_until_the_configuration_changes() {
    let mut first = with_item("120x36", Language::En, PHONE);
    assert_eq!(first.app.view_state().sku_columns, None);
    first.keys("L z c C J <esc>");
    shows(&first, "颜色    机身内存   Price  Sales  SKU ID");
    let view = first.app.view_state();
    let next = phone_after(|driver| driver.app.restore_columns(&view));
    shows(&next, "颜色    机身内存   Price  Sales  SKU ID");
    let configured = || ["price", "axes", "quantity"].map(str::to_owned).to_vec();
    let next = phone_after(|driver| {
        driver.app.configure_columns(configured());
        driver.app.restore_columns(&view);
    });
    shows(&next, " Price  机身内存  颜色    Stock    ");
}
