//! Export, clipboard, editor and pager, saved files.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    // The export popup.
    export_title => "Export", "导出";
    export_file => "File", "文件";
    export_to => "To", "导出到";
    export_to_file => "a file", "文件";
    export_to_clipboard => "the clipboard", "剪贴板";
    export_bom(state) => "byte order mark, for Excel: {state}", "BOM（供Excel识别）：{state}";
    export_client_ip(state) => "include your IP address: {state}", "包含您的IP地址：{state}";
    export_on => "on", "开";
    export_off => "off", "关";
    export_exists(submit) => "The file exists. {submit} again overwrites it; or type another name", "文件已存在。再按{submit}覆盖，或改用其他文件名";
    export_redacted => "Key and secret are written as $OBX_KEY and $OBX_SECRET", "key和secret写作 $OBX_KEY 和 $OBX_SECRET";
    export_unquoted(state) => "strings without quotes, like jq -r: {state}", "字符串不带引号（同 jq -r）：{state}";
    export_jq => "jq result, one output per line", "jq结果（每个输出一行）";
    export_json => "pretty-printed JSON", "格式化JSON";
    export_body => "the body as received", "原始响应";
    export_ndjson => "SKUs as NDJSON, one per line", "SKU（NDJSON，每行一个）";
    export_skus_shown(count) => "SKUs as CSV: the {count} shown, in this order", "SKU（CSV）：当前显示的{count}个，按表格顺序";
    export_skus_all(count) => "SKUs as CSV: all {count}", "SKU（CSV）：全部{count}个";
    export_sku_csv => "SKUs as CSV", "SKU（CSV）";
    export_props_csv => "props as CSV", "属性（CSV）";
    export_markdown => "item and SKUs as Markdown", "商品和SKU（Markdown）";
    export_har => "this exchange as HAR 1.2", "本次请求（HAR 1.2）";
    export_har_of_day => "today's log as HAR 1.2", "今日全部请求（HAR 1.2）";
    export_curl => "curl command", "curl命令";
    export_bundle => "support bundle for the vendor", "万邦售后排查包";
    exported(path, size) => "Wrote {size} to {path}", "已写入 {path}（{size}）";
    exported_quoted(path, size, count) => "Wrote {size} to {path}; values JSON doesn't have, written as strings: {count}", "已写入 {path}（{size}）；JSON不允许的值写成了字符串：{count}个";
    copied_export_quoted(count) => "the export (values JSON doesn't have, written as strings: {count})", "导出内容（JSON不允许的值写成了字符串：{count}个）";
    export_no_json => "the response isn't JSON: export the body as received", "响应不是JSON：请导出原始响应";
    export_failed(path, why) => "Nothing written to {path}: {why}", "未能写入 {path}：{why}";
    export_in_part(path, why) => "Only part of it was written to {path}: {why}", "{path} 只写入了一部分：{why}";
    export_no_item => "no item in this answer", "没有商品，无此类内容可写";
    export_no_body => "no body", "没有响应内容";
    export_day_not_read => "today's requests are not all read yet", "今日请求尚未全部读取";
    export_no_exchange => "nothing to export yet", "还没有可导出的内容";
    export_no_call => "the file doesn't say what was requested", "文件中没有请求信息";
    export_no_output => "the jq program had no output", "jq程序没有输出";
    export_calculating => "the columns of [price] are still being calculated", "[price]中的列尚在计算，请稍候";
    export_no_name => "Type a file name first", "请先输入文件名";
    hint_write => "write", "写入";
    hint_overwrite => "overwrite", "覆盖";
    hint_choose => "choose", "选择";
    hint_target => "file or clipboard", "文件/剪贴板";
    hint_bom => "BOM", "BOM";
    hint_client_ip => "IP address", "IP地址";
    hint_unquoted => "quotes", "引号";
    hint_bundle => "support bundle", "排查包";

    // Copying.
    copied_row => "the row", "该行";
    copied_value => "the value", "值";
    copied_key => "the key", "键名";
    copied_path => "the path", "路径";
    copied_jq_path => "the jq path", "jq路径";
    copied_curl => "the curl command", "curl命令";
    copied_string => "the string", "文本";
    copied_export => "the export", "导出内容";
    nothing_to_copy => "Nothing to copy here", "此处没有这类内容可复制";
    path_in_jq_result(copy_jq_path) => "This path exists only in the jq result; {copy_jq_path} copies the jq program", "该位置在jq结果中，不在响应里：按{copy_jq_path}复制jq程序";
    without_control_character(what) => "{what} without 1 control character", "{what}（已去掉1个控制字符）";
    without_control_characters(what, count) => "{what} without {count} control character(s)", "{what}（已去掉{count}个控制字符）";
    copied_tmux_only => "to tmux only; too long for the terminal", "仅放入tmux；内容过长，终端放不下";
    copied_to_file(what, path) => "{what} is too long for the terminal's clipboard: written to {path}", "{what}过长，终端剪贴板放不下：已写入 {path}";
    copy_row => "row", "行";
    copy_value => "value", "值";
    copy_key => "key", "键名";
    copy_path => "path", "路径";
    copy_jq_path => "jq path", "jq路径";
    copy_curl => "curl", "curl";
    copy_string => "string", "文本";
    hint_copy_again => "copy again", "再次复制";
    register_title => "Last copied", "最近复制";
    register_empty => "Nothing copied yet", "尚未复制任何内容";

    // Editor and pager.
    program_missing(program, value) => "Program \"{value}\" not found; set {program} to an installed one", "找不到程序“{value}”，请把{program}设为可用的程序";
    program_failed(program, why) => "Couldn't run {program}: {why}", "无法运行{program}：{why}";
    program_ended(program, code) => "{program} exited with code {code}", "{program}已退出，退出码{code}";
    program_killed(program, signal) => "{program} was killed by signal {signal}", "{program}被信号{signal}终止";
    program_is_over(program) => "[obx] {program} exited. Press Enter to go back.", "[obx] {program}已结束，按回车返回。";
    read_jq_result(escape, open_pager, open_editor) => "That was the jq result; for the whole body: {escape}, then {open_pager} or {open_editor}", "打开的是jq结果；查看完整响应请先按{escape}，再按{open_pager}或{open_editor}";
    no_output_to_show(escape) => "The jq program had no output to open; for the whole body: {escape} first", "jq程序没有输出；查看完整响应请先按{escape}";
    no_body_to_show => "No body to show yet", "还没有可查看的响应";

    // Saved files.
    source_file(name) => "file {name}", "文件 {name}";
    no_calls_in_file(name) => "No calls to this API in {name}.", "{name} 中没有该接口的请求。";
    reading_file(name) => "reading {name}…", "正在读取 {name}…";
    reading_so_far(name, size) => "Reading {name}: {size} so far. Esc stops.", "正在读取 {name}：已读 {size}，按Esc结束。";
    export_plain_host => "This call used plain http: a command for it would expose the key to the network.", "该请求使用明文http：命令会让key在网络上可见。";
    call_not_in_file => "Only a body: the request, headers, timing and cost are not in this file.", "文件中只有响应内容：没有请求参数、响应头、耗时和计费信息。";
    no_annotations_of_file => "Stars and notes aren't saved while a file is viewed: use a session that calls", "查看文件时不保存收藏和备注，请在可调用的会话中操作";
    no_quota_of_file => "A file has no quota: it belongs to the key of a session that calls.", "文件没有额度信息：额度属于发起调用的key。";
    where_calls_go_out(advice) => "In a session that can call: {advice}", "在可发起调用的会话中：{advice}";
    file_not_understood(response) => "Not readable as an answer of the API: {response} shows the file's content.", "不是可识别的接口响应：按{response}查看文件内容。";
    file_entries(count) => "Exchanges loaded: {count}", "已载入{count}次请求";
    file_of_other_apis(count) => "not of this API, left out: {count}", "文件中另有{count}次不属于该接口";
    file_without_address(count) => "without a readable URL, left out: {count}", "文件中另有{count}次没有可识别的地址";
    file_undated(count) => "without a readable time, dated as the file: {count}", "其中{count}次没有可识别的时间，以文件时间显示";
    file_undecoded(count) => "body not valid base64, shown as it is: {count}", "其中{count}次响应的base64无法解码，按原样显示";
    file_is_empty => "The file is empty.", "文件为空。";

    // What the actions do.
    action_export => "export to a file or the clipboard", "导出到文件或剪贴板";
    action_copy_menu => "copy: row, value, key, path, jq, curl", "复制：行、值、键名、路径、curl等";
    action_copy_row => "copy the row, tab-separated", "复制整行（制表符分隔）";
    action_copy_value => "copy the value", "复制值";
    action_copy_key => "copy the key", "复制键名";
    action_copy_path => "copy the path", "复制路径";
    action_copy_jq_path => "copy the path for jq", "复制jq路径";
    action_copy_curl => "copy the call as a curl command", "复制为curl命令";
    action_copy_string => "copy the string, unescaped", "复制文本（已解码）";
    action_register => "show what was copied last", "查看最近复制的内容";
    action_open_editor => "open a copy of body or jq result in $EDITOR", "在$EDITOR中打开响应或jq结果的副本";
    action_open_pager => "view body or jq result in $PAGER", "在$PAGER中查看响应或jq结果";
}
