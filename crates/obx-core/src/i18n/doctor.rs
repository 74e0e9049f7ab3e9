//! The texts of `obx doctor`.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_doctor => "Check terminal, configuration, network, store and files; no call is made", "检查终端、配置、网络、存档和文件，不调用接口";

    check_field_check => "what is checked", "检查项";
    check_field_group => "terminal, config, network, store or files", "分组：terminal、config、network、store或files";
    check_field_subject => "the host or the file that was checked", "检查的主机或文件";
    check_field_status => "ok, warning, fault, or unknown if it can't be checked here", "ok、warning、fault，或unknown（此处无法检查）";
    check_field_found => "what was found", "检查结果";
    check_field_what_to_do => "what to do about it; null if nothing", "处理办法；无需处理则为null";

    check_group_terminal => "Terminal", "终端";
    check_group_config => "Configuration", "配置";
    check_group_network => "Network", "网络";
    check_group_store => "Store", "存档";
    check_group_files => "Files", "文件";

    check_ok => "ok", "正常";
    check_warning => "warning", "警告";
    check_fault => "fault", "故障";
    check_unknown => "unknown", "未知";
    check_sum(faults, warnings) => "faults: {faults}, warnings: {warnings}", "故障{faults}项，警告{warnings}项";

    check_terminal => "type", "类型";
    check_size => "size", "尺寸";
    check_colors => "colors", "颜色";
    check_copying => "copying", "复制";
    check_locale => "locale", "locale";
    check_config_file => "file", "文件";
    check_config_mode => "permissions", "权限";
    check_settings => "settings", "设置项";
    check_credentials => "credentials", "账号";
    check_dns => "DNS", "DNS";
    check_connect => "connection", "连接";
    check_tls => "TLS", "TLS";
    check_calls => "calls", "调用";
    check_clock => "clock", "时钟";
    check_store => "place", "位置";
    check_integrity => "integrity", "完整性";
    check_store_mode => "permissions", "权限";
    check_disk_space => "free space", "可用空间";
    check_unsent => "unsent", "待写入";
    check_log => "log", "日志";
    check_view => "last screen", "上次界面";
    check_pictures => "pictures", "图片";

    doctor_no_term => "TERM is not set", "未设置TERM";
    doctor_set_term => "set TERM to the terminal's type, as `export TERM=xterm-256color`", "将TERM设为终端类型，如 `export TERM=xterm-256color`";
    doctor_dumb => "dumb: commands work, the explorer does not", "dumb：命令可用，浏览界面不可用";
    doctor_inside(terminal, multiplexer) => "{terminal}, inside {multiplexer}", "{terminal}，在{multiplexer}中";
    doctor_program(terminal, program) => "{terminal}, {program}", "{terminal}，{program}";
    doctor_no_terminal => "no terminal", "没有终端";
    doctor_enlarge(width, height) => "make it {width}x{height} at least, or the font smaller", "放大到至少{width}x{height}，或缩小字号";
    doctor_colors_none => "none", "无";
    doctor_colors_sixteen => "16", "16色";
    doctor_colors_indexed => "256", "256色";
    doctor_colors_true => "true colors", "真彩色";
    doctor_no_color => "switched off by NO_COLOR", "已由NO_COLOR关闭";

    doctor_osc52 => "by OSC 52, which this terminal takes", "通过OSC 52，此终端支持";
    doctor_osc52_maybe => "by OSC 52; this terminal does not say whether it takes it", "通过OSC 52；此终端是否支持无法得知";
    doctor_osc52_zellij => "by OSC 52, through zellij", "通过zellij转发OSC 52";
    doctor_no_osc52(terminal) => "{terminal} takes no OSC 52: what is copied does not reach the clipboard", "{terminal}不支持OSC 52，无法复制到剪贴板";
    doctor_other_terminal => "use a terminal with OSC 52, or export to a file with `x`", "换用支持OSC 52的终端，或按 `x` 导出到文件";
    doctor_screen => "screen does not pass OSC 52 on: what is copied does not reach the clipboard", "screen不转发OSC 52，无法复制到剪贴板";
    doctor_use_tmux => "use tmux, or export to a file with `x`", "改用tmux，或按 `x` 导出到文件";
    doctor_tmux => "through tmux, which passes it on to the terminal", "通过tmux转发到终端";
    doctor_tmux_off => "tmux keeps it for itself: set-clipboard is off", "tmux不转发：set-clipboard为off";
    doctor_tmux_set => "tmux set -s set-clipboard on", "tmux set -s set-clipboard on";
    doctor_tmux_terminal => "tmux does not know that the terminal has a clipboard", "tmux不知道终端支持剪贴板";
    doctor_tmux_feature => "tmux set -as terminal-features ',*:clipboard', then attach again", "tmux set -as terminal-features ',*:clipboard'，然后重新attach";
    doctor_tmux_silent => "tmux does not answer; OSC 52 is used in its place", "tmux没有应答，改用OSC 52";

    doctor_locale_none => "none is set, so not UTF-8", "未设置，不是UTF-8";
    doctor_locale_other(locale) => "{locale} is not UTF-8: Chinese may not show", "{locale}不是UTF-8，中文可能无法显示";
    doctor_set_locale => "export LANG=C.UTF-8, or zh_CN.UTF-8", "export LANG=zh_CN.UTF-8";

    doctor_not_there(path) => "{path}, not there yet", "{path}（尚不存在）";
    doctor_no_home => "there is no home directory that it could be in", "没有主目录，无处存放";
    doctor_set_home => "set HOME, or the XDG directories", "设置HOME或XDG目录变量";
    doctor_writable(mode) => "{mode}: others can change it", "{mode}：其他用户可修改";
    doctor_readable(mode) => "{mode}: others can read it", "{mode}：其他用户可读取";
    doctor_chmod(path) => "chmod 600 {path}", "chmod 600 {path}";
    doctor_no_mistakes => "no mistakes", "没有错误";
    doctor_correct => "correct it; `obx config template` has all settings with their defaults", "请改正；`obx config template` 可列出全部设置项及默认值";

    doctor_pair => "from OBX_KEY and OBX_SECRET", "来自OBX_KEY和OBX_SECRET";
    doctor_in_file(profile) => "from profile {profile} of the config file", "来自配置文件的档案{profile}";
    doctor_by_command(profile) => "from the key_command of profile {profile}, which was not run", "来自档案{profile}的key_command（未运行）";
    doctor_no_credentials => "none: the explorer starts in DEMO, and commands that call are refused", "没有：浏览界面进入演示模式，需要调用接口的命令会被拒绝";
    doctor_set_credentials => "set OBX_KEY and OBX_SECRET, or a profile in the config file", "设置OBX_KEY和OBX_SECRET，或在配置文件中设置档案";
    doctor_credentials_unread => "the config file can't be read", "无法读取配置文件";

    doctor_by_proxy => "not found here, but reached by the proxy", "本机无法解析，由代理连接";
    doctor_check_name => "check the name, the network and DNS; behind a proxy set HTTPS_PROXY", "检查主机名、网络和DNS；需代理时设置HTTPS_PROXY";
    doctor_check_route => "check network, firewall and HTTPS_PROXY, or name another --host", "检查网络、防火墙和HTTPS_PROXY，或用 --host 指定其他主机";
    doctor_check_certificate => "check this machine's clock and root certificates, and for a proxy that opens TLS", "检查本机时钟和根证书，以及是否有拆解TLS的代理";
    doctor_connected(seconds) => "connected in {seconds} s", "{seconds}秒连上";
    doctor_connected_tls(seconds) => "connected in {seconds} s, TLS included", "{seconds}秒连上（含TLS）";
    doctor_reached => "reached", "已连上";
    doctor_trusted => "its certificate is trusted", "证书可信";
    doctor_skipped_offline => "not checked: --offline", "未检查：--offline";

    doctor_clock_right(host, at) => "agrees with {host}, by its answer of {at}", "与{host}一致（依据其 {at} 的响应）";
    doctor_clock_behind(seconds, host, at) => "{seconds} s behind {host}, by its answer of {at}", "比{host}慢{seconds}秒（依据其 {at} 的响应）";
    doctor_clock_ahead(seconds, host, at) => "{seconds} s ahead of {host}, by its answer of {at}", "比{host}快{seconds}秒（依据其 {at} 的响应）";
    doctor_send_all_the_same => "`obx quota --probe --override`, or Y in the explorer, sends one call all the same, which may be billed; once one succeeds, commands call again", "`obx quota --probe --override` 或在浏览界面按Y可强制发送一次调用，可能计费；成功后命令即可恢复调用";
    doctor_clock_unknown => "there is no stored answer to compare it with", "没有可供对比的存档";
    doctor_set_clock => "set this machine's clock (NTP): signed calls and the quota's day depend on it", "校准本机时钟（NTP）：签名调用和额度日界依赖它";

    doctor_store_memory => "in memory, by --no-store", "在内存中（--no-store）";
    doctor_store_sound(version, exchanges, size) => "version {version}, {exchanges} exchange(s), {size}", "版本{version}，{exchanges}条记录，{size}";
    doctor_store_old(version, exchanges, size) => "version {version}, {exchanges} exchange(s), {size}; migrated when it is next written", "版本{version}，{exchanges}条记录，{size}；下次写入时升级";
    doctor_clock_unread => "it is compared with a stored answer, and the store can't be read", "须与存档对比，而存档无法读取";
    doctor_server_unreadable => "see docs/team-store.md", "见docs/team-store.md";
    doctor_store_unreadable => "see docs/storage.md; with --store FILE another one is used", "见docs/storage.md；可用 --store 另建";
    doctor_store_unwritable => "it can't be written: no call can be recorded", "不可写，无法记录调用";
    doctor_make_writable => "make the file and its folder writable, or give --store FILE", "使文件及其目录可写，或用 --store 指定其他文件";
    doctor_sound => "no damage found", "未发现损坏";
    doctor_restore => "restore the database from a backup", "请从备份恢复数据库";
    doctor_recover => "copy it aside, then recover what can be read: sqlite3 FILE .recover", "先备份，再抢救可读内容：sqlite3 FILE .recover";
    doctor_make_room => "make room: answers that can't be written stay in memory only", "请清理磁盘：无法写入的响应只保留在内存中";

    doctor_unsent_none => "no answer waits for the server", "没有等待写入服务器的结果";
    doctor_unsent(count, size, oldest, folder) => "{count} paid answer(s) not on the server yet, {size}, the oldest of {oldest}, in {folder}", "{count}条已付费结果尚未写入服务器，共{size}，最早 {oldest}，位于{folder}";
    doctor_unsent_other(count, size, oldest, folder) => "{count} paid answer(s) for another store, {size}, the oldest of {oldest}, in {folder}", "{count}条已付费结果属于其他存档，共{size}，最早 {oldest}，位于{folder}";
    doctor_unsent_unreadable(count, folder) => "{count} file(s) of paid answers can't be read, in {folder}", "{count}个已付费结果的文件无法读取，位于{folder}";
    doctor_hand_in => "the next command with this store hands in what waits once the server can be reached, as `obx log`", "服务器恢复后，下一个使用该存档的命令（如 `obx log`）会自动写入";
    doctor_hand_in_other => "a command with that store, by --store, hands them in", "用 --store 指定该存档执行任一命令，即可写入";
    doctor_keep_unsent => "check whose they are and their permissions; keep them, since they are paid for", "检查文件属主和权限；已付费，请勿删除";
    doctor_log_off(path) => "{path}, written if OBX_LOG is set", "{path}（设置OBX_LOG后写入）";
    doctor_replaced => "it is put aside at the next start", "下次启动时会将其移开";
    doctor_nothing_kept => "nothing is kept", "不保存";
}
