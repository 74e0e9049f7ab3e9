//! The texts of the jq filter.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    jq_how(complete, older) => "jq, e.g. .item.skus.sku[].price   {complete} completes   {older} history", "jq程序，如 .item.skus.sku[].price   {complete}补全   {older}历史";
    jq_outputs(count) => "{count} result(s)", "{count}个结果";
    jq_one_output => "1 result", "1个结果";
    jq_no_output => "no result", "无结果";
    jq_truncated(results) => "{results}, truncated", "{results}，其余省略";
    jq_running => "running…", "运行中…";
    jq_expected(what) => "expected {what}", "此处应为 {what}";
    jq_left_out(name) => "{name} is left out: a program sees nothing but the document", "不支持 {name}：程序只能读取文档本身";
    jq_unknown(name) => "{name} is not defined", "{name} 未定义";
    jq_too_large => "uses too much memory, or nests too deep", "占用内存过多或嵌套过深";
    jq_not_started(why) => "jq can't run: {why}", "jq无法运行：{why}";
    jq_nothing_fits => "no key or function fits here", "没有可补全的键或函数";
    nothing_to_filter => "No JSON here to filter", "没有可过滤的JSON";

    hint_jq => "jq", "jq";
    hint_jq_keep => "keep", "保留";
    hint_jq_clear => "whole body", "还原全文";
    hint_jq_complete => "complete", "补全";

    action_jq => "filter the response with jq", "用jq过滤响应";
}
