//! `obx doctor`

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::shell::{KEY, Ran, SECRET, Shell};

/// The records by their check's name; of several with one name the last one.
fn checks(ran: &Ran) -> BTreeMap<String, Value> {
    assert_eq!(ran.code, Some(0), "{ran:?}");
    ran.records().into_iter().map(|check| (check["check"].as_str().unwrap().to_owned(), check)).collect()
}

fn statuses(ran: &Ran) -> BTreeMap<String, String> {
    let status = |(name, check): (String, Value)| (name, check["status"].as_str().unwrap().to_owned());
    checks(ran).into_iter().map(status).collect()
}

#[test]
fn a_host_is_connected_to_and_gets_no_request() {
    let shell = Shell::new();
    let ran = shell.run(&["doctor", "--json"]);
    let statuses = statuses(&ran);
    assert_eq!((statuses["dns"].as_str(), statuses["connect"].as_str()), ("ok", "ok"), "{ran:?}");
    assert_eq!(shell.emulator().requests(), []);
    // A gateway on which each byte would be seen.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = format!("http://{}", listener.local_addr().unwrap());
    let received = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut received = Vec::new();
        std::io::Read::read_to_end(&mut stream, &mut received).unwrap();
        received
    });
    let ran = shell.run(&["doctor", "--json", "--host", &host]);
    assert_eq!(checks(&ran)["connect"]["status"], "ok", "{ran:?}");
    assert_eq!(received.join().unwrap(), Vec::<u8>::new());
}

#[test]
fn offline_nothing_is_connected_to() {
    let shell = Shell::new();
    let statuses = statuses(&shell.run(&["doctor", "--json", "--offline", "--host", "http://127.0.0.1:9"]));
    assert_eq!(statuses["connect"], "unknown");
    assert!(!statuses.contains_key("dns"), "{statuses:?}");
}

#[test]
fn a_host_that_cannot_be_reached_is_a_fault_with_what_to_do() {
    let shell = Shell::new();
    let ran = shell.run(&["doctor", "--json", "--host", "http://127.0.0.1:9"]);
    let connect = &checks(&ran)["connect"];
    assert_eq!((&connect["status"], &connect["subject"]), (&"fault".into(), &"127.0.0.1:9".into()));
    assert!(connect["what_to_do"].as_str().unwrap().contains("--host"), "{connect}");
    let ran = shell.run(&["doctor", "--json", "--host", "https://no-such-host.invalid"]);
    assert_eq!(checks(&ran)["dns"]["status"], "fault", "{ran:?}");
}

#[test]
fn it_works_with_a_broken_config_and_names_each_mistake() {
    let shell = Shell::new();
    shell.configure("mouse = 7\nthem = \"dark\"\n");
    let ran = shell.run(&["doctor", "--json", "--offline"]);
    let settings: Vec<Value> =
        ran.records().into_iter().filter(|check| check["check"] == "settings").collect();
    assert_eq!((ran.code, settings.len()), (Some(0), 2), "{ran:?}");
    assert!(settings[1]["found"].as_str().unwrap().contains("line 2"), "{settings:?}");
    shell.configure("this is no TOML");
    let text = shell.run(&["doctor", "--offline"]);
    assert!(text.stdout.contains("fault") && text.stdout.contains("line 1"), "{}", text.stdout);
    // A key that is bound twice has mistakes of its own.
    shell.configure("[keys]\nquit = \"alt-q\"\n");
    assert_eq!(checks(&shell.run(&["doctor", "--json", "--offline"]))["settings"]["status"], "fault");
}

#[test]
fn the_origin_of_credentials_is_named_and_never_a_value() {
    let shell = Shell::new();
    let found = |ran: &Ran| checks(ran)["credentials"]["found"].as_str().unwrap().to_owned();
    let ran = shell.run(&["doctor", "--json", "--offline"]);
    assert_eq!(found(&ran), "from OBX_KEY and OBX_SECRET");
    let anonymous =
        |shell: &Shell| Ran::new(&shell.anonymous(&["doctor", "--json", "--offline"]).output().unwrap());
    assert_eq!(checks(&anonymous(&shell))["credentials"]["status"], "warning");
    let path = shell.home.path().join(".config/obx/config.toml");
    shell.configure(&format!("[profiles.shop]\nkey = \"{KEY}\"\nsecret = \"{SECRET}\"\n"));
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(found(&anonymous(&shell)), "from profile \"shop\" of the config file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let readable = anonymous(&shell);
    assert_eq!(checks(&readable)["settings"]["status"], "fault", "{readable:?}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(checks(&anonymous(&shell))["config_mode"]["status"], "warning");
}

#[test]
fn the_store_is_checked_and_left_as_it_is() {
    let shell = Shell::new();
    let ran = shell.run(&["doctor", "--json"]);
    assert_eq!(
        (&checks(&ran)["store_file"]["status"], statuses(&ran)["clock"].as_str()),
        (&"ok".into(), "unknown")
    );
    let found = &checks(&ran)["clock"]["found"];
    assert!(found.as_str().unwrap().contains("no stored answer"), "{found}");
    let path = shell.home.path().join(".local/share/obx/store.sqlite");
    assert!(!path.exists());
    assert_eq!(shell.run(&["get", "610947572360", "610947572001"]).code, Some(0));
    let ran = shell.run(&["doctor", "--json"]);
    let store = &checks(&ran)["store_file"];
    assert!(store["found"].as_str().unwrap().contains("2 exchanges"), "{store}");
    let statuses = statuses(&ran);
    for check in ["store_file", "integrity", "store_mode", "disk_space", "clock"] {
        assert_eq!(statuses[check], "ok", "{check}: {ran:?}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let open = checks(&shell.run(&["doctor", "--json", "--offline"]))["store_mode"].clone();
    assert_eq!(open["what_to_do"], format!("chmod 600 {}", path.display()));
}

#[test]
fn a_damaged_store_is_a_fault_and_not_touched() {
    let shell = Shell::new();
    assert_eq!(shell.run(&["get", "610947572360"]).code, Some(0));
    let path = shell.home.path().join(".local/share/obx/store.sqlite");
    let mut bytes = fs::read(&path).unwrap();
    // The first page has the tables' names; later ones are filled with what is no page.
    for byte in bytes.iter_mut().skip(4096).take(3 * 4096) {
        *byte = 0xA5;
    }
    fs::write(&path, &bytes).unwrap();
    let ran = shell.run(&["doctor", "--json", "--offline"]);
    let faults = ran.records().into_iter().filter(|check| check["status"] == "fault").count();
    assert!(ran.code == Some(0) && faults > 0, "{ran:?}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    fs::write(&path, "this is no store").unwrap();
    assert_eq!(statuses(&shell.run(&["doctor", "--json", "--offline"]))["store_file"], "fault");
}

#[test]
fn the_text_has_every_group_in_both_languages() {
    let shell = Shell::new();
    let english = shell.run(&["doctor", "--offline"]);
    for group in ["Terminal\n", "Configuration\n", "Network\n", "Store\n", "Files\n"] {
        assert!(english.stdout.contains(group), "{}", english.stdout);
    }
    assert!(english.stdout.contains("store.sqlite") && english.stdout.contains("obx.log"), "{english:?}");
    let chinese = shell.run(&["doctor", "--offline", "--ui-lang", "zh"]);
    assert!(chinese.stdout.contains("存档\n") && chinese.stdout.contains("可用空间"), "{}", chinese.stdout);
    let fields = shell.run(&["doctor", "--fields"]).stdout;
    assert!(fields.contains("what_to_do"), "{fields}");
    let csv = shell.run(&["doctor", "--offline", "--csv", "--fields", "check,status"]).stdout;
    assert!(csv.starts_with("check,status\r\nterminal,warning\r\n"), "{csv}");
}
