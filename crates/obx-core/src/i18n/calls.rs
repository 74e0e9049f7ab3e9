//! Calls of any API, at any host: the editor's texts, and those of a host that did not answer.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    refetch_not_loaded(open, refetch) => "This row's call isn't loaded: {open} shows it, then {refetch} refetches", "该行的请求不在内存中：先按{open}显示，再按{refetch}重新获取";
    // A host that failed after the call was sent, and the next one.
    host_did_not_answer(host, billing) => "{host} did not answer; {billing}", "{host} 未响应，{billing}";
    host_answered_http(host, status, billing) => "{host} answered HTTP {status}; {billing}", "{host} 返回HTTP {status}，{billing}";
    it_was_billed => "it was billed", "已计费";
    it_was_free => "it was free", "未计费";
    it_is_unknown => "whether it was billed is unknown", "是否计费未知";
    try_host(host) => "try {host}", "改用 {host}";
    hint_try_next_host => "try the next host", "改用备用地址";
    card_before => "Tried before", "此前";
    card_api => "API", "接口";
    card_health => "Host status", "地址状态";
    host_answered(clock) => "answered {clock}", "最近响应 {clock}";
    host_failed(clock, why) => "failed {clock}, {why}", "{clock} 失败（{why}）";
    host_not_called_lately => "not called lately", "近期未调用";
    host_not_called => "not called yet", "尚未调用";
    and_then => "; ", "；";

    // Calls under way, in the request log.
    row_under_way => "under way", "进行中";
    row_in_batch => "in a batch", "批量调用中";
    row_not_awaited => "no longer awaited", "已停止等待";
    outcome_pending(id, how) => "The call for {id} is {how}; its outcome will appear in this row", "{id} 的调用{how}，结果将显示在此行";

    // Answers of other APIs than item_get.
    answer_in_response(response) => "{response} shows the response.", "按{response}查看返回内容。";
    advice_success(refetch, response) => "Success. {response} shows the response; {refetch} refetches.", "一切正常。{response}查看返回内容，{refetch}重新获取。";

    // The call editor.
    action_edit_call => "edit a call to any API, send it once", "编辑任意接口的调用，单次发送";
    editor_title => "One-off call", "单次调用";
    editor_default => "vendor's default (yes)", "万邦默认（yes）";
    editor_in_order(host) => "{host} first", "优先 {host}";
    editor_further => "parameter", "参数";
    editor_add => "+ parameter", "+ 参数";
    editor_send => "send", "发送";
    editor_to(host) => "to {host}", "→ {host}";
    editor_translation(lang) => "{lang}: billed as a translation", "{lang}：按翻译计费";
    editor_not_yet_for(field) => "not ready to send: see {field}", "尚不能发送：见 {field}";
    editor_not_yet(what) => "not ready to send. {what}", "尚不能发送。{what}";
    editor_reason(field, why) => "{field}: {why}", "{field}：{why}";
    editor_price => "The price of one call; any surcharge for other APIs is unknown here.", "价格为一次调用的价格；其他接口的加价此处未知。";
    editor_price_translated => "The translation is billed on top of the call; its price is unknown here.", "翻译在调用之外另计费，价格此处未知。";
    editor_duplicate => "duplicate name", "该参数重复";
    editor_wrong_name => "letters, digits and _ only", "只能是字母、数字和_";
    editor_wrong_parameter => "NAME=VALUE, the name in letters, digits, _ and .", "格式为 名称=值，名称只能含字母、数字、_和.";
    editor_reserved(name) => "{name} can't be set here: it has its own line, or obx sends it", "{name} 不能写在这里：它有单独的一行，或由obx发送";
    about_api_name => "item_get, item_search, item_fee, …: any API of the vendor", "item_get、item_search、item_fee…万邦的任何接口";
    about_platform => "← → the vendor's api_type", "← → 万邦的 api_type";
    about_num_iid => "digits, or an offer URL", "商品ID，或商品页地址";
    about_query => "words to search for", "搜索词";
    about_page => "result page, from 1", "结果页码，从1开始";
    about_sales_data => "← → sales of the last 30 days", "← → 近30天成交数据";
    about_agent => "← → drop-shipping prices", "← → 分销代发价";
    about_cache => "← → no: refetched from 1688, bypassing the store too", "← → no：从1688重新获取，也不用本地存档";
    about_lang => "← → anything but cn is billed as a translation", "← → 除cn外均按翻译计费";
    about_result_type => "← → format of the answer", "← → 返回格式";
    about_version => "the vendor's version; not sent if empty", "万邦的version参数；空则不发送";
    about_host => "← → where the call goes; a single host bypasses the store", "← → 调用地址；指定单个地址时不用本地存档";
    about_further => "NAME=VALUE; Backspace in an empty line removes it", "名称=值；在空行按退格可删除";
    about_add(submit) => "{submit} adds a parameter", "按{submit}添加参数";
    about_send(escape) => "{escape} leaves without sending", "按{escape}离开，不发送";
    // Calls that may place an order.
    trade_not_repeated(edit_call) => "Not sent: this call may place an order. {edit_call} sends it after a typed confirmation", "未发送：此调用可能下单。请按{edit_call}，在调用编辑器中输入确认后发送";
    refused_trade_under_way => "Not sent: the same call is under way, and it may place an order", "未发送：同一调用正在进行中，它可能下单";
    refused_withheld(name, edit_call) => "Not sent: the value of {name} is never stored. {edit_call} lets you enter it again", "未发送：{name} 的值不会保存。请按{edit_call}重新填写";
    editor_confirm => "confirm", "确认";
    about_confirm => "This call may place an order: sent once, never repeated", "此调用可能下单：只发送一次，不会重复";
    demo_host => "the emulator", "模拟器";
    trade_confirm(phrase, host) => "type {phrase} to send it once; it may place an order at {host}", "请输入 {phrase}，以发送一次；此调用可能在 {host} 下单";
    hint_add => "add", "添加";
    hint_send => "send", "发送";
    hint_to_error => "to the error", "去修改";
    hint_next_field => "next line", "下一行";
    hint_field_above => "up", "上一行";
    hint_field_below => "down", "下一行";
    hint_dont_send => "don't send", "不发送";
}
