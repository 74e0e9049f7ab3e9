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
