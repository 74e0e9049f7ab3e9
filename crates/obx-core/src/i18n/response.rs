//! The texts of the response: tree, raw text, headers, timing, and the search in them.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    view_tree => "Tree", "树";
    view_raw => "Raw", "原文";
    view_headers => "Headers", "头信息";
    view_timing => "Timing", "耗时";
    pretty_printed => "pretty-printed", "格式化";
    unquoted => "unquoted", "无引号";

    text_truncated(size) => "… truncated, {size} in total", "…其余省略，共{size}";
    json_too_large(size) => "The JSON in this string is too large to open here: {size}", "字符串中的JSON过大，无法在此展开：{size}";
    string_is_no_json(at) => "The string looks like JSON but isn't, from byte {at} on", "该字符串形似JSON，但第{at}字节处不合法";
    too_large_for_pretty => "The body is too large to pretty-print: see the tree", "响应过大，无法格式化原文，请用树查看";

    only_json_is_pretty_printed => "Only JSON can be pretty-printed: this text is shown as received", "只有JSON才能格式化，此响应保持原文";
    only_json_is_pretty_printed_see_tree => "Only JSON can be pretty-printed; the tree shows this one", "只有JSON才能格式化，此响应请用树查看";
    only_raw_is_pretty_printed(next_view) => "Only raw text can be pretty-printed: {next_view} switches to it", "只有原文可以格式化，按{next_view}切换";
    only_results_are_unquoted => "Only strings of a jq result can be shown without quotes", "只有jq结果中的字符串可去掉引号显示";
    searched_in_tree => "The text is too large to search: searching the tree", "原文过大，改为在树中搜索";
    work_failed => "Not done: internal error, see OBX_LOG", "未完成：内部错误，见OBX_LOG";
    too_large_to_search(open_editor, open_pager) => "The text is too large to search here; {open_editor} and {open_pager} open it", "原文过大，无法在此搜索，可按{open_editor}或{open_pager}打开";
    seconds(number) => "{number} s", "{number}秒";

    more_follows(byte) => "more from byte {byte} on, see Raw", "第{byte}字节起还有内容，见原文";

    search_how => "text, or ~regex", "文本，或 ~正则";
    searching => "searching…", "搜索中…";
    parsing => "parsing…", "解析中…";
    formatting => "formatting…", "格式化中…";
    not_searched => "not searched", "未搜索";
    no_hits => "not found", "未找到";
    hits(count) => "{count} found", "{count}处匹配";
    hits_inside(count) => "{count} found inside", "内有{count}处匹配";
    bad_expression => "not a valid regex yet", "正则不完整";
    nothing_to_search => "Nothing to search here", "没有可搜索的内容";
    search_from_top => "Wrapped to the top", "已回到开头";
    search_from_bottom => "Wrapped to the end", "已回到末尾";

    request => "Request", "请求";
    response => "Response", "响应";
    no_status => "no status line received", "未收到状态行";
    no_headers => "none", "无";
    time_connect => "Connect", "建立连接";
    time_first_byte => "First byte", "首字节";
    time_body => "Body", "接收正文";
    time_total => "Total", "总计";
    time_note => "Connect includes TLS; execution_time is measured by the vendor.", "建立连接包含TLS；execution_time 为万邦自报。";
    fact_stage => "Stage", "到达阶段";
    fact_status => "HTTP", "HTTP";
    fact_size => "Body", "正文";
    fact_host => "Host", "地址";
    not_json => "not JSON", "不是JSON";
    stage_nothing_sent => "nothing sent", "未发送";
    stage_sent => "request may have been sent; no response started", "请求可能已发出，未收到响应";
    stage_answered => "response started", "已开始收到响应";

    hint_fold => "fold", "折叠";
    hint_next_view => "view", "视图";
    hint_search => "search", "搜索";
    hint_next_hit => "next", "下一个";
    hint_previous_hit => "previous", "上一个";
    hint_pretty => "pretty-print", "格式化";
    hint_unquoted_text => "quotes", "引号";

    action_fold => "fold or unfold", "折叠／展开";
    action_unfold_all => "unfold all", "全部展开";
    action_fold_all => "fold all", "全部折叠";
    action_unfold_level => "unfold this level", "展开同级";
    action_fold_level => "fold this level", "折叠同级";
    action_next_sibling => "next sibling", "同级下一个";
    action_previous_sibling => "previous sibling", "同级上一个";
    action_wrap => "show long text in full; unquote jq strings", "完整显示长文本；jq字符串去引号";
    action_next_hit => "next match", "下一个匹配";
    action_previous_hit => "previous match", "上一个匹配";
    action_next_view => "tree, raw, headers, timing", "切换：树、原文、头信息、耗时";
    action_pretty => "pretty-print raw text, and back", "原文格式化／还原";
}
