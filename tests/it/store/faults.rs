//! Files that can't be used, and the answer that was just paid for: it stays openable, nothing that was there is
//! harmed, and it is written as soon as that is possible.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use obx_core::store::{Begun, LocalStore, Store, StoreError, StoreErrorKind};
use onebound::Exchange;

use super::support::{Home, ITEM, ago, assert_same, call, intent, item, keep, key, vendor};

fn paid_for() -> Arc<Exchange> {
    Arc::new(item("610947572361", "刚买的", "1.00", ago(0)))
}

/// The ledger is refused, and so is the answer; it is found and opened all the same.
async fn assert_refuses_and_holds(store: &LocalStore, fault: StoreErrorKind) -> (StoreError, Arc<Exchange>) {
    let begun = store.begin(intent(call("610947572361"), ago(0))).await.unwrap_err();
    let live = paid_for();
    let completed = store.complete(None, key(), Arc::clone(&live)).await.unwrap_err();
    assert_eq!((begun.fault, completed.fault), (fault, fault), "{begun}");
    let path = store.place().path().unwrap().display().to_string();
    assert!(begun.to_string().contains(&path), "{begun}");
    assert!(store.flush().await.is_err());
    assert_holds(store, &live).await;
    (begun, live)
}

async fn assert_holds(store: &LocalStore, live: &Arc<Exchange>) {
    let answer = store.answer(&live.question()).await.unwrap().unwrap();
    assert!(Arc::ptr_eq(&answer.exchange, live));
}

/// Whatever was the matter has passed: what waited is written, and another session finds it.
async fn assert_writes_later(home: &Home, store: &LocalStore, live: &Exchange) {
    assert_eq!(store.flush().await, Ok(0));
    let found = home.store().answer(&live.question()).await.unwrap().unwrap();
    assert_same(&found.exchange, live);
    assert_eq!(home.count("SELECT count(*) FROM exchanges WHERE num_iid = '610947572361'"), 1);
}

/// A store with one answer in it, that nobody has open.
async fn filled() -> Home {
    let home = Home::new();
    keep(home.store().as_ref(), item(ITEM, "早就有的", "1.00", ago(50))).await;
    // The last one to leave puts all into the one file.
    let inside = home.inside();
    inside.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    home
}

async fn assert_is_left_alone(home: &Home, fault: StoreErrorKind, message: &str) {
    let before = fs::read(home.path()).unwrap();
    let store = home.store();
    let (error, live) = assert_refuses_and_holds(&store, fault).await;
    assert!(error.detail.contains(message), "{error}");
    assert_eq!(store.opened(9, ago(0)).await.unwrap_err().fault, fault);
    assert!(fs::read(home.path()).unwrap() == before, "the file was changed");
    // The user puts it away.
    fs::rename(home.path(), home.folder.path().join("put away")).unwrap();
    for suffix in ["-wal", "-shm"] {
        let _none = fs::remove_file(home.folder.path().join(format!("store.sqlite{suffix}")));
    }
    assert_writes_later(home, &store, &live).await;
    assert!(fs::read(home.folder.path().join("put away")).unwrap() == before);
}

#[tokio::test]
async fn a_file_that_was_replaced_or_deleted_meanwhile_gets_nothing_until_it_is_back() {
    for is_replaced in [true, false] {
        let home = filled().await;
        let store = home.store();
        keep(store.as_ref(), item("610947572362", "机", "1.00", ago(9))).await;
        let lines = store.opened(9, ago(50)).await.unwrap().lines;
        assert_eq!(lines.len(), 2);
        let away = home.folder.path().join("put away");
        fs::rename(home.path(), &away).unwrap();
        if is_replaced {
            fs::copy(&away, home.path()).unwrap();
        }
        let other = is_replaced.then(|| fs::read(home.path()).unwrap());
        let (_, live) = assert_refuses_and_holds(&store, StoreErrorKind::Replaced).await;
        assert_eq!(fs::read(home.path()).ok(), other, "nothing is written to the new file");
        if is_replaced {
            assert_eq!(store.opened(9, ago(50)).await.unwrap().lines, lines, "the old one is still read");
        }
        fs::rename(&away, home.path()).unwrap();
        assert_writes_later(&home, &store, &live).await;
    }
}

#[tokio::test]
async fn a_store_of_a_newer_obx_is_left_alone() {
    let home = filled().await;
    home.inside().pragma_update(None, "user_version", 99).unwrap();
    assert_is_left_alone(&home, StoreErrorKind::Newer, "version 99").await;
}

#[tokio::test]
async fn a_database_of_another_program_is_left_alone() {
    let home = Home::new();
    home.inside().execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)").unwrap();
    assert_is_left_alone(&home, StoreErrorKind::Corrupt, "no store of obx").await;
    let home = Home::new();
    home.inside().pragma_update(None, "application_id", 7).unwrap();
    assert_is_left_alone(&home, StoreErrorKind::Corrupt, "no store of obx").await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    for bytes in [b"#!/bin/sh\necho hello\n".to_vec(), vec![0xa5; 100_000]] {
        let home = Home::new();
        fs::write(home.path(), bytes).unwrap();
        assert_is_left_alone(&home, StoreErrorKind::Corrupt, "not a database").await;
    }
}

#[tokio::test]
async fn a_store_that_was_cut_is_left_alone() {
    let whole = fs::read(filled().await.path()).unwrap();
    for length in [100, 4_096, 10_000, whole.len() - 4_096] {
        let home = Home::new();
        fs::write(home.path(), &whole[..length]).unwrap();
        assert_is_left_alone(&home, StoreErrorKind::Corrupt, "").await;
    }
}

#[tokio::test]
async fn a_damaged_page_harms_nothing_else_and_is_reported() {
    let home = filled().await;
    let mut bytes = fs::read(home.path()).unwrap();
    let root = home.count("SELECT rootpage FROM sqlite_master WHERE name = 'bodies'");
    let start = (usize::try_from(root).unwrap() - 1) * 4_096;
    bytes[start..start + 4_096].fill(0xee);
    fs::write(home.path(), &bytes).unwrap();
    let store = home.store();
    assert_eq!(store.opened(9, ago(0)).await.unwrap().lines.len(), 1);
    assert_eq!(store.open(obx_core::store::ExchangeId(1)).await.unwrap_err().fault, StoreErrorKind::Corrupt);
    // The ledger still can be written, so a call still can be sent; its answer is held.
    let Begun::Go(id) = store.begin(intent(call("610947572361"), ago(0))).await.unwrap() else { panic!() };
    let live = paid_for();
    let error = store.complete(Some(id), key(), Arc::clone(&live)).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::Corrupt);
    assert!(Arc::ptr_eq(&store.open(id).await.unwrap(), &live));
    assert_eq!(home.count("SELECT count(*) FROM exchanges"), 2);
}

#[tokio::test]
async fn a_lock_held_for_short_is_waited_for() {
    let home = filled().await;
    let store = home.store();
    let lock = home.inside();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let release = std::thread::spawn(move || {
        // For how long it is held is what this is about: shorter than the store waits.
        std::thread::sleep(Duration::from_millis(300));
        lock.execute_batch("COMMIT").unwrap();
    });
    let begun = store.begin(intent(call("610947572361"), ago(0))).await;
    assert!(matches!(begun, Ok(Begun::Go(_))), "{begun:?}");
    release.join().unwrap();
}

#[tokio::test]
async fn a_lock_held_for_long_is_reported_and_written_past_when_it_is_gone() {
    let home = filled().await;
    let store = home.store();
    let lock = home.inside();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = store.begin(intent(call("610947572361"), ago(0))).await.unwrap_err();
    assert_eq!(error.fault, StoreErrorKind::Locked);
    let live = paid_for();
    assert_eq!(
        store.complete(None, key(), Arc::clone(&live)).await.unwrap_err().fault,
        StoreErrorKind::Locked
    );
    // Who only reads is not kept waiting.
    assert_eq!(store.opened(9, ago(0)).await.unwrap().lines.len(), 1);
    assert_holds(&store, &live).await;
    lock.execute_batch("COMMIT").unwrap();
    assert_writes_later(&home, &store, &live).await;
}

#[tokio::test]
async fn a_lock_that_another_program_took_for_itself_is_reported_while_opening_too() {
    let home = filled().await;
    let lock = home.inside();
    // Takes the whole file, readers and all.
    lock.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let store = home.store();
    let live = paid_for();
    assert_eq!(
        store.complete(None, key(), Arc::clone(&live)).await.unwrap_err().fault,
        StoreErrorKind::Locked
    );
    assert_holds(&store, &live).await;
    drop(lock);
    assert_writes_later(&home, &store, &live).await;
}

#[tokio::test]
async fn a_folder_that_can_not_be_made_is_reported() {
    let home = Home::new();
    let file = home.folder.path().join("file");
    fs::write(&file, "").unwrap();
    let store = LocalStore::new(obx_core::config::Place::file(file.join("store.sqlite")));
    assert_refuses_and_holds(&store, StoreErrorKind::Unreachable).await;
}

/// One that is waited for without end keeps the session from its end, too.
#[tokio::test]
async fn a_store_path_that_is_no_file_is_reported_at_once() {
    let home = Home::new();
    let made = std::process::Command::new("mkfifo").arg(home.path()).status().unwrap();
    assert!(made.success());
    for path in [home.path(), home.folder.path().to_owned(), "/dev/null".into()] {
        let store = LocalStore::new(obx_core::config::Place::file(path));
        let opened = tokio::time::timeout(Duration::from_secs(20), store.opened(9, ago(0))).await;
        assert_eq!(opened.unwrap().unwrap_err().fault, StoreErrorKind::Unreachable);
        assert_refuses_and_holds(&store, StoreErrorKind::Unreachable).await;
    }
}

/// A disk of one megabyte, in a namespace of its own: this test runs itself again there. Where the system allows
/// nobody a disk of his own there is none to fill, and nothing is held.
#[cfg(target_os = "linux")]
mod full {
    use std::io::Write;
    use std::process::Command;

    use super::*;

    const DISK: &str = "OBX_TEST_SMALL_DISK";
    const NO_DISK: i32 = 77;

    #[test]
    fn on_a_full_disk_the_answer_is_held_until_there_is_room() {
        if let Some(disk) = std::env::var_os(DISK) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            return runtime.block_on(fill_and_make_room(Path::new(&disk)));
        }
        let mount = format!("mount -t tmpfs -o size=1m none \"${DISK}\" || exit {NO_DISK}; exec \"$@\"");
        let folder = tempfile::tempdir().unwrap();
        let again = std::env::current_exe().unwrap();
        let name = "store::faults::full::on_a_full_disk_the_answer_is_held_until_there_is_room";
        let mut child = Command::new("unshare");
        child
            .args(["--map-root-user", "--mount", "sh", "-c", &mount, "sh"])
            .arg(again)
            .args(["--exact", name]);
        let Ok(output) = child.env(DISK, folder.path()).output() else { return };
        let message = String::from_utf8_lossy(&output.stdout);
        let has_none = output.status.code() == Some(NO_DISK) || message.is_empty();
        assert!(has_none || message.contains("1 passed"), "{message}");
    }

    async fn fill_and_make_room(disk: &Path) {
        let home = Home::at(disk);
        let store = home.store();
        keep(store.as_ref(), item(ITEM, "早就有的", "1.00", ago(50))).await;
        let Begun::Go(id) = store.begin(intent(call("610947572361"), ago(0))).await.unwrap() else {
            panic!()
        };
        let ballast = disk.join("ballast");
        let mut file = fs::File::create(&ballast).unwrap();
        while file.write_all(&[7; 512]).is_ok() {}
        drop(file);
        let live = paid_for();
        let error = store.complete(Some(id), key(), Arc::clone(&live)).await.unwrap_err();
        assert_eq!(error.fault, StoreErrorKind::Full, "{error}");
        let begun = store.begin(intent(call("610947572362"), ago(0))).await.unwrap_err();
        assert_eq!(begun.fault, StoreErrorKind::Full, "{begun}");
        assert_holds(&store, &live).await;
        assert!(Arc::ptr_eq(&store.open(id).await.unwrap(), &live));
        assert_eq!(store.opened(9, ago(0)).await.unwrap().lines.len(), 1);
        fs::remove_file(ballast).unwrap();
        assert_writes_later(&home, &store, &live).await;
        assert_same(&home.store().open(id).await.unwrap(), &live);
    }
}

/// Files whose mode forbids writing, on a thread that is nobody's: root may write whatever the mode says.
#[cfg(target_os = "linux")]
mod read_only {
    use rustix::process::geteuid;
    use rustix::thread::set_thread_res_uid;

    use super::*;

    const NOBODY: u32 = 65_534;

    /// Runs it as somebody who is not root, with threads that it starts.
    fn as_nobody<T: Send + 'static>(job: impl Future<Output = T> + Send + 'static) -> T {
        let thread = std::thread::spawn(move || {
            if geteuid().is_root() {
                let nobody = rustix::process::Uid::from_raw(NOBODY);
                set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(job)
        });
        thread.join().unwrap()
    }

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn what_can_not_be_written_is_left_alone_and_written_when_it_can() {
        for (file, folder, fault) in [
            (0o444, 0o777, StoreErrorKind::ReadOnly),
            (0o444, 0o555, StoreErrorKind::ReadOnly),
            (0o666, 0o555, StoreErrorKind::ReadOnly),
            (0o000, 0o777, StoreErrorKind::Unreachable),
        ] {
            let home = filled().await;
            for suffix in ["-wal", "-shm"] {
                let _none = fs::remove_file(home.folder.path().join(format!("store.sqlite{suffix}")));
            }
            let before = fs::read(home.path()).unwrap();
            let store = home.store();
            mode(&home.path(), file);
            mode(home.folder.path(), folder);
            let asked = Arc::clone(&store);
            let (error, live) = as_nobody(async move { assert_refuses_and_holds(&asked, fault).await });
            assert!(fs::read(home.path()).unwrap() == before, "{error}");
            mode(&home.path(), 0o666);
            mode(home.folder.path(), 0o777);
            assert_writes_later(&home, &store, &live).await;
            assert_eq!(home.count("SELECT count(*) FROM exchanges"), 2, "{error}");
        }
    }
}

#[tokio::test]
async fn an_answer_whose_row_is_in_a_file_that_is_gone_gets_a_row_of_its_own_and_overwrites_nobodys() {
    let (before, now) = (Home::new(), Home::new());
    let begun = before.store().begin(intent(call("610947572361"), ago(0))).await;
    let Ok(Begun::Go(id)) = begun else { panic!("{begun:?}") };
    for digits in [ITEM, "610947572362"] {
        keep(now.store().as_ref(), item(digits, "别人的", "1.00", ago(5))).await;
    }
    let (live, store) = (paid_for(), now.store());
    let written = store.complete(Some(id), key(), Arc::clone(&live)).await.unwrap();
    assert_ne!(written, id);
    assert_eq!(now.count("SELECT count(*) FROM exchanges"), 3);
    assert_same(&store.open(written).await.unwrap(), &live);
}

/// No body can be written until it is taken away.
const NO_BODY: &str = "CREATE TRIGGER no_body BEFORE INSERT ON bodies BEGIN SELECT raise(FAIL, 'no'); END";

#[tokio::test]
async fn of_a_stored_answer_and_one_that_is_not_written_yet_the_later_one_answers() {
    let home = filled().await;
    let digits = "610947572361";
    let [older, between, newer] = [30, 20, 10].map(|at| Arc::new(item(digits, "机", "1.00", ago(at))));
    let (store, another) = (home.store(), home.store());
    // One from before the clock was set back.
    let ahead = Arc::new(item(digits, "机", "1.00", ago(-3_600)));
    let cases = [(&older, &between, &between), (&newer, &between, &newer), (&newer, &ahead, &newer)];
    for (unwritten, stored, later) in cases {
        home.inside().execute_batch(NO_BODY).unwrap();
        assert!(store.complete(None, key(), Arc::clone(unwritten)).await.is_err());
        home.inside().execute_batch("DROP TRIGGER no_body").unwrap();
        another.complete(None, key(), Arc::clone(stored)).await.unwrap();
        let answer = store.answer(&stored.question()).await.unwrap().unwrap();
        assert_eq!(answer.exchange.started_at, later.started_at);
        assert_eq!(store.flush().await, Ok(0));
    }
}

#[tokio::test]
async fn an_answer_that_is_not_written_yet_is_found_by_what_is_in_it() {
    let home = filled().await;
    let store = home.store();
    let find = async |words: &str| {
        let piece = store.find_in_bodies(vendor(), words.to_owned(), None).await.unwrap();
        let message = |found: obx_core::store::Found| (found.line.id, found.title);
        piece.found.into_iter().map(message).collect::<Vec<_>>()
    };
    home.inside().execute_batch(NO_BODY).unwrap();
    let Begun::Go(id) = store.begin(intent(call("610947572361"), ago(0))).await.unwrap() else { panic!() };
    assert!(store.complete(Some(id), key(), paid_for()).await.is_err());
    let without_row = item("610947572362", "没有行", "7.77", ago(0));
    assert!(store.complete(None, key(), Arc::new(without_row)).await.is_err());
    assert_eq!(find("刚买 610947572361").await, [(Some(id), "刚买的".to_owned())]);
    assert_eq!(find("7.77").await, [(None, "没有行".to_owned())]);
    assert_eq!(find("没这词").await, []);
    let other_gateway = onebound::Scope::from_stored("http://127.0.0.1:1");
    assert_eq!(store.find_in_bodies(other_gateway, "7.77".to_owned(), None).await.unwrap().found, []);
    home.inside().execute_batch("DROP TRIGGER no_body").unwrap();
    assert_eq!(store.flush().await, Ok(0));
    // Each of them once.
    assert_eq!(find("刚买").await.len(), 1);
    assert_eq!(find("\"num\"").await.len(), 3);
}
