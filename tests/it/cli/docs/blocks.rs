//! The blocks of code in a page.

/// A block, and the text between the one before and it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub(super) above: &'a str,
    /// Its kind, as `sh`.
    pub(super) info: &'a str,
    pub(super) code: &'a str,
}

/// The blocks of a page, in their order.
pub(super) fn blocks(page: &str) -> impl Iterator<Item = Block<'_>> {
    let mut parts = page.split("```");
    std::iter::from_fn(move || {
        let above = parts.next()?;
        let (info, code) = parts.next()?.split_once('\n').expect("a block has lines");
        Some(Block { above, info, code })
    })
}

/// The commands of a block, a line each.
pub(super) fn commands(code: &str) -> impl Iterator<Item = &str> {
    code.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// The last name of a file in a text: `` as `list.csv`: ``
pub(super) fn file_name(text: &str) -> &str {
    let names = text.split('`').skip(1).step_by(2);
    names
        .filter(|name| name.contains('.') && !name.contains(' '))
        .last()
        .expect("a file's name above the block")
}

pub(super) fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_block_has_its_kind_its_code_and_the_text_above() {
    let page = "As `list.csv`:\n\n```csv\na,b\n```\nthen\n```sh no-run\n# why\nobx\n\nobx get 1\n```\n";
    let found: Vec<(&str, &str)> = blocks(page).map(|block| (block.info, block.code)).collect();
    assert_eq!(found, [("csv", "a,b\n"), ("sh no-run", "# why\nobx\n\nobx get 1\n")]);
    assert_eq!(file_name(blocks(page).next().unwrap().above), "list.csv");
    assert_eq!(commands(found[1].1).collect::<Vec<_>>(), ["obx", "obx get 1"]);
}
