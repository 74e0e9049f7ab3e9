//! What changed between two answers: headings, marks in words, and what is left out.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    difference_title => "What changed", "两次结果的变化";
    difference_two_title => "Two items", "两个商品对比";
    difference_two_items => "Two different items, not one that changed.", "这是两个不同的商品：以下是差异，不是变化。";
    difference_same => "No differences.", "没有差异。";
    difference_before => "Before", "之前";
    difference_after => "After", "之后";
    difference_none => "Nothing changed.", "没有变化。";
    difference_only_before => "Only the earlier answer has an item.", "只有较早的结果含商品。";
    difference_only_after => "Only the later answer has an item.", "只有较新的结果含商品。";
    difference_neither => "Neither answer has an item.", "两次结果都不含商品。";
    difference_bodies(before, after) => "The bodies differ: {before} before, {after} after.", "响应内容不同：之前 {before}，之后 {after}。";
    difference_left_out => "Not compared: times, quota, request IDs, tracking pixel", "未比较：时间、额度、请求编号、追踪像素";

    difference_history(count) => "{count} answer(s)", "共{count}次";
    history_heading => "History", "历史";
    item_heading => "Item", "商品";
    fields_heading => "Other fields", "其他字段";
    envelope_heading => "Envelope", "公共返回字段";
    count_changed(count) => "{count} changed", "变更{count}";
    count_added(count) => "{count} added", "新增{count}";
    count_removed(count) => "{count} removed", "移除{count}";
    reordered => "reordered", "顺序有变";
    reordered_lists(names) => "reordered: {names}", "顺序有变：{names}";

    course_flat(value) => "{value} throughout", "始终为 {value}";
    course_low(value) => "low {value}", "最低 {value}";
    course_range(low, high) => "{low} to {high}", "{low} 至 {high}";
    course_without(count) => "{count} without", "另有{count}次无数值";
    course_high(value) => "high {value}", "最高 {value}";

    type_changed(before, after) => "type: {before} → {after}", "类型：{before} → {after}";
    written_differently => "written differently", "写法不同";
    tier_from(tier) => "Tier {tier}", "阶梯价 {tier}";
    label_title => "Title", "标题";
    label_mix_amount => "Mixed amount", "混批金额";
    label_mix_number => "Mixed quantity", "混批数量";
    images_of_item => "main", "主图";
    images_of_props => "props", "属性图";
    images_of_description => "description", "详情图";
    label_description => "Description", "详情";
    sku_without_id => "(no ID)", "（无编号）";
    entries(count) => "{count} entr(y/ies)", "{count}项";
    characters(before, after) => "{before} → {after} characters", "{before} → {after} 字符";
    description_images(added, gone) => "images +{added} -{gone}", "图片 +{added} -{gone}";
}
