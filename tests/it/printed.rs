//! Help and errors that the program prints, in both languages.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;
use regex::Regex;
use tempfile::TempDir;

use obx_core::i18n::printed_templates;

/// The program in an empty environment, with nothing on stdin.
fn obx(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_obx"));
    command.env_clear().env("HOME", home);
    command
}

fn stderr(command: &mut Command) -> String {
    let output = command.assert().code(2).get_output().clone();
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

/// What is printed for these arguments and variables, in English and in Chinese.
fn both(args: &[&str], variables: Variables<'_>) -> [String; 2] {
    let home = TempDir::new().unwrap();
    ["en", "zh"].map(|language| {
        let mut command = obx(home.path());
        command.args(args).envs(variables.iter().copied()).env("OBX_UI_LANG", language);
        stderr(&mut command)
    })
}

type Variables<'a> = &'a [(&'a str, &'a str)];

const PAIR: [(&str, &str); 2] = [("OBX_KEY", "a-key"), ("OBX_SECRET", "a-secret")];

#[test]
fn a_config_file_with_mistakes_is_described_in_both_languages() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("obx.toml");
    let file = path.to_str().unwrap();
    fs::write(&path, "hsots = 1\nui_lang = 'zh'\n[limits]\ntimeout = 'soon'\n").unwrap();
    let [en, zh] = both(&[], &[("OBX_CONFIG", file)]);
    assert!(en.starts_with(&format!("obx: {file:?}: line 1: unknown key `hsots`\n")), "{en}");
    assert!(en.contains("line 4: `timeout`: \"soon\" is not a duration"), "{en}");
    assert!(zh.starts_with(&format!("obx: {file:?}：第1行：未知的键 `hsots`\n")), "{zh}");
    assert!(zh.contains("第4行：`timeout`：\"soon\" 不是时长"), "{zh}");
    // Without flag and variable the file's own setting counts, although the file has mistakes.
    let by_file = stderr(obx(home.path()).args(["--config", file]));
    assert!(by_file.contains("第1行"), "{by_file}");
    // With a file that is no TOML, what is above the mistake, else the locale.
    fs::write(&path, "ui_lang = 'zh'\nno TOML\n").unwrap();
    let by_file = stderr(obx(home.path()).args(["--config", file]));
    assert!(by_file.contains("第2行第4列：不是TOML"), "{by_file}");
    fs::write(&path, "# no setting\nno TOML\n").unwrap();
    let [english, chinese] = ["en_GB.UTF-8", "zh_CN.UTF-8"]
        .map(|locale| stderr(obx(home.path()).arg(format!("--config={file}")).env("LANG", locale)));
    assert!(english.contains("line 2, column 4: not TOML"), "{english}");
    assert!(chinese.contains("第2行第4列：不是TOML"), "{chinese}");
    let flag = stderr(obx(home.path()).args(["--config", file, "--ui-lang", "zh"]).env("OBX_UI_LANG", "en"));
    assert!(flag.contains("第2行第4列"), "{flag}");
}

#[test]
fn a_secret_that_others_can_read_is_described_in_both_languages() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("obx.toml");
    fs::write(&path, "[profiles.main]\nkey = 'PLANTED'\nsecret = 'PLANTED'\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let [en, zh] = both(&["--config", path.to_str().unwrap()], &[]);
    assert!(en.contains("only its owner can read: chmod 600 ") && !en.contains("PLANTED"), "{en}");
    assert!(zh.contains("只能由所有者读取：chmod 600 ") && !zh.contains("PLANTED"), "{zh}");
}

#[test]
fn each_kind_of_wrong_setting_is_described_in_both_languages() {
    let pair = &PAIR[..];
    let store = ["--store", "/dev/zero"];
    let cases: [(&[&str], Variables<'_>, &str, &str); 13] = [
        (&["--cache", "maybe"], &[], "--cache: \"maybe\" is not one of yes, no", "--cache：\"maybe\" 不可用"),
        (&["--platform", "a/b"], &[], "platform \"a/b\" must be letters", "只能用字母、数字和 _"),
        (&["--param", "lang=x"], &[], "use --lang", "请用 --lang"),
        (&["--param", "x"], &[], "--param: write it NAME=VALUE", "--param：应写作 NAME=VALUE"),
        (&["--host", "http://a.test"], pair, "plain http would show the key", "明文http会让key在网络上可见"),
        (&["--host", "https://a.test"], &[], "--host needs credentials", "使用--host须有账号"),
        (
            &["--profile", "x"],
            &[],
            "there is no profile \"x\"; no file",
            "没有配置方案\"x\"；配置文件中没有定义配置方案",
        ),
        (
            &["--config", "/none"],
            &[],
            "\"/none\": no such file or directory",
            "\"/none\"：没有这个文件或目录",
        ),
        (&[], &PAIR[..1], "OBX_KEY is set and OBX_SECRET is not", "设置了OBX_KEY，却没有OBX_SECRET"),
        (&[], &[("OBX_KEY", "a b"), PAIR[1]], "the key has white space", "key中有空白"),
        (
            &store,
            pair,
            "this is a device, and a store is a file; --no-store",
            "这是设备，而存档须为普通文件；",
        ),
        (&["--ui-lang", "zh", "no-id"], &[], "商品ID", "文本里没有商品ID"),
        (&[], &[("OBX_LOG", "loud")], "OBX_LOG is error, warn", "OBX_LOG 应为 error"),
    ];
    for (args, variables, english, chinese) in cases {
        let [en, zh] = both(args, variables);
        assert!(en.starts_with("obx: ") && en.contains(english), "{args:?}: {en}");
        assert!(zh.starts_with("obx: ") && zh.contains(chinese), "{args:?}: {zh}");
        assert_eq!((en.lines().count(), zh.lines().count()), (1, 1), "{en}{zh}");
    }
}

#[test]
fn what_keeps_the_explorer_from_starting_is_described_in_both_languages() {
    let cases: [(&[&str], &str, &str); 3] = [
        (&[], "needs a terminal on stdin and stdout", "需要stdin和stdout都是终端"),
        (&["view", "/none"], "needs a terminal on stdout", "需要stdout是终端"),
        (&["emulate", "--port", "1"], "can't listen on port 1 ", "无法监听127.0.0.1 的端口 1"),
    ];
    // Whoever may listen on any port has no error there.
    let is_root = rustix::process::geteuid().is_root();
    for (args, english, chinese) in cases.into_iter().filter(|(args, ..)| !(is_root && args.contains(&"1"))) {
        let [en, zh] = both(args, &[]);
        assert!(en.contains(english), "{en}");
        assert!(zh.contains(chinese), "{zh}");
    }
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let [en, zh] = both(&["emulate", "--port", &port], &[]);
    assert!(en.contains(&format!("port {port} of 127.0.0.1 is taken")), "{en}");
    assert!(zh.contains(&format!("端口 {port} 已被占用")), "{zh}");
}

#[test]
fn each_kind_of_mistake_on_the_command_line_is_described_in_both_languages() {
    let cases: [(&[&str], &str, &str); 12] = [
        (&["--offlin"], "error: unexpected argument '--offlin'", "错误：无法识别的参数 '--offlin'"),
        (&["--offlin"], "tip: did you mean '--offline'?", "提示：是否应为 '--offline'？"),
        (&["--offline", "--offline"], "'--offline' can't be used more than once", "'--offline' 不能重复使用"),
        (&["--host"], "a value is required for '--host <URL>'", "'--host <URL>' 需要一个值"),
        (&["--cap", "x"], "invalid value 'x' for '--cap <CALLS>': ", "'--cap <CALLS>' 的值 'x' 不可用："),
        (
            &["--store", "x", "--no-store"],
            "'--store <FILE>' can't be used with '--no-store'",
            "不能与 '--no-store' 同时使用",
        ),
        (&["view"], "required arguments are missing: '<FILE>'", "缺少必要的参数：'<FILE>'"),
        (
            &["emulate", "--fault", "none"],
            "for '--fault <NAME>': choose one of cut-body",
            "不可用：应为以下之一：cut-body",
        ),
        (&["emulate", "--delay", "2-1"], "it takes seconds (0 to 3600)", "应为秒数（0到3600）"),
        (&["emulate", "--port", "70000"], "a port is a number from 0 to 65535", "端口应为0到65535的整数"),
        (&["emulat", "--port", "0"], "unknown subcommand 'emulat'", "未知的子命令 'emulat'"),
        (&["veiw"], "tip: did you mean 'view'?", "提示：是否应为 'view'？"),
    ];
    for (args, english, chinese) in cases {
        let [en, zh] = both(args, &[]);
        assert!(en.contains(english) && en.ends_with("\nFor more information, try '--help'.\n"), "{en}");
        assert!(zh.contains(chinese) && zh.ends_with("\n用法见 '--help'。\n"), "{zh}");
        assert!(!zh.contains("Usage:"), "{zh}");
    }
    // An argument of the explorer before a subcommand.
    let subcommands: [(&[&str], &str, &str); 2] = [
        (&["--no-restore", "emulate", "--port", "0"], "--no-restore", "obx emulate"),
        (&["610947572360", "view", "x"], "610947572360", "obx view"),
    ];
    for (args, argument, subcommand) in subcommands {
        let [en, zh] = both(args, &[]);
        assert!(zh.contains(&format!("错误：'{argument}' 不能与 '{subcommand}' 同时使用")), "{zh}");
        let is_english = !args.contains(&"--ui-lang");
        assert!(
            !is_english || en.contains(&format!("'{argument}' can't be used with '{subcommand}'")),
            "{en}"
        );
    }
    // Also where the language comes after the mistake.
    let home = TempDir::new().unwrap();
    let late = stderr(obx(home.path()).args(["--no-such-flag", "--ui-lang=zh"]));
    assert!(late.contains("无法识别的参数"), "{late}");
}

#[test]
fn the_language_is_taken_before_and_after_a_subcommand() {
    let home = TempDir::new().unwrap();
    for args in [
        ["--ui-lang", "zh-CN", "view", "/none"],
        ["view", "--ui-lang", "zh-CN", "/none"],
        ["view", "/none", "--ui-lang", "zh-CN"],
    ] {
        let zh = stderr(obx(home.path()).args(args));
        assert!(zh.contains("需要stdout是终端"), "{args:?}: {zh}");
    }
    for args in [["--ui-lang", "zh", "emulate", "--help"], ["emulate", "--ui-lang", "zh", "--help"]] {
        let assert = obx(home.path()).args(args).assert().success();
        let help = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        assert!(help.contains("单独运行万邦网关模拟器") && help.contains("--ui-lang <LANG>"), "{help}");
        assert!(help.contains("界面语言"), "{help}");
    }
}

#[test]
fn help_is_in_the_language_throughout() {
    let home = TempDir::new().unwrap();
    let han = Regex::new(r"\p{Han}").unwrap();
    for args in [&["--help"][..], &["-h"], &["help"], &["emulate", "--help"], &["view", "-h"]] {
        let help = |language: &str| {
            let mut command = obx(home.path());
            let assert = command.args(args).env("OBX_UI_LANG", language).assert().success();
            String::from_utf8(assert.get_output().stdout.clone()).unwrap()
        };
        let (en, zh) = (help("en"), help("zh"));
        assert!(!han.is_match(&en), "{en}");
        assert_eq!(en.lines().count(), zh.lines().count(), "{en}{zh}");
        for word in
            ["Usage:", "Options:", "Commands:", "Arguments:", "Print", "[default", "[OPTIONS]", "COMMAND"]
        {
            assert!(!zh.contains(word), "{word} in {zh}");
        }
        // A fault has its description behind its name.
        assert!(!zh.contains("status 200") && !zh.contains("an item"), "{zh}");
        // A flag has its help behind it or below it.
        let lines: Vec<&str> = zh.lines().collect();
        for (at, line) in lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with('-')) {
            let below = lines.get(at + 1).unwrap_or(&"");
            assert!(han.is_match(line) || han.is_match(below), "{line}");
        }
    }
}

#[test]
fn every_printed_text_has_the_same_arguments_in_both_languages() {
    let argument = Regex::new(r"\{[a-z_]+\}").unwrap();
    for (name, en, zh) in printed_templates() {
        let arguments = |template: &str| {
            let mut all: Vec<String> =
                argument.find_iter(template).map(|found| found.as_str().to_owned()).collect();
            all.sort();
            all
        };
        assert_eq!(arguments(en), arguments(zh), "{name}");
    }
}

#[test]
fn the_manual_page_has_every_flag_and_command_in_both_languages() {
    let home = TempDir::new().unwrap();
    let page = |language: &str| {
        let output =
            obx(home.path()).args(["man", "--ui-lang", language]).assert().success().get_output().clone();
        assert!(output.stderr.is_empty());
        String::from_utf8(output.stdout).unwrap()
    };
    let help = obx(home.path()).arg("--help").assert().success().get_output().clone();
    let help = String::from_utf8(help.stdout).unwrap();
    let flags: Vec<&str> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
    assert!(flags.len() > 15, "{help}");
    let [en, zh] = ["en", "zh-TW"].map(page);
    for flag in flags {
        let flag = flag.trim_end_matches([',', '.', ')', '\'']).replace('-', "\\-");
        assert!(en.contains(&flag) && zh.contains(&flag), "{flag}");
    }
    for section in ["NAME", "SYNOPSIS", "OPTIONS", "COMMANDS", "ENVIRONMENT", "FILES", "EXIT STATUS"] {
        assert!(en.contains(&format!(".SH {section}\n")), "{section}: {en}");
    }
    for section in ["名称", "用法", "选项", "命令", "环境变量", "文件", "退出码"] {
        assert!(zh.contains(&format!(".SH {section}\n")), "{section}: {zh}");
    }
    let in_english = Regex::new(r"(?m)^\.SH [A-Z]").unwrap();
    assert!(!in_english.is_match(&zh), "{zh}");
    for command in ["obx view", "obx man"] {
        assert!(en.contains(command) && zh.contains(command), "{command}");
    }
}

#[test]
fn mistakes_in_the_keys_are_described_with_their_lines_in_both_languages() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("keys.toml");
    let keys = "[keys]\nrefetch = \"r\"\ndwon = \"J\"\nup = \"alt-k\"\nleft = [\"ctrl-q\", \"ctrl-i\"]\nright = \"banana\"\n\
                star = \"a\"\nescape = []\n[keys.respones]\nfold = \"x\"\n[keys.text]\nsubmit = \"x\"\nstar = \"f5\"\n";
    fs::write(&path, keys).unwrap();
    let config = path.to_str().unwrap();
    let [en, zh] = both(&["--config", config], &[]);
    let english = [
        "line 3: there is no action `dwon`: did you mean `down`?",
        "line 4: \"alt-k\" can't be bound: terminals send it as Esc",
        "line 5: \"ctrl-q\" can't be bound: many terminals",
        "line 5: \"ctrl-i\" can't be bound: terminals send the same as for tab",
        "line 6: \"banana\" is no key",
        "line 7: a is the key of both `star` and `note`",
        "line 8: `escape` needs a key in `[keys.global]`",
        "line 9: there is no `[keys.respones]`: did you mean `response`?",
        "line 12: \"x\" can't be bound: in a text input it is text",
        "line 13: `star` does nothing in `[keys.text]`",
    ];
    for line in english {
        assert!(en.contains(line), "{line}\n{en}");
    }
    assert!(!en.contains("line 2:") && en.lines().all(|line| line.contains("keys.toml\"")), "{en}");
    assert_eq!(en.lines().count(), zh.lines().count(), "{zh}");
    assert!(zh.contains("没有操作 `dwon`，是否应为 `down`？") && zh.contains("不能绑定 \"ctrl-q\""), "{zh}");
}

#[test]
fn a_template_of_the_config_file_is_printed_in_either_language() {
    let home = TempDir::new().unwrap();
    for (language, what) in [("en", "refetch the item (cache=no) ¥"), ("zh", "重新获取商品（cache=no） ¥")]
    {
        let assert = obx(home.path()).args(["config", "template", "--ui-lang", language]).assert().success();
        let template = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
        assert!(template.contains("#cap = 200") && template.contains("#refetch = \"R\""), "{template}");
        assert!(template.contains(what), "{template}");
    }
}
