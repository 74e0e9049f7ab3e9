//! `obx completions` and what shells make of it.

use std::io::Write;
use std::process::{Command, Stdio};

use super::shell::{Ran, Shell};

#[test]
fn shells_parse_their_scripts() {
    let shell = Shell::new();
    shell.configure("this is no TOML");
    for (name, check) in
        [("bash", &["-n"][..]), ("zsh", &["-n"]), ("fish", &["--no-execute"]), ("elvish", &["-compileonly"])]
    {
        let ran = shell.run(&["completions", name]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(ran.stdout.contains("quota") && ran.stdout.contains("fail-below"), "{name}");
        assert!(!ran.stdout.contains("filter-worker"), "{name}");
        let path = shell.home.path().join(name);
        std::fs::write(&path, &ran.stdout).unwrap();
        match Command::new(name).args(check).arg(&path).output() {
            Ok(parsed) => assert!(parsed.status.success() && parsed.stderr.is_empty(), "{parsed:?}"),
            Err(_) => eprintln!("left out: {name} is not installed"),
        }
    }
    assert!(shell.run(&["completions", "powershell"]).stdout.contains("Register-ArgumentCompleter"));
    let unknown = shell.run(&["completions", "tcsh"]);
    assert_eq!(unknown.code, Some(2));
    assert!(unknown.stderr.contains("bash, elvish, fish"), "{unknown:?}");
}

#[test]
fn bash_completes_commands_and_flags() {
    let shell = Shell::new();
    let script = shell.run(&["completions", "bash"]).stdout;
    let complete = |words: &str, at: usize| {
        let ask = format!(
            "{script}\nCOMP_WORDS=({words}); COMP_CWORD={at}; _obx obx \"${{COMP_WORDS[{at}]}}\" ''; echo \"${{COMPREPLY[*]}}\"\n"
        );
        let mut bash = Command::new("bash").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        bash.stdin.take().unwrap().write_all(ask.as_bytes()).unwrap();
        String::from_utf8(bash.wait_with_output().unwrap().stdout).unwrap()
    };
    assert_eq!(complete("obx quo", 1), "quota\n");
    assert_eq!(complete("obx quota --fail", 2), "--fail-below\n");
}

#[test]
fn without_a_name_the_shell_is_that_of_the_environment() {
    let shell = Shell::new();
    let ran = |path: &str| Ran::new(&shell.command(&["completions"]).env("SHELL", path).output().unwrap());
    let fish = ran("/usr/bin/fish");
    assert_eq!((fish.code, &fish.stdout), (Some(0), &shell.run(&["completions", "fish"]).stdout), "{fish:?}");
    for unknown in [ran("/bin/tcsh"), shell.run(&["completions"])] {
        assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""), "{unknown:?}");
        assert!(unknown.stderr.contains("obx completions bash"), "{unknown:?}");
    }
}
