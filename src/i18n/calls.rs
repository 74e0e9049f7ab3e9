//! Calls of any API, at any host: the editor's texts, and those of a host that did not answer.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    // A host that failed after the call was sent, and the next one.
    host_did_not_answer(host, billing) => "{host} did not answer; {billing}", "{host} 未响应，{billing}";
    host_answered_http(host, status, billing) => "{host} answered HTTP {status}; {billing}", "{host} 返回HTTP {status}，{billing}";
    it_was_billed => "it was billed", "已计费";
    it_was_free => "it was free", "未计费";
    it_is_unknown => "whether it was billed is unknown", "是否计费未知";
    asks_host(host) => "asks {host}", "改用 {host}";
    hint_ask_next_host => "ask the next host", "改用备用地址";
    card_before => "Before that", "此前";
    card_health => "Host's last", "地址状态";
    host_answered(clock) => "answered {clock}", "{clock} 有响应";
    host_failed(clock, why) => "failed {clock}, {why}", "{clock} 失败（{why}）";
    host_not_asked => "not asked yet", "尚未请求";
    and_then => "; ", "；";

    // Answers of other APIs than item_get.
    answer_in_response => "6 shows what came.", "按6查看返回内容。";
    advice_success => "All is well. 6 shows what came; R asks for it anew.", "一切正常。按6查看返回内容，按R重新请求。";
}
