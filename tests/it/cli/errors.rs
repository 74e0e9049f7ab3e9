//! `obx errors`

use super::shell::Shell;

#[test]
fn the_table_has_all_codes_with_what_each_costs() {
    let shell = Shell::new();
    let ran = shell.run(&["errors"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(0), 21), "{}", ran.stdout);
    assert!(ran.stdout.contains("2000  yes        3  Search success but no result"), "{}", ran.stdout);
    let records = shell.run(&["errors", "--json"]).records();
    assert_eq!((records.len(), &records[0]["billed"]), (20, &true.into()));
}

#[test]
fn one_code_says_what_to_do_in_the_interfaces_language() {
    let shell = Shell::new();
    let english = shell.run(&["errors", "4013"]).stdout;
    assert!(english.contains("midnight in Beijing"), "{english}");
    let chinese = shell.run(&["--ui-lang", "zh", "errors", "4013"]).stdout;
    assert!(chinese.contains("北京时间零点重置"), "{chinese}");
    let chinese = shell.run(&["--ui-lang", "zh", "errors", "2000"]).stdout;
    assert!(
        chinese.contains("运行 `obx get --fresh`") && !chinese.contains('按'),
        "a command is no key: {chinese}"
    );
    let unknown = shell.run(&["errors", "4099"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(2), ""));
    assert!(unknown.stderr.contains("4099 is not in the vendor's table"), "{}", unknown.stderr);
}

#[test]
fn it_works_with_a_broken_config() {
    let shell = Shell::new();
    shell.configure("this is no TOML");
    assert_eq!(shell.run(&["errors", "2000"]).code, Some(0));
}
