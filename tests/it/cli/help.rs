//! The help of all commands, as it is printed.

use super::shell::{Ran, Shell};
use crate::screens::check;

fn help(shell: &Shell, args: &[&str]) -> String {
    let ran = Ran::new(&shell.anonymous(args).output().unwrap());
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    ran.stdout
}

/// The names in the list of commands, in its order.
fn commands(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let list = list.take_while(|line| line.starts_with("  "));
    list.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

#[test]
fn the_help_of_all_commands_begins_with_examples() {
    let shell = Shell::new();
    // A broken config file is no reason for no help.
    shell.configure("this is no TOML");
    let top = help(&shell, &["--help"]);
    let names = commands(&top);
    assert_eq!(names.first().map(String::as_str), Some("get"), "{names:?}");
    for language in ["en", "zh"] {
        let of = |args: &[&str]| help(&shell, &[&["--ui-lang", language], args].concat());
        check(&format!("help_{language}"), &of(&["-h"]));
        for name in names.iter().filter(|name| *name != "help") {
            let text = of(&[name, "-h"]);
            let heading = if language == "zh" { "示例：" } else { "Examples:" };
            let usage = text.find(if language == "zh" { "用法：" } else { "Usage: " }).unwrap();
            assert!(text.find(heading).is_some_and(|examples| examples < usage), "{name}: {text}");
            let own: Vec<&str> = text.split("\n\n").filter(|section| !is_global(section)).collect();
            check(&format!("help_{language}_{name}"), &own.join("\n\n"));
            assert_eq!(of(&[name, "--help"]), of(&["help", name]), "{name}");
        }
    }
}

/// Whether a section of the help is about flags that all commands have.
fn is_global(section: &str) -> bool {
    ["--profile", "--ui-lang", "--no-store", "--api-version"].iter().any(|flag| section.contains(flag))
}
