//! A batch in the explorer's own loop, with calls over HTTP and a store: each item is bought once.

use super::*;

/// Six items that the emulator has.
fn list() -> String {
    let ids: Vec<String> = (610_947_572_361_u64..610_947_572_367).map(|id| id.to_string()).collect();
    ids.join("\n")
}

/// Pastes the list into the input of the ID, and opens the batch that is offered.
async fn plan(user: &mut User) {
    user.wait_for(texts().id_placeholder()).await;
    user.paste(&list()).await;
    user.wait_for(&start_of(&texts().batch_offered("6", "Esc", "b"))).await;
    user.press_all("<esc> b").await;
}

fn price() -> String {
    format!("B {} ¥", texts().hint_buy_batch())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pasted_list_is_bought_once_and_its_rows_are_in_the_log() {
    let setup = Setup::new().await;
    let ending = setup
        .run("120x36", async |user| {
            plan(user).await;
            user.wait_for(&texts().batch_plan(6, 0, 6)).await;
            user.wait_for(&price()).await;
            assert_eq!(setup.gateway.calls(), 0);
            user.press("B").await;
            user.wait_for(texts().batch_ended()).await;
            assert_eq!(setup.gateway.calls(), 6);
            // Enter shows the answer from the store.
            user.press("<enter>").await;
            user.wait_for(texts().mark_store()).await;
            user.wait_for("6/10000").await;
            user.press_all("5 G").await;
            user.wait_for(&texts().position(6, 6)).await;
            user.assert_frame_is_whole().await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 6));
    // Another explorer has nothing to buy.
    setup
        .run("80x24", async |user| {
            plan(user).await;
            user.wait_for(&texts().batch_plan(6, 6, 0)).await;
            user.wait_for(texts().batch_nothing_to_buy()).await;
            user.press("B").await;
            user.wait_for(texts().batch_ended()).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!(setup.gateway.calls(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paused_batch_sends_nothing_more_until_it_is_resumed_at_its_price() {
    let setup = Setup::new().await;
    setup.gateway.hold_answers();
    let ending = setup
        .run("120x36", async |user| {
            plan(user).await;
            user.wait_for(&price()).await;
            user.press("B").await;
            // A batch begins with two calls at once.
            setup.gateway.wait_for_calls(2).await;
            user.press("<space>").await;
            user.wait_for(texts().batch_paused()).await;
            setup.gateway.let_answers_through();
            user.wait_for(&format!("{} · {}", texts().batch_progress(2, 6), texts().batch_paused())).await;
            user.press("q").await;
            user.wait_for(&texts().batch_mark_paused(2, 6)).await;
            assert_eq!(setup.gateway.calls(), 2);
            user.press("b").await;
            user.wait_for(&format!("{} ¥", texts().hint_resume_batch())).await;
            user.press("<space>").await;
            user.wait_for(texts().batch_ended()).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!((ending, setup.gateway.calls()), (Ending::Quit, 6));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_was_quit_goes_on_and_pays_nothing_twice() {
    let setup = Setup::new().await;
    setup.gateway.hold_answers();
    let ending = setup
        .run("120x36", async |user| {
            plan(user).await;
            user.wait_for(&price()).await;
            user.press("B").await;
            setup.gateway.wait_for_calls(2).await;
            user.press("^c").await;
            user.wait_for(&start_of(&texts().quit_with_batch("^C", "q"))).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!(ending, Ending::Quit);
    setup
        .run("120x36", async |user| {
            plan(user).await;
            user.wait_for(&texts().batch_plan(6, 0, 4)).await;
            user.wait_for(&start_of(&texts().batch_doubt_left(2, "U"))).await;
            user.wait_for(&price()).await;
            // Not before the plan: in this process the calls that were given up are still held.
            setup.gateway.let_answers_through();
            user.press("B").await;
            user.wait_for(texts().batch_ended()).await;
            user.press("^c").await;
        })
        .await;
    assert_eq!(setup.gateway.calls(), 6, "two calls of the first batch, four of the second");
}
