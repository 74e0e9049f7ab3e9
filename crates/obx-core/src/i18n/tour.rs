//! The tour through the explorer, in DEMO.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_tour => "the tour in five steps, and its end", "五步上手；再次执行则结束";
    tour_title(step, count) => "Tour {step} of {count}", "五步上手 {step}/{count}";
    tour_end_hint => ":tour ends it", "输入 :tour 结束";
    tour_only_in_demo => "The tour runs in DEMO only, where nothing is billed: start obx without credentials", "五步上手只在演示模式（不计费）进行：请在不设账号时启动obx";
    tour_no_room(width, height) => "The tour needs {width}x{height}", "五步上手需要 {width}x{height} 的窗口";
    tour_over(keys, palette) => "That was the tour. {keys} lists all keys, {palette} all actions", "五步上手到此结束。{keys} 查看全部按键，{palette} 查看全部操作";
    tour_fetch(submit) => "Fetch an item: type 610947590300, then {submit}. The ¥ beside a key means that it makes a call; here it is the emulator's, and free.", "获取商品：输入 610947590300，按 {submit}。按键旁的¥表示会发起调用；这里由模拟器应答，不花钱。";
    tour_filter(filter, submit, sort) => "Find SKUs among 300: {filter}, type 礼盒, {submit}. {sort} sorts by the column under the cursor.", "在300个SKU中查找：按 {filter}，输入 礼盒，按 {submit}。{sort} 按光标所在列排序。";
    tour_response(open, jq) => "See where a SKU comes from: {open} shows its place in the response. {jq} then .item.skus.sku | length runs jq over it; {open} keeps the result.", "查看SKU的来源：{open} 定位到它在响应中的位置。按 {jq} 再输入 .item.skus.sku | length 运行jq，{open} 保留结果。";
    tour_explain(edit, submit, explain) => "Ask for an item that doesn't exist: {edit}, type 610947572000, {submit}. Then {explain} says what happened, whether it was billed, and what to do.", "查询不存在的商品：按 {edit}，输入 610947572000，按 {submit}。再按 {explain} 查看发生了什么、是否计费、如何处理。";
    tour_reopen(requests, down, open) => "Look again without paying: {requests} is the log of requests, {down} moves down, {open} shows that row's answer from the store.", "免费回看：{requests} 是请求记录，{down} 下移，{open} 从存档显示该行的结果。";
}
