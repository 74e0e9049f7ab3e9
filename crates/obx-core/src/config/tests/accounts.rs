//! Sources of credentials, and DEMO without them.

use super::*;

#[test]
fn half_a_pair_is_an_error_in_the_environment_whatever_the_file_holds() {
    let file = written(FULL);
    let halves: [(&[(&str, &str)], &str); 3] = [
        (&[("OBX_KEY", "PLANTED")], "OBX_KEY is set and OBX_SECRET is not"),
        (&[("OBX_KEY", "PLANTED"), ("OBX_SECRET", "")], "OBX_KEY is set and OBX_SECRET is not"),
        (&[("OBX_SECRET", "PLANTED")], "OBX_SECRET is set and OBX_KEY is not"),
    ];
    for (variables, message) in halves {
        let error = file.load_with(Flags::default(), variables).unwrap_err().to_string();
        assert_eq!(error, format!("{message}: key and secret come as a pair, from the same source"));
    }
}

#[test]
fn half_a_pair_is_an_error_in_the_file_whatever_the_environment_holds() {
    let file = written("[profiles.a]\nlang = 'cn'\nkey = 'PLANTED'\n[profiles.b]\nsecret = 'PLANTED'\n");
    let message = "line 3: `key` without `secret`: they come as a pair\n\
                line 5: `secret` without `key`: they come as a pair";
    assert_eq!(file.error(), message);
    file.load_with(Flags::default(), &PAIR).unwrap_err();
}

#[test]
fn credentials_that_cannot_be_right_are_shown_without_their_value() {
    let message = error_of(&Flags::default(), &[("OBX_KEY", "PLANTED key"), ("OBX_SECRET", "PLANTED")]);
    assert_eq!(message, "OBX_KEY and OBX_SECRET: the key has white space or a control character in it");
    let file = written("[profiles.a]\nkey = 'PLANTED'\nsecret = ' '\n");
    assert_eq!(file.error(), "line 2: `key`: the secret is empty");
    let file = written("[profiles.a]\nkey = 123\nsecret = ['PLANTED']\nkey_command = true");
    let message = "line 2: `key` must be a text in quotes (here: integer)\n\
                line 3: `secret` must be a text in quotes (here: array)\n\
                line 4: `key_command` must be a text in quotes (here: boolean)\n\
                line 4: `key_command` replaces `key` and `secret`: give one or the other";
    assert_eq!(file.error(), message);
}

#[cfg(unix)]
#[test]
fn a_secret_in_a_file_that_others_may_read_is_an_error_with_its_remedy() {
    let file = written(FULL);
    for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
        file.mode(mode);
        let remedy = format!("chmod 600 {:?}", file.path.to_string_lossy());
        let message = file.load_with(Flags::default(), &PAIR).unwrap_err().to_string();
        assert!(message.contains("line 5") && message.ends_with(&remedy), "{message}");
    }
    file.mode(0o400);
    file.load().unwrap();
}

#[cfg(unix)]
#[test]
fn a_file_without_secrets_may_be_read_by_others() {
    let file = written("[profiles.main]\nkey_command = 'echo PLANTED-CMD; echo PLANTED-SECRET'\n");
    file.mode(0o664);
    assert!(is_account(&file.load().unwrap(), "PLANTED-CMD"));
    file.mode(0o666);
    assert!(file.error().starts_with("line 2: `key_command` in a file that anybody may change: chmod 600 "));
}

#[cfg(unix)]
#[test]
fn a_command_runs_only_for_the_profile_in_use_and_without_the_environments_pair() {
    let file = written("");
    let ran = file.directory.path().join("ran");
    let command = format!("key_command = 'touch \"{}\"; exit 1'", ran.display());
    fs::write(&file.path, format!("[profiles.default]\nlang = 'cn'\n[profiles.asks]\n{command}\n")).unwrap();
    file.load().unwrap();
    let asks = || Flags { profile: Some("asks".into()), ..Flags::default() };
    let config = file.load_with(asks(), &PAIR).unwrap();
    assert_eq!(config.warnings.len(), 1, "the account is not the one that was named");
    let warning = config.warnings[0].describe(Texts::new(Language::En));
    assert!(warning.starts_with("--profile names profile \"asks\""), "{warning}");
    assert!(!ran.exists());
    let error = file.load_with(asks(), &[]).unwrap_err().to_string();
    assert_eq!(error, "key_command of profile \"asks\": failed with exit status: 1");
    assert!(ran.exists());
}

#[test]
fn a_host_without_credentials_is_an_error_wherever_it_is_named() {
    let needs = |origin: &str| format!("{origin} needs credentials: set OBX_KEY and OBX_SECRET");
    let flags = Flags { hosts: texts(&["https://a.test"]), ..Flags::default() };
    assert_eq!(error_of(&flags, &[]), needs("--host"));
    assert_eq!(error_of(&Flags::default(), &[("OBX_HOST", "https://a.test")]), needs("OBX_HOST"));
    let file = written("[profiles.main]\nhosts = ['https://a.test']\n");
    assert_eq!(file.error(), needs("`hosts` of profile \"main\""));
}

#[cfg(unix)]
#[test]
fn a_parameter_that_is_a_secret_by_its_name_needs_a_file_that_others_may_not_read() {
    let file = written(
        "[secrets]\nnames = ['my_pin', 7, '']\n[profiles.a]\nparams = { session = 'PLANTED', area_id = '1', MY_PIN = 'PLANTED' }\n",
    );
    file.mode(0o644);
    let message = file.error();
    assert!(!message.contains("PLANTED") && !message.contains("area_id"), "{message}");
    for part in [
        "line 2: `names` must be a list of texts in quotes (here: integer)",
        "line 2: `names`: \"\" is not a parameter name",
        "line 4: `session` needs a file that only its owner can read",
        "line 4: `MY_PIN` needs a file that only its owner can read",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let file = written("[profiles.a]\nparams = { my_pin = 'PLANTED' }\n[secrets]\nnames = ['my_pin']\n");
    let config = file.load().unwrap();
    assert!(config.call.secret_names.covers("My_Pin") && config.call.secret_names.covers("session"));
    assert!(!format!("{config:?}").contains("PLANTED"));
}
