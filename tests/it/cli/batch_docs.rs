//! The examples in docs/batch.md, as they are there.

use onebound_emulator::{Delay, Settings};

use super::shell::Shell;

const DOCS: &str = include_str!("../../../docs/batch.md");

/// The blocks of this kind of code.
fn blocks(kind: &'static str) -> impl Iterator<Item = &'static str> {
    let in_code = DOCS.split("```").skip(1).step_by(2);
    in_code.filter_map(move |block| block.strip_prefix(kind)?.strip_prefix('\n'))
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn the_examples_of_the_documentation_print_what_they_say() {
    let shell = Shell::with(Settings { delay: Delay::NONE, ..Settings::default() });
    shell.file("list.csv", blocks("csv").next().unwrap());
    let examples: Vec<&str> = blocks("console").flat_map(|block| block.split("$ ").skip(1)).collect();
    assert!(examples.len() > 3);
    for example in examples {
        let (command, expected) = example.split_once('\n').unwrap();
        let args: Vec<&str> = command.strip_prefix("obx ").unwrap().split(' ').collect();
        let output = shell.command(&args).current_dir(shell.home.path()).output().unwrap();
        let printed = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        // Answers come in any order.
        assert_eq!(sorted(&printed), sorted(expected), "{command}\n{printed}");
    }
}
