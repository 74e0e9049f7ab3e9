//! `obx images`

use std::collections::HashSet;
use std::path::Path;

use onebound_emulator::{Fault, Settings};
use serde_json::Value;

use super::shell::{Ran, Shell};

const ITEM: &str = "610947572364";

fn images(shell: &Shell, to: &Path, args: &[&str]) -> Ran {
    let args: Vec<&str> =
        ["images", ITEM, "--to", to.to_str().unwrap()].iter().chain(args).copied().collect();
    shell.run(&args)
}

/// The names of the files in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).map(Iterator::collect::<Vec<_>>).unwrap_or_default();
    let mut names: Vec<String> =
        entries.into_iter().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn each_picture_of_an_item_is_a_file_that_says_what_it_shows() {
    let shell = Shell::new();
    let to = shell.home.path().join("pictures");
    let ran = images(&shell, &to, &["--json"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let records = ran.records();
    let count = |role: &str| records.iter().filter(|record| record["role"] == role).count();
    assert!(count("main") == 1 && count("sku") > 0 && count("description") > 0, "{ran:?}");
    let addresses: HashSet<&Value> = records.iter().map(|record| &record["url"]).collect();
    assert_eq!(addresses.len(), records.len(), "each address once");
    let files = names(&to.join(ITEM));
    assert_eq!(files.len(), records.len());
    for record in &records {
        let path = Path::new(record["path"].as_str().unwrap());
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(
            (&record["status"], record["bytes"].as_u64()),
            (&"saved".into(), Some(bytes.len() as u64))
        );
        let is_picture = bytes.starts_with(b"\xff\xd8\xff") || bytes.starts_with(b"\x89PNG");
        assert!(is_picture && !record["url"].as_str().unwrap().contains("o0b.cn"), "{record}");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with(record["role"].as_str().unwrap()), "{record}");
        if record["role"] == "sku" {
            assert!(name.contains(record["value"].as_str().unwrap()), "{record}");
            assert!(!record["sku_ids"].as_array().unwrap().is_empty(), "{record}");
        }
    }
    assert_eq!(ran.reported("money")[0]["billed"], 1);
}

#[test]
fn a_second_run_fetches_what_is_missing_and_nothing_else() {
    let shell = Shell::new();
    let to = shell.home.path().join("pictures");
    let first = images(&shell, &to, &[]);
    assert_eq!(first.code, Some(0), "{first:?}");
    assert!(first.stdout.lines().all(|line| line.starts_with("saved ")), "{first:?}");
    let files = names(&to.join(ITEM));
    let lost = to.join(ITEM).join(&files[0]);
    std::fs::remove_file(&lost).unwrap();
    let second = images(&shell, &to, &["--json"]);
    let records = second.records();
    let saved: Vec<&Value> = records.iter().filter(|record| record["status"] == "saved").collect();
    assert_eq!((saved.len(), saved[0]["path"].as_str()), (1, lost.to_str()), "{second:?}");
    assert_eq!(names(&to.join(ITEM)), files);
    assert_eq!(second.reported("money")[0]["from_store"], 1);
    let third = images(&shell, &to, &[]);
    assert!(third.stderr.contains(&format!("0 saved (0 B) · {} were there", files.len())), "{third:?}");
    let chinese = images(&shell, &to, &["--ui-lang", "zh"]);
    assert!(chinese.stdout.contains("已存在  主图"), "{chinese:?}");
}

#[test]
fn what_is_no_picture_of_the_vendors_is_not_saved_and_the_others_are() {
    let settings = Settings { fault: Some(Fault::OddPictures), ..Settings::default() };
    let shell = Shell::with(settings);
    let to = shell.home.path().join("pictures");
    let ran = images(&shell, &to, &["--json"]);
    assert_eq!(ran.code, Some(10), "{ran:?}");
    let failed = |part: &str| -> String {
        let records = ran.records();
        let found = records.iter().find(|record| record["url"].as_str().unwrap().contains(part)).unwrap();
        assert_eq!((&found["status"], &found["path"]), (&"failed".into(), &Value::Null), "{found}");
        found["error"].as_str().unwrap().to_owned()
    };
    for (part, why) in [
        ("odd/page.jpg", "text/html"),
        ("drawing.svg", "image/svg+xml"),
        ("text.png", "neither JPEG nor PNG"),
        ("missing.jpg", "404"),
        ("large.jpg", "larger than 8 MiB"),
        ("odd/elsewhere.jpg", "redirects to another address"),
        ("pictures.example", "not one of the vendor's picture hosts"),
        ("javascript:alert", "address for javascript"),
    ] {
        assert!(failed(part).contains(why), "{part}: {}", failed(part));
    }
    let saved = ran.records().iter().filter(|record| record["status"] == "saved").count();
    assert!(saved > 0 && names(&to.join(ITEM)).len() == saved, "{:?}", names(&to.join(ITEM)));
    assert_eq!(ran.reported("error").len(), ran.records().len() - saved);
    let smaller = images(&shell, &shell.home.path().join("b"), &["--json", "--max-picture", "1"]);
    assert!(smaller.stdout.contains("larger than 1 MiB"), "{smaller:?}");
}

#[test]
fn limits_and_mistakes_leave_files_out() {
    let shell = Shell::new();
    let to = shell.home.path().join("pictures");
    let none = images(&shell, &to, &["--max-total", "0", "--json"]);
    assert_eq!(none.code, Some(10), "{none:?}");
    assert!(none.records().iter().all(|record| record["status"] == "skipped"), "{none:?}");
    assert_eq!(names(&to.join(ITEM)), Vec::<String>::new());
    let offline = images(&shell, &to, &["--offline"]);
    assert_eq!(offline.code, Some(10), "{offline:?}");
    assert!(offline.stderr.contains("offline") && names(&to.join(ITEM)).is_empty(), "{offline:?}");
    let too_large = images(&shell, &to, &["--max-picture", "9"]);
    assert_eq!(too_large.code, Some(2), "{too_large:?}");
    let missing = shell.run(&["images", "610947572000", "--quiet"]);
    assert_eq!(missing.code, Some(3), "{missing:?}");
    let field = shell.run(&["images", "610947572362", "--fields", "roll"]);
    assert!(field.code == Some(2) && !field.stderr.contains("1 billed"), "{field:?}");
    assert!(shell.run(&["images", "--fields"]).stdout.contains("sku_ids"));
}

#[test]
fn nothing_is_bought_if_no_folder_can_be_made() {
    let shell = Shell::new();
    // Nobody can create a folder there, though the rights of root allow it.
    let refused = images(&shell, Path::new("/proc/pictures"), &[]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(!refused.stderr.contains("1 billed"), "{refused:?}");
}

#[test]
fn a_dry_run_buys_nothing_and_writes_nothing() {
    let shell = Shell::new();
    let to = shell.home.path().join("pictures");
    let planned = images(&shell, &to, &["--dry-run"]);
    assert_eq!(planned.code, Some(0), "{planned:?}");
    assert!(
        planned.stdout.contains("key=***&secret=***&num_iid=610947572364") && !to.exists(),
        "{planned:?}"
    );
    assert!(images(&shell, &to, &[]).stderr.contains("1 billed"));
}
