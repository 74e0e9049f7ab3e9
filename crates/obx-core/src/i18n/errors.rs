//! What is wrong with the command line, the environment, the config file or a file to view: printed, never on the screen.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    // Places in the config file.
    at_line(line, what) => "line {line}: {what}", "第{line}行：{what}";
    at_column(line, column, what) => "line {line}, column {column}: {what}", "第{line}行第{column}列：{what}";

    // Where a setting comes from.
    origin_pair => "OBX_KEY and OBX_SECRET", "OBX_KEY和OBX_SECRET";
    origin_profile => "`profile` in the config file", "配置文件中的 `profile`";
    origin_hosts(profile) => "`hosts` of profile {profile}", "配置方案{profile}的 `hosts`";
    origin_key_command(profile) => "key_command of profile {profile}", "配置方案{profile}的 key_command";

    // The configuration as a whole.
    config_not_utf8 => "not UTF-8", "不是UTF-8文本";
    config_no_profile(name) => "there is no profile {name}", "没有配置方案{name}";
    config_profiles(names) => "there are {names}", "现有配置方案：{names}";
    config_no_profiles => "no file defines any", "配置文件中没有定义配置方案";
    config_which_profile => "name a profile by --profile, OBX_PROFILE, or `profile` in the file", "请用 --profile、OBX_PROFILE 或文件中的 `profile` 指定配置方案";
    config_half_pair(set, missing) => "{set} is set and {missing} is not: key and secret come as a pair, from the same source", "设置了{set}，却没有{missing}：key和secret须成对，且来自同一处";
    config_no_credentials => "this command calls the gateway and there are no credentials: set OBX_KEY and OBX_SECRET, or a profile in the config file; --demo asks the emulator in place of the vendor", "该命令会调用网关，但没有账号：请设置 OBX_KEY 和 OBX_SECRET，或配置文件中的配置方案；加 --demo 则由模拟器应答";
    config_host_alone(origin) => "{origin} needs credentials: set OBX_KEY and OBX_SECRET", "使用{origin}须有账号：请设置OBX_KEY和OBX_SECRET";
    config_password_file_readable(path) => "{path} has passwords and others can read it: chmod 600 {path}", "{path} 含密码而他人可读：chmod 600 {path}";
    config_no_home => "there is no HOME to keep answers in: give --store FILE or --no-store", "没有HOME，无处存档：请给出 --store FILE 或 --no-store";
    config_too_large => "too large for a config file", "过大，不像配置文件";
    config_ignored(error) => "{error}\nThe config file is ignored", "{error}\n未采用该配置文件";
    config_pair_unused(origin, profile) => "{origin} names profile {profile}, but its credentials are not used: OBX_KEY and OBX_SECRET are set", "{origin}指定了配置方案{profile}，但未使用其账号：已设置OBX_KEY和OBX_SECRET";
    config_profile_is_demo(origin, profile) => "{origin} names profile {profile}, which has no credentials: this is DEMO", "{origin}指定的配置方案{profile}没有账号：现为演示模式";
    command_empty => "printed no password", "未输出密码";
    command_not_started(why) => "could not be started: {why}", "无法启动：{why}";
    command_failed(status) => "failed with {status}", "执行失败（{status}）";
    command_lines(count) => "printed {count} of two lines: the first is the key, the second the secret", "只输出了{count}行，应有两行：第一行为key，第二行为secret";
    command_not_utf8 => "printed something that is not UTF-8", "输出不是UTF-8文本";

    // A mistake in the config file.
    file_not_toml(why) => "not TOML: {why}", "不是TOML：{why}";
    file_other_table(key, table) => "`{key}` belongs in [{table}]", "`{key}` 应写在 [{table}] 中";
    file_unknown_key(key) => "unknown key `{key}`", "未知的键 `{key}`";
    file_did_you_mean(key, meant) => "unknown key `{key}`; did you mean `{meant}`?", "未知的键 `{key}`；是否应为 `{meant}`？";
    file_wrong_type(key, expected, found) => "`{key}` must be {expected} (here: {found})", "`{key}` 应为{expected}（此处为{found}）";
    file_text => "a text in quotes", "带引号的文本";
    file_switch => "true or false", "true 或 false";
    file_number => "a whole number", "整数";
    file_list => "a list of texts in quotes", "带引号文本的列表";
    file_table => "a table", "表";
    file_keys => "a key or a list of keys", "按键或按键列表";
    type_string => "string", "字符串";
    type_integer => "integer", "整数";
    type_float => "float", "小数";
    type_boolean => "boolean", "布尔值";
    type_datetime => "datetime", "日期时间";
    type_array => "array", "数组";
    type_table => "table", "表";
    file_key_alone => "`key` without `secret`: they come as a pair", "只有 `key` 没有 `secret`：两者须成对";
    file_secret_alone => "`secret` without `key`: they come as a pair", "只有 `secret` 没有 `key`：两者须成对";
    file_command_and_pair => "`key_command` replaces `key` and `secret`: give one or the other", "`key_command` 用来代替 `key` 和 `secret`，不能同时设置";
    file_pair_readable(path) => "key and secret need a file that only its owner can read: chmod 600 {path}", "含key和secret的文件只能由所有者读取：chmod 600 {path}";
    file_name_readable(name, path) => "`{name}` needs a file that only its owner can read: chmod 600 {path}", "含 `{name}` 的文件只能由所有者读取：chmod 600 {path}";
    file_command_writable(key, path) => "`{key}` in a file that anybody may change: chmod 600 {path}", "含 `{key}` 的文件不能允许他人修改：chmod 600 {path}";
    file_retention_on_server => "`keep` and `max_size` are for a file: on a server its administrator deletes", "`keep` 和 `max_size` 只用于文件：服务器上的数据由管理员删除";
    file_no_hosts => "`hosts` must name at least one host", "`hosts` 至少要有一个地址";

    // A value that can't be used.
    with_meant(message, meant) => "{message}; did you mean {meant}?", "{message}；是否应为 {meant}？";
    value_not_one_of(value, choices) => "{value} is not one of {choices}", "{value} 不可用，可用：{choices}";
    value_no_duration(value) => "{value} is not a duration: a whole number and ms, s, m, h or d, such as 30s", "{value} 不是时长：应为整数加 ms、s、m、h 或 d，如 30s";
    value_no_size(value) => "{value} is not a size: a whole number and B, kB, MB, GB, KiB, MiB or GiB, such as 64MiB", "{value} 不是大小：应为整数加 B、kB、MB、GB、KiB、MiB 或 GiB，如 64MiB";
    value_zero => "it must be more than zero", "必须大于零";
    value_negative => "it must be 0 or more", "必须大于或等于0";
    value_too_many(most) => "it must be at most {most}", "不能大于{most}";
    value_too_long(value, days) => "{value} is too long: at most {days}d", "{value} 过长：最多 {days}d";
    value_too_large(value) => "{value} is too large: at most 1024MiB", "{value} 过大：最多 1024MiB";
    value_no_path(value) => "{value} is not a path that begins with / or ~/", "{value} 不是以 / 或 ~/ 开头的路径";
    value_no_server(why) => "no address of a database such as postgres://USER@HOST/DATABASE: {why}", "不是数据库地址（如 postgres://USER@HOST/DATABASE）：{why}";
    value_no_server_parameter(name) => "there is no parameter {name} of a database's address: sslmode, sslrootcert, schema, host", "数据库地址没有参数 {name}：可用 sslmode、sslrootcert、schema、host";
    value_empty_server_parameter(name) => "the parameter {name} of a database's address is empty", "数据库地址的参数 {name} 为空";
    value_no_store_place => "a store is a file or a database, such as /data/obx.sqlite or postgres://USER@HOST/DATABASE; a file of such a name has ./ or its folder in front", "存储是文件或数据库，如 /data/obx.sqlite 或 postgres://USER@HOST/DATABASE；此类名称的文件须在前面加上 ./ 或目录";
    value_no_person(max) => "it must be a name of 1 to {max} characters, without control characters, and without blanks at its ends", "须为1至{max}个字符的名称，不含控制字符，首尾没有空白";
    value_no_port(value) => "{value} is not a port: a whole number up to 65535", "{value} 不是端口：应为不大于 65535 的整数";
    value_without_postgres => "this obx was built without PostgreSQL: build it with `cargo build --release --features postgres`", "此 obx 未包含 PostgreSQL：请用 `cargo build --release --features postgres` 构建";
    value_password_in_address => "a password in the address would be visible to every process of this machine: set PGPASSWORD, a line in ~/.pgpass, or `password_command` under [store]", "地址中的密码对本机所有进程可见：请用 PGPASSWORD、~/.pgpass 或 [store] 的 `password_command`";
    value_no_home(value) => "{value} needs a home directory, and there is none", "{value} 需要主目录，但没有主目录";
    value_no_price(value) => "{value} is not an amount such as \"0.02\"", "{value} 不是金额，应如 \"0.02\"";
    value_no_column(value, meant) => "{value} is no column; did you mean {meant}?", "{value} 不是列名；是否想用 {meant}？";
    value_no_name(value) => "{value} is not a parameter name: letters, digits, _, - and .", "{value} 不是参数名：只能用字母、数字、_、- 和 .";
    value_no_number(value) => "{value} is not a number such as \"7.1\"", "{value} 不是数字，应如 \"7.1\"";
    value_no_variable(value) => "{value} is not a name: a letter or _, then letters, digits and _", "{value} 不是名称：以字母或 _ 开头，只能用字母、数字和 _";
    value_taken_column(value) => "{value} is already a column of every SKU: choose another name", "{value} 已是SKU的列名，请换一个名称";
    value_taken_variable(value) => "{value} is what formulas call the item: choose another name", "{value} 在公式中已表示商品，请换一个名称";
    value_no_formula => "a column needs a formula", "每列都需要公式";
    value_no_pair => "write it NAME=VALUE", "应写作 NAME=VALUE";
    credentials_empty(which) => "the {which} is empty", "{which}为空";
    credentials_malformed(which) => "the {which} has white space or a control character in it", "{which}中有空白或控制字符";
    host_form => "a host is written https://NAME or http://127.0.0.1:PORT", "地址应写作 https://NAME 或 http://127.0.0.1:PORT";
    host_scheme => "a host must be an https address (or http on this machine)", "网关地址须为https（本机可用http）";
    host_plain_http => "plain http would show the key to the network: use https, http is for loopback alone", "明文http会让key在网络上可见：请用https，http仅限本机";
    host_extra => "a host has no user, no query and no fragment", "地址中不能有用户名、查询参数或片段";
    call_name(what, value) => "{what} {value} must be letters, digits and _", "{what} {value} 只能用字母、数字和 _";
    call_parameter(value) => "parameter {value} must be NAME=VALUE, the name of letters, digits, _ and .", "参数 {value} 应为 NAME=VALUE，名称只能用字母、数字、_ 和 .";
    call_reserved(name, instead) => "parameter {name} can't be given this way: {instead}", "不能这样给出参数 {name}：{instead}";
    param_credentials => "credentials come from the environment or the config file", "账号来自环境变量或配置文件";
    param_by_obx => "obx sets it itself", "由obx自行设置";
    param_id => "give the ID itself", "请直接给出ID";
    param_flag(flag) => "use {flag}", "请用 {flag}";
    param_words => "give the words themselves", "请直接给出搜索词";

    // A search.
    search_no_words => "there are no words to search for", "未给出搜索词";
    search_no_shop => "no shop was given: on 1688 its sid (b2b-…), which items have in seller_info", "未给出店铺：1688店铺请给出其sid（b2b-…，见商品的 seller_info）";
    search_price(text) => "{text} is no price range: give it as 10..50, 10.. or ..50, in yuan", "{text} 不是价格区间：请写成 10..50、10.. 或 ..50（元）";
    search_sort(text) => "{text} is no order: give price, price-desc, sales, credit, or the vendor's bid, _bid, bid2, _bid2, sale, _sale, _credit, new or time; `--param sort=WORD` sends any other word", "{text} 不是排序方式：可用 price、price-desc、sales、credit，或万邦的 bid、_bid、bid2、_bid2、sale、_sale、_credit、new、time；其他写法用 `--param sort=WORD` 发送";

    // What the system says.
    io_not_found => "no such file or directory", "没有这个文件或目录";
    io_no_permission => "permission denied", "没有权限";
    io_is_a_directory => "this is a directory", "这是目录";
    io_not_a_directory => "a part of the path is not a directory", "路径中有一部分不是目录";
    io_read_only => "the file system is read-only", "文件系统只读";
    io_address_in_use => "the address is in use", "地址已被占用";
    kind_fifo => "this is a FIFO", "这是FIFO";
    kind_socket => "this is a socket", "这是套接字";
    kind_device => "this is a device", "这是设备";
    store_is_a_file(kind) => "{kind}, and a store is a file", "{kind}，而存档须为普通文件";
    store_device_hint => "--no-store keeps nothing", "不存档请用 --no-store";

    // The program around the explorer.
    cli_no_terminal => "the explorer needs a terminal on stdin and stdout; `obx emulate` runs without one", "浏览界面需要stdin和stdout都是终端；`obx emulate` 不需要终端";
    cli_no_screen => "the explorer needs a terminal on stdout", "浏览界面需要stdout是终端";
    cli_no_keyboard => "there is no terminal to take keys from", "没有可供按键输入的终端";
    cli_dumb_terminal => "TERM=dumb can't place text on the screen: set TERM to what the terminal is, such as xterm-256color", "TERM=dumb 无法在屏幕上定位文字：请把TERM设为实际终端类型，如 xterm-256color";
    cli_no_threads => "can't start threads", "无法启动线程";
    cli_no_signals => "can't listen for signals", "无法监听信号";
    cli_no_stdout => "can't write to stdout", "无法写入stdout";
    cli_no_takeover => "can't take the terminal over", "无法接管终端";
    cli_no_size => "can't read the terminal's size", "无法读取终端尺寸";
    cli_no_keys => "can't wait for keys", "无法等待按键";
    cli_no_drawing => "can't write to the terminal", "无法写入终端";
    cli_port_taken(port) => "port {port} of 127.0.0.1 is taken: stop the program that uses it, or give another port (0 takes a free one)", "127.0.0.1 的端口 {port} 已被占用：请停止占用它的程序，或换一个端口（0为任选空闲端口）";
    cli_no_port(port) => "can't listen on port {port} of 127.0.0.1; try a port above 1023, or 0 for a free one", "无法监听127.0.0.1 的端口 {port}；请用1023以上的端口，或用0任选空闲端口";
    log_level(level) => "OBX_LOG is error, warn, info, debug or trace, not {level}", "OBX_LOG 应为 error、warn、info、debug 或 trace，不能是 {level}";
    log_no_home => "OBX_LOG is set, but there is no HOME to write a log in", "设置了OBX_LOG，但没有HOME，无处写日志";
    log_is_a_file(kind) => "{kind}, and the log is a file", "{kind}，而日志须为普通文件";
    log_unwritable(path) => "can't write {path}", "无法写入 {path}";
    view_unreadable(what) => "can't read {what}", "无法读取 {what}";
    view_terminal => "this is a terminal: give a file, or pipe an answer into obx view -", "这是终端：请给出文件，或用管道把响应送入 obx view -";
    view_nothing => "there is nothing on stdin: pipe an answer into obx view -", "stdin没有内容：请用管道把响应送入 obx view -";
    view_too_large(size, largest) => "it holds {size}, and obx view reads no more than {largest}; --max-size, or max_size under [view] in the config file, sets another limit, up to 1024MiB", "大小为{size}，而obx view最多读取{largest}；可用 --max-size 或配置文件 [view] 中的 max_size 另设上限，最多1024MiB";
    view_endless(largest) => "it holds more than {largest}, which is all that obx view reads; --max-size, or max_size under [view] in the config file, sets another limit, up to 1024MiB", "内容超过{largest}，即obx view的读取上限；可用 --max-size 或配置文件 [view] 中的 max_size 另设上限，最多1024MiB";

    // Mistakes on the command line.
    usage_unknown(word) => "unexpected argument '{word}'", "无法识别的参数 '{word}'";
    usage_unknown_command(word) => "unknown subcommand '{word}'", "未知的子命令 '{word}'";
    usage_count_from(least) => "it takes a whole number from {least} on", "应为不小于{least}的整数";
    usage_count_between(least, most) => "it takes a whole number from {least} to {most}", "应为{least}到{most}的整数";
    usage_yuan => "it takes an amount in yuan from 0 on, as 5 or 0.50", "应为不小于0的金额（元），如 5 或 0.50";
    usage_not_utf8 => "an argument is not UTF-8", "有参数不是UTF-8编码";
    usage_misplaced(place) => "this flag belongs behind the subcommand: {place}", "该参数应写在子命令之后：{place}";
    usage_port => "a port is a number from 0 to 65535", "端口应为0到65535的整数";
    usage_delay => "it takes seconds (0 to 3600), as 0, 1.5 or a span such as 0.6-2", "应为秒数（0到3600），如 0、1.5，或范围如 0.6-2";
    usage_fault(names) => "choose one of {names}", "应为以下之一：{names}";
    usage_no_value(flag) => "a value is required for '{flag}'", "'{flag}' 需要一个值";
    usage_bad_value(word, flag) => "invalid value '{word}' for '{flag}'", "'{flag}' 的值 '{word}' 不可用";
    usage_conflict(flag, other) => "'{flag}' can't be used with {other}", "'{flag}' 不能与 {other} 同时使用";
    usage_other_arguments => "other arguments", "其他参数";
    usage_repeated(flag) => "'{flag}' can't be used more than once", "'{flag}' 不能重复使用";
    usage_missing(flags) => "required arguments are missing: {flags}", "缺少必要的参数：{flags}";
    usage_error(what) => "error: {what}", "错误：{what}";
    usage_tip(tip) => "tip: {tip}", "提示：{tip}";
    usage_did_you_mean(words) => "did you mean {words}?", "是否应为 {words}？";
    usage_see_help => "For more information, try '--help'.", "用法见 '--help'。";
}
