//! The search for items, by real calls to the emulator.

use std::time::Duration;

use obx::tui::Ending;

use super::{Setup, texts};

/// The title of a search is on the screen, whatever it has found.
fn page(number: u32) -> String {
    format!("page {number} of ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_is_one_call_and_what_it_found_is_opened_again_without_one() {
    let setup = Setup::new().await;
    let ending = setup
        .run("120x36", async |user| {
            user.wait_for(texts().id_placeholder()).await;
            user.press(":").await;
            user.wait_for(texts().palette_title()).await;
            user.type_text("search 手机壳").await;
            user.wait_for(&format!("{} ¥", texts().hint_run())).await;
            assert_eq!(setup.gateway.calls(), 0);
            user.press("<enter>").await;
            user.wait_for(&page(1)).await;
            assert_eq!(setup.gateway.calls(), 1);
            // Only the row under the cursor has its price in sight; nobody reads it at once.
            user.wait_for(&format!("{} ¥", texts().hint_open_item())).await;
            user.press("<enter>").await;
            user.wait_for(&super::start_of(&texts().press_again("Enter"))).await;
            assert_eq!(setup.gateway.calls(), 1);
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            user.press("<enter>").await;
            user.wait_without(texts().search_title()).await;
            user.wait_for("2/10000").await;
            user.press("W").await;
            user.wait_for(&page(1)).await;
            user.wait_for(texts().hint_open_stored()).await;
            user.press("<enter>").await;
            user.wait_without(texts().search_title()).await;
            user.press("W").await;
            user.wait_for(&page(1)).await;
            user.press("<esc>").await;
            user.wait_without(texts().search_title()).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 2));
    // The next explorer has the page in the store.
    let ending = setup
        .run("120x36", async |user| {
            user.wait_for(texts().id_placeholder()).await;
            user.press(":").await;
            user.wait_for(texts().palette_title()).await;
            user.type_text("search 手机壳").await;
            user.wait_for(texts().hint_run()).await;
            user.wait_without(&format!("{} ¥", texts().hint_run())).await;
            user.press("<enter>").await;
            user.wait_for(&page(1)).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn enter_on_a_row_whose_price_a_notice_hides_buys_nothing() {
    let setup = Setup::new().await;
    let ending = setup
        .run("80x24", async |user| {
            user.wait_for(texts().id_placeholder()).await;
            user.press(":").await;
            user.wait_for(texts().palette_title()).await;
            user.type_text("search 手机壳").await;
            user.wait_for(&format!("{} ¥", texts().hint_run())).await;
            user.press("<enter>").await;
            user.wait_for(&format!("{} ¥", texts().hint_open_item())).await;
            // It has no meaning here, which a notice says in the place of the prices.
            user.press("&").await;
            user.wait_without(&format!("{} ¥", texts().hint_open_item())).await;
            user.press("<enter>").await;
            user.wait_for(&super::start_of(&texts().press_again("Enter"))).await;
            assert!(user.shows(&page(1)));
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 1));
}
