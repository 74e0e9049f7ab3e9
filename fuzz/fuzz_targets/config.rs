//! The config file: taken or refused, the same each time; no message has a secret of it, or anything that a terminal
//! would obey.
//!
//! The environment has a pair of its own, which ranks before the file's: no `key_command` is ever run.

#![no_main]

use std::fs::{File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use obx_core::config::{self, Config, ConfigError, Environment, Flags};
use obx_core::i18n::{Describe, Language, Texts};
use obx_fuzz::PAIR;

/// Its owner's alone, so that secrets may stand in it.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let path = std::env::temp_dir().join(format!("obx-fuzz-config-{}.toml", std::process::id()));
    let file = File::create(&path).expect("a file in the folder for temporary ones");
    file.set_permissions(Permissions::from_mode(0o600)).expect("the rights on an own file");
    path
});

fn load() -> Result<Config, ConfigError> {
    let pair = [("OBX_KEY", "k-of-the-environment"), ("OBX_SECRET", "s-of-the-environment")];
    let environment: Environment = pair.into_iter().collect();
    let mut flags = Flags { config: Some(FILE.clone()), ..Flags::default() };
    flags.store.no_store = true;
    config::load(&flags, &environment)
}

fuzz_target!(|data: &[u8]| {
    // The byte 1 stands for an account: also in the midst of a text whose quote nobody closed.
    let account = format!("\n[profiles.planted]\nkey = \"{}\"\nsecret = \"{}\"\n", PAIR.0, PAIR.1);
    let pieces: Vec<&[u8]> = data.split(|byte| *byte == 1).collect();
    for content in [pieces.join(account.as_bytes()), [data, account.as_bytes()].concat()] {
        let mut file = File::create(&*FILE).expect("the file is still there");
        file.write_all(&content).expect("there is room for it");
        drop(file);
        let (loaded, again) = (load(), load());
        assert_eq!(format!("{loaded:?}"), format!("{again:?}"));
        assert_hidden(&format!("{loaded:?}"));
        match loaded {
            Ok(config) => {
                let texts = Texts::new(config.language);
                config.warnings.iter().for_each(|warning| assert_harmless(&warning.describe(texts)));
            }
            Err(error) => assert_described(&error, &content),
        }
    }
});

fn assert_described(error: &ConfigError, content: &[u8]) {
    for language in [Language::En, Language::Zh] {
        let message = error.describe(Texts::new(language));
        assert_hidden(&message);
        message.lines().for_each(assert_harmless);
    }
    if let ConfigError::File { problems, .. } = error {
        let lines = content.split(|byte| *byte == b'\n').count();
        assert!(!problems.is_empty());
        assert!(
            problems.iter().all(|problem| (1..=lines).contains(&problem.line)),
            "{problems:?} of {lines}"
        );
        assert!(problems.is_sorted_by_key(|problem| problem.line), "{problems:?}");
    }
}

fn assert_hidden(text: &str) {
    assert!(!text.contains(PAIR.0) && !text.contains(PAIR.1), "{text}");
}

fn assert_harmless(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}
