//! `obx show`

use super::history::{DRIFTING, with_answers};
use super::shell::Shell;

const ITEM: &str = "610947572360";

#[test]
fn a_stored_answer_is_shown_as_get_shows_it_and_never_bought() {
    let shell = Shell::new();
    let got = shell.run(&["get", ITEM]);
    let shown = shell.run(&["show", ITEM]);
    assert_eq!((shown.code, shown.stderr.as_str()), (Some(0), ""), "{shown:?}");
    let without_source = |text: &str| -> Vec<String> {
        text.lines().filter(|line| !line.contains("fetched")).map(str::to_owned).collect()
    };
    assert_eq!(without_source(&shown.stdout), without_source(&got.stdout));
    assert!(shown.stdout.contains("stored answer 1 of 1, fetched 2"), "{shown:?}");
    assert!(shown.stdout.contains(" UTC+00:00, just now\n"), "{shown:?}");
    let chinese = shell.run(&["show", ITEM, "--ui-lang", "zh"]).stdout;
    assert!(chinese.contains("第1条存档（共1条）") && chinese.contains("（刚刚）"), "{chinese}");
    for form in
        [&["--json"][..], &["--csv"], &["--skus", "--csv"], &["--fields", "price"], &["--raw"], &["--flat"]]
    {
        let [get, show] = ["get", "show"].map(|name| shell.run(&[&[name, ITEM], form].concat()));
        assert_eq!((show.code, show.stdout), (Some(0), get.stdout), "{form:?}");
    }
}

#[test]
fn it_needs_neither_an_account_nor_the_network() {
    let shell = Shell::new();
    let host = shell.host().to_owned();
    shell.run(&["get", ITEM]);
    let mut command = shell.anonymous(&["show", ITEM, "--host", &host, "--fields", "price"]);
    let shown = super::shell::Ran::new(&command.output().unwrap());
    assert_eq!((shown.code, shown.stdout.as_str()), (Some(0), "{\"price\":\"799.00\"}\n"), "{shown:?}");
    // The answers of one gateway are not those of another.
    let other = shell.run(&["show", ITEM, "--host", "https://api-gw.onebound.cn"]);
    assert_eq!(other.code, Some(3), "{other:?}");
}

#[test]
fn an_older_answer_is_found_by_its_number_and_by_its_time() {
    let shell = with_answers(3);
    let bought = shell.run(&["history", DRIFTING, "--fields", "stock,price"]).stdout;
    let bought: Vec<String> = bought.lines().map(|line| format!("{line}\n")).collect();
    let show = |at: &str| shell.run(&["show", DRIFTING, "--fields", "stock,price", "--at", at]);
    for (place, bought) in bought.iter().enumerate() {
        assert_eq!(&show(&(place + 1).to_string()).stdout, bought);
    }
    assert_eq!(shell.run(&["show", DRIFTING, "--fields", "stock,price"]).stdout, bought[2]);
    let times = shell.run(&["history", DRIFTING, "--fields", "answered_at"]).records();
    assert_eq!(show(times[1]["answered_at"].as_str().unwrap()).stdout, bought[1]);
    for (at, code, words) in [
        (
            "4",
            3,
            "there is no answer 4 of 610947590030: the numbers go from 1 to 3\n  `obx history 610947590030`",
        ),
        ("0", 3, "no answer 0"),
        ("2020-01-01", 3, "no answer of 610947590030 is that old"),
        ("soon", 2, "soon is neither a number"),
    ] {
        let ran = show(at);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(code), ""), "{at}: {ran:?}");
        assert!(ran.stderr.contains(words), "{at}: {ran:?}");
    }
}

#[test]
fn an_item_that_is_not_stored_says_what_a_call_costs() {
    let shell = Shell::new();
    let text = shell.run(&["show", ITEM]);
    assert_eq!((text.code, text.stdout.as_str()), (Some(3), ""), "{text:?}");
    assert!(text.stderr.contains("no answer of 610947572360 is stored"), "{text:?}");
    assert!(text.stderr.contains("`obx get 610947572360` fetches it, which may be billed"), "{text:?}");
    let error = &shell.run(&["show", ITEM, "--json"]).reported("error")[0];
    assert_eq!((&error["class"], &error["billed"]), (&"no_result".into(), &false.into()), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("obx get"), "{error}");
    // Reading made no store.
    assert!(!shell.home.path().join(".local").exists());
    // What the vendor does not have is known as well.
    shell.run(&["get", "610947572000"]);
    let no_item = shell.run(&["show", "610947572000"]);
    assert_eq!((no_item.code, no_item.stdout.as_str()), (Some(3), ""), "{no_item:?}");
    assert!(no_item.stderr.contains("2000"), "{no_item:?}");
    assert_eq!(shell.run(&["show", "nothing"]).code, Some(2));
    assert_eq!(shell.run(&["show"]).code, Some(2));
}

#[test]
fn the_answers_of_one_platform_are_never_those_of_another() {
    let shell = Shell::new();
    let bought = |platform: &str| shell.run(&["get", ITEM, "--platform", platform, "--quiet"]);
    assert_eq!(bought("1688").code, Some(0));
    let ran = |args: &[&str], platform: &str| shell.run(&[args, &["--platform", platform]].concat());
    let reads = [
        &["show", ITEM][..],
        &["history", ITEM],
        &["diff", ITEM],
        &["facts", ITEM],
        &["find", "小米"],
        &["export", ITEM],
    ];
    for args in reads {
        let other = ran(args, "1688global");
        assert_eq!((other.code, other.stdout.as_str()), (Some(3), ""), "{args:?}: {other:?}");
    }
    assert_eq!(ran(&["export", "--json"], "1688global").stdout, "");
    assert_eq!(bought("1688global").code, Some(0));
    for platform in ["1688", "1688global"] {
        let stored = ran(&["history", ITEM, "--json"], platform);
        assert_eq!(stored.records().len(), 1, "{stored:?}");
        for args in [&["find", "小米", "--json"][..], &["log", "--json"], &["export", "--json"]] {
            let found = ran(args, platform).records();
            let platforms: Vec<&str> = found.iter().map(|one| one["platform"].as_str().unwrap()).collect();
            assert_eq!(platforms, [platform], "{args:?}: {found:?}");
        }
    }
    // All that was paid, unless one platform is named.
    assert_eq!(shell.run(&["log", "--json"]).records().len(), 2);
}
