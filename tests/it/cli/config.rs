//! `obx config`

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::shell::{Ran, SECRET, Shell};

const BROKEN: &str = "hsots = 1\n[limits]\ntimeout = 'soon'\n";

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn edit(shell: &Shell, editor: &str) -> Ran {
    let path = std::env::var("PATH").unwrap();
    let mut command = shell.command(&["config", "edit"]);
    Ran::new(&command.env("EDITOR", editor).env("PATH", path).output().unwrap())
}

#[test]
fn the_path_says_which_file_and_why() {
    let shell = Shell::new();
    let usual = shell.home.path().join(".config/obx/config.toml");
    let ran = shell.run(&["config", "path"]);
    assert_eq!((ran.code, ran.stdout.trim_end()), (Some(0), usual.to_str().unwrap()));
    assert!(ran.stderr.contains("usual place") && ran.stderr.contains("no such file yet"), "{ran:?}");
    let named = shell.run(&["config", "path", "--config", "/x.toml", "--json"]);
    assert_eq!(named.stdout, "{\"path\":\"/x.toml\",\"exists\":false,\"named_by\":\"--config\"}\n");
    let variable =
        Ran::new(&shell.command(&["config", "path"]).env("OBX_CONFIG", "/y.toml").output().unwrap());
    assert_eq!(variable.stdout, "/y.toml\n");
    assert!(variable.stderr.contains("named by OBX_CONFIG"), "{variable:?}");
    shell.configure(BROKEN);
    let broken = shell.run(&["config", "path", "--quiet"]);
    assert_eq!((broken.code, broken.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_settings_in_effect_have_their_origin_and_no_secret() {
    let shell = Shell::new();
    shell.configure("[money]\ncap = 7\n[profiles.main]\nkey_command = 'echo PLANTED'\n");
    let text = shell.run(&["config", "show", "--lang", "ru"]).stdout;
    for line in [
        r"money\.cap +7 +line 2",
        r"profiles\.main\.lang +ru +--lang",
        r"profiles\.main\.key +\*\*\* +OBX_KEY",
    ] {
        assert!(regex::Regex::new(line).unwrap().is_match(&text), "{line}: {text}");
    }
    assert!(!text.contains("PLANTED") && !text.contains(SECRET), "{text}");
    let json = shell.run(&["config", "show", "--json"]);
    let cap = json.records().into_iter().find(|record| record["setting"] == "money.cap").unwrap();
    assert_eq!(cap.to_string(), r#"{"setting":"money.cap","value":"7","origin":"file","line":2}"#);
    let chinese = shell.run(&["config", "show", "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("第2行") && chinese.contains("--ui-lang"), "{chinese}");
    shell.configure(BROKEN);
    let broken = shell.run(&["config", "show"]);
    assert_eq!((broken.code, broken.stdout.as_str()), (Some(2), ""));
}

#[test]
fn a_check_says_all_mistakes_with_their_lines() {
    let shell = Shell::new();
    let none = shell.run(&["config", "check"]);
    assert!(none.code == Some(0) && none.stderr.contains("no config file"), "{none:?}");
    shell.configure(BROKEN);
    let ran = shell.run(&["config", "check"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("line 1") && ran.stderr.contains("line 3"), "{ran:?}");
    shell.configure("[keys]\ndwon = 'J'\n");
    let keys = shell.run(&["config", "check", "--json"]);
    assert_eq!(keys.code, Some(2));
    assert!(keys.reported("error")[0]["message"].as_str().unwrap().contains("line 2"), "{keys:?}");
    shell.configure("[money]\ncap = 7\n");
    let fine = shell.run(&["config", "check"]);
    assert!(fine.code == Some(0) && fine.stderr.contains("no mistakes"), "{fine:?}");
}

#[test]
fn an_edit_begins_with_the_template_and_keeps_what_was_written() {
    let shell = Shell::new();
    let path = shell.home.path().join(".config/obx/config.toml");
    let ran = edit(&shell, "true");
    assert!(ran.code == Some(0) && ran.stderr.contains("no mistakes"), "{ran:?}");
    assert!(fs::read_to_string(&path).unwrap().contains("#cap = 200"));
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let broken = edit(&shell, "sh -c 'echo hsots = 1 > \"$1\"' edit");
    assert_eq!(broken.code, Some(2), "{broken:?}");
    assert!(broken.stderr.contains("line 1"), "{broken:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "hsots = 1\n");
    let failed = edit(&shell, "false");
    assert_eq!(failed.code, Some(2));
    assert!(failed.stderr.contains("$EDITOR"), "{failed:?}");
}
