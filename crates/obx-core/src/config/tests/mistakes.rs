//! Mistakes in settings, and their messages.

use super::*;

#[test]
fn unknown_keys_are_named_with_their_line_and_the_nearest_known_one() {
    let file = written(
        "profle = 'a'\n\n[profiles.a]\nkey = 'PLANTED'\nsecret = 'PLANTED'\nsecert = 'PLANTED'\n\
         hsots = ['PLANTED']\n\"col\\u001Bour\" = 'PLANTED'\n[limits]\nmax-body = 'PLANTED'\n[extra]\nx = 'PLANTED'\n",
    );
    let reported = "line 1: unknown key `profle`; did you mean `profile`?\n\
                line 6: unknown key `secert`; did you mean `secret`?\n\
                line 7: unknown key `hsots`; did you mean `hosts`?\n\
                line 8: unknown key `col\\u{1b}our`\n\
                line 10: unknown key `max-body`; did you mean `max_body`?\n\
                line 11: unknown key `extra`";
    assert_eq!(file.error(), reported);
}

#[test]
fn values_of_a_wrong_type_or_range_are_shown_with_their_line() {
    let file = written(
        "ui_lang = 'fr'\n[profiles.a]\nsales_data = 'yes'\ncache = true\nplatform = 'a/b'\n\
         params = { key = 'PLANTED', n = 1, ok = 'x' }\nresult_type = 'JSON'\n[profiles]\nb = 1\n[limits]\ntimeout = 30\n\
         connect_timeout = '8d'\nmax_body = '2000MiB'\n[freshness]\nitem = '0s'\nno_result = 'soon'\n",
    );
    let reported = [
        "line 1: `ui_lang`: \"fr\" is not one of en, zh-CN, zh-TW",
        "line 3: `sales_data` must be true or false (here: string)",
        "line 4: `cache` must be a text in quotes (here: boolean)",
        "line 5: `platform`: platform \"a/b\" must be letters, digits and _",
        "line 6: `params`: parameter \"key\" can't be given this way: credentials come from the environment or \
         the config file",
        "line 6: `n` must be a text in quotes (here: integer)",
        "line 7: `result_type`: \"JSON\" is not one of json, jsonu, xml, serialize, var_export; did you mean json?",
        "line 9: `b` must be a table (here: integer)",
        "line 11: `timeout` must be a text in quotes (here: integer)",
        "line 12: `connect_timeout`: \"8d\" is too long: at most 7d",
        "line 13: `max_body`: \"2000MiB\" is too large: at most 1024MiB",
        "line 15: `item`: it must be more than zero",
        "line 16: `no_result`: \"soon\" is not a duration: a whole number and ms, s, m, h or d, such as 30s",
    ];
    assert_eq!(file.error(), reported.join("\n"));
}

#[test]
fn invalid_toml_is_reported_by_place_and_never_quoted() {
    let broken = [
        "[profiles.a]\nkey = PLANTED\n",
        "[profiles.a]\nkey = 'PLANTED\nsecret = 'PLANTED'\n",
        "[profiles.a]\nkey 'PLANTED'\n",
        "[profiles.a]\nkey = 'PLANTED' 'PLANTED'\n",
        "[profiles.a]\nkey = \"PLANTED\\q\"\n",
        "[profiles.a]\nkey = 'PLANTED'\nkey = 'PLANTED'\n",
        "[profiles.a]\nkey = 'PLANTED'\nkey.PLANTED = 1\n",
        "[profiles.a]\nkey = 2026-99-99PLANTED\n",
        "[profiles.a]\nkey = '''PLANTED",
    ];
    for text in broken {
        let reported = written(text).error();
        assert!(reported.starts_with("line ") && reported.contains(", column "), "{text}: {reported}");
    }
    let reported = written("[profiles.a]\n密 = 'x'\nkey = 'PLANTED\n").error();
    assert!(reported.starts_with("line 2, column 1: "), "{reported}");
    assert_eq!(written(b"x = 1\n# \xff PLANTED\n").error(), "line 2: not UTF-8");
}

#[test]
fn a_host_that_calls_may_not_go_to_is_shown_without_its_text() {
    let flags = Flags { hosts: texts(&["https://a.test/?key=PLANTED"]), ..Flags::default() };
    assert_eq!(error_of(&flags, &PAIR), "--host: a host has no user, no query and no fragment");
    let reported = error_of(&Flags::default(), &[("OBX_HOST", "http://PLANTED.test")]);
    assert!(reported.starts_with("OBX_HOST: plain http would show the key"), "{reported}");
    let file =
        written("[profiles.a]\nhosts = [\n  'https://a.test',\n  'PLANTED', 7]\n[profiles.b]\nhosts = []\n");
    let reported = "line 4: `hosts`: a host is written https://NAME or http://127.0.0.1:PORT\n\
                line 4: `hosts` must be a list of texts in quotes (here: integer)\n\
                line 6: `hosts` must name at least one host";
    assert_eq!(file.error(), reported);
}

#[test]
fn a_flag_or_variable_that_cannot_be_used_is_named() {
    let flags = |flags: Flags| error_of(&flags, &[]);
    let none = Flags::default;
    assert_eq!(
        flags(Flags { cache: Some("maybe".into()), ..none() }),
        "--cache: \"maybe\" is not one of yes, no"
    );
    let reported = flags(Flags { result_type: Some("yaml".into()), ..none() });
    assert_eq!(reported, "--result-type: \"yaml\" is not one of json, jsonu, xml, serialize, var_export");
    let reported = flags(Flags { platform: Some("a/b\u{1b}".into()), ..none() });
    assert_eq!(reported, "--platform: platform \"a/b\\u{1b}\" must be letters, digits and _");
    assert!(flags(Flags { lang: Some(String::new()), ..none() }).starts_with("--lang: lang \"\" must be"));
    assert!(
        flags(Flags { ui_lang: Some("fr".into()), ..none() })
            .starts_with("--ui-lang: \"fr\" is not one of en, zh-CN")
    );
    assert_eq!(flags(Flags { params: texts(&["PLANTED"]), ..none() }), "--param: write it NAME=VALUE");
    let reported = flags(Flags { params: texts(&["secret=PLANTED"]), ..none() });
    assert!(reported.starts_with("--param: parameter \"secret\" can't be given this way"), "{reported}");
    let reported = error_of(&none(), &[("OBX_PLATFORM", "a b")]);
    assert!(reported.starts_with("OBX_PLATFORM: platform \"a b\""), "{reported}");
}

#[test]
fn a_named_file_must_exist_and_the_usual_one_need_not() {
    let directory = TempDir::new().unwrap();
    let home = directory.path().to_string_lossy().into_owned();
    load_with(&Flags::default(), &[("HOME", &home)]).unwrap();
    let missing = directory.path().join("no\u{1b}file.toml");
    let reported = error_of(&Flags { config: Some(missing), ..Flags::default() }, &[]);
    assert!(reported.contains("no\\u{1b}file.toml\": ") && reported.contains("no such file"), "{reported}");
    let reported = error_of(&Flags::default(), &[("OBX_CONFIG", &home)]);
    assert!(reported.contains("directory"), "{reported}");
    fs::create_dir_all(directory.path().join("obx")).unwrap();
    fs::write(directory.path().join("obx/config.toml"), "[profiles.usual]\nlang = 'cn'\n").unwrap();
    assert_eq!(load_with(&Flags::default(), &[("XDG_CONFIG_HOME", &home)]).unwrap().profile, "usual");
}

#[test]
fn mistakes_are_described_in_chinese_with_the_same_places() {
    let file = written(
        "ui_lang = 'fr'\nhsots = 1\n[profiles.a]\nkey = 'PLANTED'\nsales_data = 'yes'\nhosts = []\n\
         params = { sign = 'x', cache = 'y' }\nresult_type = 'JSON'\n[limits]\ntimeout = '8d'\nmax_body = 'much'\n",
    );
    let error = file.load().unwrap_err();
    let message = error.describe(Texts::new(Language::Zh));
    assert!(!message.contains(PLANTED), "{message}");
    let expected = [
        "第1行：`ui_lang`：\"fr\" 不可用，可用：en, zh-CN, zh-TW",
        "第2行：未知的键 `hsots`",
        "第4行：只有 `key` 没有 `secret`：两者须成对",
        "第5行：`sales_data` 应为true 或 false（此处为字符串）",
        "第6行：`hosts` 至少要有一个地址",
        "第7行：`params`：不能这样给出参数 \"sign\"：由obx自行设置",
        "第7行：`params`：不能这样给出参数 \"cache\"：请用 --cache",
        "第8行：`result_type`：\"JSON\" 不可用，可用：json, jsonu, xml, serialize, var_export；是否应为 json？",
        "第10行：`timeout`：\"8d\" 过长：最多 7d",
        "第11行：`max_body`：\"much\" 不是大小：应为整数加 B、kB、MB、GB、KiB、MiB 或 GiB，如 64MiB",
    ];
    let path = format!("{:?}：", file.path.to_string_lossy());
    assert_eq!(message.replace(&path, ""), expected.join("\n"));
}

#[test]
fn an_error_speaks_the_language_of_flag_variable_file_or_locale() {
    let spoken = |flag: Option<&str>, text: &str, variables: &[(&str, &str)]| {
        let file = written(text);
        error_language(flag, Some(&file.path), &variables.iter().copied().collect())
    };
    let (chinese_file, variable) =
        ("ui_lang = 'zh'\nunknown = 1\n", [("OBX_UI_LANG", "en"), ("LANG", "zh_CN")]);
    assert_eq!(spoken(Some("zh"), "", &variable), Language::Zh);
    assert_eq!(spoken(None, chinese_file, &variable), Language::En);
    assert_eq!(spoken(None, chinese_file, &[]), Language::Zh, "whatever else is wrong with the file");
    for not_toml in ["bad\n", "bad = \n", "[view]\nmax_size = 'x", "a = 1\na = 2\n", "[view"] {
        assert_eq!(spoken(None, &format!("ui_lang = 'zh'\n{not_toml}"), &[]), Language::Zh, "{not_toml}");
    }
    assert_eq!(spoken(None, "no TOML\nui_lang = 'zh'\n", &[]), Language::En);
    assert_eq!(spoken(None, "[view]\nui_lang = 'zh'\nno TOML\n", &[]), Language::En);
    assert_eq!(
        spoken(Some("fr"), "ui_lang = 'fr'\n", &[("OBX_UI_LANG", "fr"), ("LANG", "zh_CN")]),
        Language::Zh
    );
}

#[test]
fn a_file_is_viewed_without_a_config_file_that_has_mistakes_and_says_so() {
    let home = TempDir::new().unwrap();
    fs::create_dir_all(home.path().join("obx")).unwrap();
    let config = home.path().join("obx/config.toml");
    let environment: Environment = [("XDG_CONFIG_HOME", home.path())].into_iter().collect();
    fs::write(&config, "ui_lang = 'zh'\n[view]\nmax_size = '5MB'\n").unwrap();
    let view = for_files(None, None, ScreenFlags::default(), &environment).unwrap();
    assert_eq!(
        (view.max_bytes, view.config.language, view.config.warnings.len()),
        (5_000_000, Language::Zh, 0)
    );
    fs::write(&config, "[view]\nmax_size = 'much'\n").unwrap();
    let view = for_files(None, None, ScreenFlags::default(), &environment).unwrap();
    assert_eq!(view.max_bytes, 256_000_000);
    let warning = view.config.warnings[0].describe(Texts::new(Language::En));
    assert!(warning.contains("line 2: `max_size`: \"much\" is not a size"), "{warning}");
    assert!(warning.ends_with("The config file is ignored"), "{warning}");
    for mistake in ["[view]\nmax_size = 3\n", "bad\n"] {
        fs::write(&config, format!("ui_lang = 'zh'\n{mistake}")).unwrap();
        let view = for_files(None, None, ScreenFlags::default(), &environment).unwrap();
        assert_eq!((view.config.language, view.config.warnings.len()), (Language::Zh, 1), "{mistake}");
    }
}

#[test]
fn a_misspelt_column_is_named_with_its_line_and_a_property_is_no_mistake() {
    let file = written(
        "[skus]\ncolumns = [\n  'axes',\n  'prise', '颜色分类',\n  'sku-id', 7,\n  'stock', 'axes',\n]\ncolums = []\n",
    );
    let reported = "line 4: `columns`: \"prise\" is no column; did you mean price?\n\
                line 5: `columns`: \"sku-id\" is no column; did you mean sku_id?\n\
                line 5: `columns` must be a list of texts in quotes (here: integer)\n\
                line 8: unknown key `colums`; did you mean `columns`?";
    assert_eq!(file.error(), reported);
    let message = file.load().unwrap_err().describe(Texts::new(Language::Zh));
    assert!(message.contains("第4行：`columns`：\"prise\" 不是列名；是否想用 price？"), "{message}");
    let columns = written("[skus]\ncolumns = ['axes', '颜色分类', 'stock', 'quantity', 'axes']\n");
    assert_eq!(columns.load().unwrap().sku_columns, ["axes", "颜色分类", "quantity"]);
}

#[test]
fn an_error_names_the_table_that_a_misplaced_key_belongs_in() {
    let file = written(
        "price_per_call = '0.01'\nkey = 'PLANTED'\n[limits]\nno_result = '5m'\n[money]\ntimeout = '5s'\n",
    );
    let reported = "line 1: `price_per_call` belongs in [money]\n\
                line 2: `key` belongs in [profiles.NAME]\n\
                line 4: `no_result` belongs in [freshness]\n\
                line 6: `timeout` belongs in [limits]";
    assert_eq!(file.error(), reported);
    for (table, keys) in table_reader::TABLES {
        let (_, rest) = EXAMPLE.split_once(&format!("[{}", table.trim_end_matches("NAME"))).unwrap();
        let other = format!("#{}", "[profiles.work]");
        let part = rest.split("\n[").next().unwrap().replace(&other, "");
        for key in keys {
            assert!(part.contains(&format!("{key} = ")), "[{table}] {key}");
        }
    }
}
