//! Texts of tables: filters, columns, totals.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_hide_column => "hide this column", "隐藏光标所在列";
    action_show_columns => "choose and order the SKU columns", "选择SKU列及其顺序";
    action_toggle_column => "show or hide the column", "显示／隐藏该列";
    action_move_column_down => "move the column down the list", "该列下移";
    action_move_column_up => "move the column up the list", "该列上移";
    action_reset_columns => "all columns as configured", "恢复默认的列";
    hint_toggle_column => "show or hide", "显示／隐藏";
    hint_move_column_down => "down", "下移";
    hint_move_column_up => "up", "上移";
    hint_reset_columns => "reset", "恢复默认";
    columns_title => "Columns", "列";
    columns_hidden(count) => "{count} hidden", "{count}列已隐藏";
    columns_last => "The last column stays", "至少保留一列";
    column_agent_price => "Agent", "代发价";
    column_picture => "Picture", "图片";
    log_billed(count) => "{count} billed", "已计费{count}";
    log_unknown(count) => "? {count} unknown", "? 未知{count}";
    log_median(seconds) => "median {seconds} s", "中位 {seconds}秒";
    about_amount(amount) => "~{amount}", "约{amount}";
    totals_range(title, min, max, median) => "{title} {min}–{max}, median {median}", "{title} {min}–{max}，中位 {median}";
    totals_left_out(text, count) => "{text} ({count} unknown)", "{text}（另有{count}个未知）";
    filter_column_code => "code", "代码";
    filter_column_asked_by => "asked_by", "调用人";
    filter_column_host => "host", "主机";
    filter_column_ms => "ms", "毫秒";
    filter_unknown_column(name) => "no column {name}; quote it to search for it", "没有“{name}”这一列；要搜原文请加引号";
    filter_did_you_mean(name, meant) => "no column {name}; did you mean {meant}?", "没有“{name}”这一列；是否想用 {meant}？";
    filter_no_column(written) => "{written} names no column", "{written} 没有写明哪一列";
    filter_no_value(written) => "{written} has no value", "{written} 后面缺少值";
    filter_no_alternative => "nothing after |", "| 后面没有内容";
    filter_not_a_number(value) => "{value} is not a number", "{value} 不是数字";
    filter_not_a_time(value) => "{value} is not a time", "{value} 不是时间";
    filter_unknown_value(value, known) => "{value} is never in this column; it has {known}", "该列没有 {value}；可用：{known}";
    filter_not_understood => "not understood", "无法识别";
    filter_not_applied => "not filtered", "未筛选";
    filter_before => "by the last valid filter", "沿用上一次筛选";
}
