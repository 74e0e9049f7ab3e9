use std::fs::Permissions;
use std::io::Read;
use std::os::unix::fs::{PermissionsExt, chown, symlink};

use tempfile::TempDir;

use super::*;

const NOBODY: u32 = 65_534;

fn folder_with(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, text).unwrap();
    (folder, path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn an_overwritten_file_is_another_one_with_the_mode_of_the_old() {
    let (folder, path) = folder_with("old, and longer");
    fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let mut old = File::open(&path).unwrap();
    overwrite(&path, "new").unwrap();
    assert_eq!((read(&path).as_str(), mode(&path)), ("new", 0o640));
    assert_eq!(names(folder.path()), ["a.json"]);
    let mut still = String::new();
    old.read_to_string(&mut still).unwrap();
    assert_eq!(still, "old, and longer");
}

#[test]
fn the_end_of_a_link_is_written_and_the_link_stays() {
    let (folder, path) = folder_with("old");
    let (link, nowhere) = (folder.path().join("link"), folder.path().join("nowhere"));
    symlink("a.json", &link).unwrap();
    symlink("sub/b.json", &nowhere).unwrap();
    overwrite(&link, "new").unwrap();
    assert_eq!((read(&path).as_str(), fs::read_link(&link).unwrap().to_str()), ("new", Some("a.json")));
    assert!(matches!(overwrite(&nowhere, "x"), Err(Unwritten::Untouched(_))));
    fs::create_dir(folder.path().join("sub")).unwrap();
    overwrite(&nowhere, "x").unwrap();
    assert_eq!(names(&folder.path().join("sub")), ["b.json"]);
    assert!(fs::symlink_metadata(&nowhere).unwrap().is_symlink());
}

#[test]
fn both_names_of_a_file_have_the_new_text() {
    let (folder, path) = folder_with("old, and longer");
    let other = folder.path().join("other");
    fs::hard_link(&path, &other).unwrap();
    overwrite(&path, "new").unwrap();
    assert_eq!((read(&path), read(&other)), ("new".to_owned(), "new".to_owned()));
}

#[test]
fn a_pipe_gets_the_text_and_stays_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    assert!(
        matches!(make(&path, "x"), Err(Unwritten::Untouched(error)) if error.kind() == io::ErrorKind::AlreadyExists)
    );
    let reader = std::thread::spawn({
        let path = path.clone();
        move || read(&path)
    });
    overwrite(&path, "new").unwrap();
    assert_eq!(reader.join().unwrap(), "new");
    assert!(!fs::metadata(&path).unwrap().is_file());
}

#[test]
fn a_device_that_takes_nothing_is_reported_as_written_in_part() {
    let full = Path::new("/dev/full");
    if full.exists() {
        assert!(matches!(overwrite(full, "x"), Err(Unwritten::InPart(_))));
        assert!(full.exists());
    }
    overwrite(Path::new("/dev/null"), "x").unwrap();
}

#[test]
fn a_folder_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(overwrite(folder.path(), "x"), Err(Unwritten::Untouched(_))));
}

/// Tests of permissions run on a thread without root's rights, since root may write everything.
#[cfg(target_os = "linux")]
mod as_nobody {
    use rustix::process::{Uid, geteuid};
    use rustix::thread::set_thread_res_uid;

    use super::*;

    fn overwrite_as_nobody(path: &Path, text: &'static str) -> Result<(), Unwritten> {
        let path = path.to_owned();
        let thread = std::thread::spawn(move || {
            if geteuid().is_root() {
                let nobody = Uid::from_raw(NOBODY);
                set_thread_res_uid(nobody, nobody, nobody).unwrap();
            }
            overwrite(&path, text)
        });
        thread.join().unwrap()
    }

    #[test]
    fn in_a_folder_that_takes_no_file_it_is_written_in_place() {
        let (folder, path) = folder_with("old, and longer");
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o555)).unwrap();
        overwrite_as_nobody(&path, "new").unwrap();
        assert_eq!((read(&path).as_str(), mode(&path)), ("new", 0o666));
    }

    #[test]
    fn a_file_that_may_not_be_written_stays_though_its_folder_takes_others() {
        let (folder, path) = folder_with("old");
        fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let refused = overwrite_as_nobody(&path, "new");
        assert!(
            matches!(refused, Err(Unwritten::Untouched(error)) if error.kind() == io::ErrorKind::PermissionDenied)
        );
        assert_eq!((read(&path).as_str(), names(folder.path()).len()), ("old", 1));
    }

    #[test]
    fn a_file_keeps_its_owner() {
        let (folder, path) = folder_with("old");
        fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        let owner = fs::metadata(&path).unwrap().uid();
        overwrite_as_nobody(&path, "new").unwrap();
        assert_eq!((read(&path).as_str(), fs::metadata(&path).unwrap().uid()), ("new", owner));
        if geteuid().is_root() {
            chown(&path, Some(NOBODY), None).unwrap();
            overwrite(&path, "newer").unwrap();
            assert_eq!((read(&path).as_str(), fs::metadata(&path).unwrap().uid()), ("newer", NOBODY));
        }
        assert_eq!(names(folder.path()), ["a.json"]);
    }
}

/// A disk of 1 MB in a mount namespace of its own, in which this test runs itself again. Where the system doesn't
/// allow that, nothing is tested.
#[cfg(target_os = "linux")]
mod full {
    use std::process::Command;

    use super::*;

    const DISK: &str = "OBX_TEST_SMALL_DISK_FOR_FILES";
    const NO_DISK: i32 = 77;

    #[test]
    fn on_a_full_disk_the_old_file_stays_and_half_of_a_new_one_does_not() {
        if let Some(disk) = std::env::var_os(DISK) {
            return fill(Path::new(&disk));
        }
        let mount = format!("mount -t tmpfs -o size=1m none \"${DISK}\" || exit {NO_DISK}; exec \"$@\"");
        let folder = tempfile::tempdir().unwrap();
        let again = std::env::current_exe().unwrap();
        let name = "tui::effects::atomic_write::tests::full::\
                    on_a_full_disk_the_old_file_stays_and_half_of_a_new_one_does_not";
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

    fn fill(disk: &Path) {
        let (path, of_two, other) = (disk.join("a"), disk.join("b"), disk.join("c"));
        let old = "old".repeat(20_000);
        fs::write(&path, &old).unwrap();
        fs::write(&of_two, &old).unwrap();
        fs::hard_link(&of_two, &other).unwrap();
        let new = "new".repeat(500_000);
        for path in [&path, &of_two] {
            let failed = overwrite(path, &new);
            assert!(
                matches!(failed, Err(Unwritten::Untouched(error)) if error.kind() == io::ErrorKind::StorageFull)
            );
            assert_eq!(read(path), old);
        }
        assert!(matches!(make(&disk.join("d"), &new), Err(Unwritten::Untouched(_))));
        assert_eq!(names(disk), ["a", "b", "c"]);
        overwrite(&path, "new").unwrap();
        assert_eq!(read(&path), "new");
    }
}
