//! The store as a file: after a clean end it is one file, and losses of its log are reported.

use std::fs;
use std::path::{Path, PathBuf};

use obx_core::config::Place;
use obx_core::store::{LocalStore, Store};

use super::support::{Home, ago, item, keep};

fn log_of(path: &Path) -> PathBuf {
    path.with_file_name("store.sqlite-wal")
}

async fn fill(store: &LocalStore, count: u32) {
    for at in 0..count {
        keep(store, item(&format!("61094757{at:04}"), "存着的", "1.00", ago(50))).await;
    }
}

async fn rows(path: &Path) -> usize {
    LocalStore::new(Place::file(path)).opened(99, ago(0)).await.unwrap().lines.len()
}

/// What a killed session leaves: the file and its log, in a folder of their own.
async fn left_behind(count: u32) -> Home {
    let (live, left) = (Home::new(), Home::new());
    let store = live.store();
    fill(&store, count).await;
    for suffix in ["", "-wal"] {
        let name = format!("store.sqlite{suffix}");
        fs::copy(live.folder.path().join(&name), left.folder.path().join(&name)).unwrap();
    }
    left
}

#[tokio::test]
async fn after_a_clean_end_the_file_alone_has_all_rows() {
    let (home, copied) = (Home::new(), Home::new());
    let store = home.store();
    fill(&store, 9).await;
    store.flush().await.unwrap();
    store.close().await;
    assert!(!log_of(&home.path()).exists());
    fs::copy(home.path(), copied.path()).unwrap();
    assert_eq!(rows(&copied.path()).await, 9);
    // It can be asked again.
    assert_eq!(store.opened(99, ago(0)).await.unwrap().lines.len(), 9);
}

#[tokio::test]
async fn beside_another_session_the_file_has_all_rows_too() {
    let (home, copied) = (Home::new(), Home::new());
    let (one, other) = (home.store(), home.store());
    fill(&one, 9).await;
    assert_eq!(other.opened(99, ago(0)).await.unwrap().lines.len(), 9);
    one.close().await;
    fs::copy(home.path(), copied.path()).unwrap();
    assert_eq!(rows(&copied.path()).await, 9);
    fill(&other, 10).await;
    other.close().await;
    assert!(!log_of(&home.path()).exists());
    assert_eq!(rows(&home.path()).await, 19);
}

#[tokio::test]
async fn what_a_killed_session_left_is_whole_unless_it_is_damaged() {
    let left = left_behind(9).await;
    let log = fs::read(log_of(&left.path())).unwrap();
    let store = left.store();
    let opened = store.opened(99, ago(0)).await.unwrap();
    assert_eq!((opened.lines.len(), opened.lost), (9, None));
    store.close().await;
    // Cut anywhere, it is what a crash in the middle of a write leaves.
    for cut in [0, 1, 31, 32, 5_000, log.len() / 2, log.len() - 1] {
        let left = left_behind(1).await;
        fs::write(log_of(&left.path()), &log[..cut]).unwrap();
        assert_eq!(left.store().opened(99, ago(0)).await.unwrap().lost, None, "{cut}");
    }
}

#[tokio::test]
async fn a_damaged_log_is_reported_and_kept() {
    for at in [3, 20, 32 + 3 * 4_120 + 9, 32 + 3 * 4_120 + 700] {
        let left = left_behind(9).await;
        let mut log = fs::read(log_of(&left.path())).unwrap();
        log[at] ^= 0x20;
        fs::write(log_of(&left.path()), &log).unwrap();
        let store = left.store();
        let lost = store.opened(99, ago(0)).await.map(|opened| opened.lost);
        let lost = match lost {
            Ok(lost) => lost.unwrap_or_else(|| panic!("the damage at {at} is not reported")),
            // Without its log the file has no tables yet: the first write makes them.
            Err(error) => panic!("{at}: {error}"),
        };
        assert!(lost.count.is_none_or(|count| count > 1), "{at}: {lost:?}");
        fill(&store, 12).await;
        store.close().await;
        assert!(fs::read(&lost.copy).unwrap() == log, "{at}: the copy is another");
        let open = store.opened(99, ago(0)).await.unwrap();
        assert!(open.lines.len() >= 12);
    }
}

#[tokio::test]
async fn a_log_without_its_store_is_kept() {
    let left = left_behind(9).await;
    let log = fs::read(log_of(&left.path())).unwrap();
    fs::remove_file(left.path()).unwrap();
    let store = left.store();
    fill(&store, 1).await;
    let lost = store.opened(99, ago(0)).await.unwrap().lost.unwrap();
    assert!(fs::read(lost.copy).unwrap() == log);
}

#[tokio::test]
async fn where_a_damaged_log_can_not_be_copied_nothing_is_written_over_it() {
    let left = left_behind(9).await;
    let mut log = fs::read(log_of(&left.path())).unwrap();
    log[32 + 3 * 4_120 + 700] ^= 0x20;
    fs::write(log_of(&left.path()), &log).unwrap();
    // Something is in the way of the copy, whose name its content gives.
    let probe = Home::new();
    for suffix in ["", "-wal"] {
        let name = format!("store.sqlite{suffix}");
        fs::copy(left.folder.path().join(&name), probe.folder.path().join(&name)).unwrap();
    }
    let copy = probe.store().opened(99, ago(0)).await.unwrap().lost.unwrap().copy;
    fs::create_dir(left.folder.path().join(copy.file_name().unwrap())).unwrap();
    let error = left.store().opened(99, ago(0)).await.unwrap_err();
    assert!(error.detail.contains("can't be copied"), "{error}");
    assert!(fs::read(log_of(&left.path())).unwrap() == log);
}
