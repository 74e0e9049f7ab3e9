//! The help of the command line. The names of flags and of their values are the same in both languages.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    // Commands.
    about => "Explore items of 1688 by OneBound's API", "通过万邦接口浏览1688商品";
    about_more => "Without credentials obx starts in DEMO: an emulator on this machine answers. With `OBX_KEY` and `OBX_SECRET`, or a config file, it calls the vendor's gateway.", "没有账号时进入演示模式，由本机模拟器应答；设置 `OBX_KEY` 和 `OBX_SECRET` 或配置文件后，调用万邦网关。";
    about_emulate => "Run the emulator of the vendor's gateway by itself", "单独运行万邦网关模拟器";
    about_view => "Open a saved answer or a HAR file in the explorer; nothing is sent", "浏览已保存的响应或HAR文件，不发送任何请求";

    about_config => "Print a config file to start from", "输出配置文件模板";
    about_template => "Print every setting and every key with its default, as comments", "以注释形式输出全部设置项和按键及其默认值";
    about_man => "Print the manual page", "输出手册页";
    // The explorer.
    help_id => "Item ID, or the address of an offer: filled in, not fetched", "商品ID或商品页地址：只填入，不调用";
    help_config => "Config file in place of the usual one", "改用此配置文件";
    help_profile => "Profile of the config file", "配置文件中的配置方案";
    help_host => "Gateway to call; repeatable, the next is tried while nothing was sent", "要调用的网关；可重复，尚未发出请求时自动改用下一个";
    help_auth => "Whether the secret is sent in clear, or a signature made with it", "直接发送secret，或发送用它算出的签名";
    help_platform => "The vendor's `api_type`. Addresses of items are read for 1688, 1688global, taobao and tmall", "万邦的 `api_type`；可识别商品地址的有 1688、1688global、taobao、tmall";
    help_lang => "The API's language: cn, en, ru. Other than cn is billed as a translation", "接口数据的语言：cn、en、ru；cn以外按翻译计费";
    help_cache => "Whether the vendor's cached copy will do", "是否接受万邦缓存";
    help_api_version => "The vendor's version parameter", "万邦的version参数";
    help_result_type => "The form of the answer: json, jsonu, xml, serialize or var_export", "返回格式：json、jsonu、xml、serialize 或 var_export";
    help_sales_data => "Ask for the last 30 days' sales", "请求近30天成交数据";
    help_agent => "Ask for drop-shipping prices", "请求分销代发价";
    help_param => "Any further parameter; repeatable", "其他参数，可重复";
    help_no_color => "No colours: only bold, dim and reverse; also NO_COLOR", "不用颜色，只用粗体、暗色和反显；也可设NO_COLOR";
    help_ascii => "Draw frames, arrows and marks in ASCII; ¥ is then Y", "边框、箭头和标记只用ASCII字符；¥ 显示为 Y";
    help_ui_lang => "The interface's language: en or zh-CN; zh-TW shows simplified Chinese", "界面语言：en 或 zh-CN；zh-TW 也以简体显示";
    help_no_restore => "Do not restore the last session's item, layout and filters; save none", "不恢复上次的商品、布局和筛选，也不保存本次的";
    help_lean => "Write as little as possible, for a slow line: lists jump by most of a page", "慢速线路：尽量少输出，列表按大半页滚动";
    help_store => "File in which every answer is stored, in place of the usual one", "改用此存档文件";
    help_no_store => "Keep answers in memory, until the end of the session", "只存于内存，会话结束即丢弃";
    help_offline => "Send nothing: only stored answers are shown", "不发送任何请求，只显示存档";
    help_cap => "Calls a Beijing day after which obx asks before it sends another", "每个北京日的调用上限，超过后发送前先询问";
    help_reserve => "Calls of the vendor's quota that are left alone unless you override it", "预留的万邦额度，除非您坚持，否则不动用";

    // `obx emulate` and `obx view`.
    help_port => "Port on 127.0.0.1; 0 takes a free one", "127.0.0.1 上的端口；0为任选空闲端口";
    help_delay => "Seconds a call takes: 0, 1.5 or 0.6-2", "每次调用的秒数：0、1.5 或 0.6-2";
    help_quota => "Billed calls a day", "每日计费调用数";
    help_key => "The only key that is let in; any without it", "只接受此key；不设则接受任何key";
    help_secret => "The secret that goes with the key, in clear or in a signature", "与key配套的secret，可明文或签名";
    help_concurrency => "Calls that may be under way at once; more get 4008", "允许的并发调用数，超过返回4008";
    help_fault => "A fault for every call", "每次调用都发生的故障";
    help_file => "A body as it was saved, or a HAR file whose entries become the log; - reads stdin", "已保存的响应，或HAR文件（其条目成为请求记录）；- 为读取stdin";
    help_max_size => "The most that is read, up to 1024MiB; 256MB unless the config file says otherwise", "最多读取的大小，不超过1024MiB；配置文件未设时为256MB";
    // The faults of the emulator.
    fault_cut_body => "the body ends before its Content-Length", "响应体未到Content-Length即中断";
    fault_gbk => "an error in GBK bytes labelled utf-8", "GBK编码的错误响应，却标为utf-8";
    fault_html_page => "a firewall's HTML page with status 200", "防火墙的HTML页面，状态200";
    fault_html_403 => "a firewall's HTML page with status 403", "防火墙的HTML页面，状态403";
    fault_html_405 => "a firewall's HTML page with status 405", "防火墙的HTML页面，状态405";
    fault_bad_gateway => "status 502 with an HTML page", "状态502，附HTML页面";
    fault_empty_body => "status 200 without a body", "状态200，响应体为空";
    fault_refused => "the connection is refused (by ID: reset)", "拒绝连接（用商品ID触发时为重置连接）";
    fault_redirect => "status 302 to a path that is not the API", "状态302，跳转到接口以外的路径";
    fault_slow_drip => "a good answer in small pieces over 3 seconds", "正常响应，分小段在3秒内送完";
    fault_gzip_bomb => "100 kB of gzip that become 96 MiB of JSON", "100 kB的gzip，解压后为96 MiB的JSON";
    fault_hang => "no answer, ever", "永不响应";
    fault_wrong_item => "another item than the one asked for", "返回的不是所查商品";
    fault_stub_item => "a success whose item has only num_iid", "成功响应，但商品只有num_iid";
    fault_drift => "an item whose fields have odd types", "商品字段的类型异常";
    fault_duplicate_keys => "an item with duplicate keys", "商品中有重复的键";
    fault_hostile_text => "terminal escapes and control characters in texts", "文本中含终端转义序列和控制字符";
    fault_long_title => "a title of 500 characters", "标题长达500字";
    fault_unknown_code => "error code 4099, outside of the table", "错误码4099，不在错误码表中";
    fault_key_echo => "an error whose reason contains the caller's key", "错误原因中含调用方的key";
    fault_sku_drift => "SKUs with odd or missing IDs, names and properties", "SKU的ID、名称、属性异常或缺失";
    fault_gzip_over_plain => "a good answer labelled gzip that is not packed", "标为gzip却未压缩的正常响应";
    fault_broken_gzip => "the first half of a packed answer, as if it were all", "只有前一半的压缩响应，却当作完整响应送出";
    fault_many_headers => "a good answer behind 500 headers, 1.5 MB in all", "正常响应，但先送500个响应头，共1.5 MB";
    fault_escape_in_head => "an ESC in the status line and in a header", "状态行和响应头中含ESC";
    fault_odd_pictures => "an item whose pictures are broken, huge, or no pictures", "商品图片损坏、过大或根本不是图片";
    emulate_hint => "An ID that ends in an error code answers with it: 610947572000. ^C ends.", "以错误码结尾的ID返回该错误：610947572000。按^C结束。";

    // The manual page.
    man_manual => "User Commands", "用户命令";
    man_name => "NAME", "名称";
    man_synopsis => "SYNOPSIS", "用法";
    man_description => "DESCRIPTION", "说明";
    man_options => "OPTIONS", "选项";
    man_commands => "COMMANDS", "命令";
    man_environment => "ENVIRONMENT", "环境变量";
    man_files => "FILES", "文件";
    man_exit_status => "EXIT STATUS", "退出码";
    man_credentials => "The account's key and secret, always both", "账号的key和secret，须同时设置";
    man_same_as(flag) => "The same as {flag}, which wins over it", "等同于 {flag}，以参数为准";
    man_log => "error, warn, info, debug or trace: writes a log", "error、warn、info、debug 或 trace：写日志";
    man_no_color => "If it is not empty, nothing is coloured", "非空时不使用颜色";
    man_config_file => "Settings, profiles and keys; `obx config template` prints one with all defaults", "设置、配置方案和按键；`obx config template` 输出含全部默认值的文件";
    man_store_file => "Every answer and what it cost", "每次响应及其费用";
    man_log_file => "The log, if OBX_LOG asks for one", "日志（设置了 OBX_LOG 时）";
    man_exit_ok => "Ended by the user, or everything was done", "正常结束";
    man_exit_internal => "Something is wrong with obx or the machine", "obx或本机出错";
    man_exit_usage => "A mistake in the command line, the environment, the config file or the file to view", "命令行、环境变量、配置文件或要浏览的文件有误";
    man_exit_signal => "Ended by signal N: 130 interrupt, 143 terminate", "被信号N结束：130 中断，143 终止";

    // The parser's own words.
    word_usage => "Usage: ", "用法：";
    word_commands => "Commands:", "命令：";
    word_arguments => "Arguments:", "参数：";
    word_options => "Options:", "选项：";
    word_any_options => "[OPTIONS]", "[选项]";
    word_one_command => "<COMMAND>", "<命令>";
    word_any_command => "[COMMAND]", "[命令]";
    word_default => "[default: ", "[默认：";
    word_help_of => "Print this message or the help of the given subcommand(s)", "显示本帮助或子命令的帮助";
    word_help_more => "Print help (see more with '--help')", "显示帮助（详见 '--help'）";
    word_help_less => "Print help (see a summary with '-h')", "显示帮助（简要见 '-h'）";
    word_help => "Print help", "显示帮助";
    word_version => "Print version", "显示版本";
}
