//! A store on a server: its address, and its password.

use super::*;
use crate::store::StorePassword;

const OWN: [(&str, &str); 3] = [("OBX_KEY", "k"), ("OBX_SECRET", "s"), ("HOME", "/nonexistent")];

#[test]
fn a_store_on_a_server_is_named_by_flag_or_file_and_its_password_by_neither() {
    let file = "[store]\npath = 'postgres://bo@db.example/team'\nasked_by = 'buyers'\npassword_command = 'echo PLANTED'\n";
    let config = written(file).load_with(Flags::default(), &OWN).unwrap();
    let Place::Postgres(server) = &config.place else { panic!("{:?}", config.place) };
    assert_eq!(
        (server.to_string().as_str(), server.asked_by.as_str()),
        ("postgres://bo@db.example/team", "buyers")
    );
    assert_eq!(server.password.as_ref().map(StorePassword::expose), Some("PLANTED"));
    assert!(!format!("{config:?}").contains("PLANTED"), "{config:?}");
    assert!(server.spool_folder.is_some() && config.picture_folder.is_some());
    let view = config.server_view.unwrap();
    let name = view.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("bo@db.example_team-") && name.ends_with("-view.json"), "{name}");
    for (line, reason) in [
        ("path = 'postgres://bo:PLANTED@db/team'", "PGPASSWORD"),
        ("path = 'postgres://db/team?sslmod=require'", "sslmod"),
        ("path = 'postgres://db/team'\nkeep = '3d'", "for a file"),
    ] {
        let error =
            written(format!("[store]\n{line}\n")).load_with(Flags::default(), &OWN).unwrap_err().to_string();
        assert!(error.contains(reason) && !error.contains("PLANTED"), "{error}");
    }
}

#[test]
fn a_name_that_would_be_no_one_or_several_people_is_a_mistake_with_its_line() {
    let (longest, too_long) = ("李".repeat(100), "李".repeat(101));
    let written_as = |name: &str| format!("[store]\nasked_by = {name:?}\n");
    for name in ["", " ", "ann ", "\u{9}ann", "an\u{1b}n", "an\u{9b}n", "an\nn", &too_long] {
        let toml = written_as(name).replace("\\u{1b}", "\\u001b").replace("\\u{9b}", "\\u009b");
        let reported = "line 2: `asked_by`: it must be a name of 1 to 100 characters, without control characters, \
                        and without blanks at its ends";
        assert_eq!(written(toml).error(), reported, "{name:?}");
    }
    for name in ["李 雷", &longest] {
        written(written_as(name)).load_with(Flags::default(), &OWN).unwrap();
    }
}
