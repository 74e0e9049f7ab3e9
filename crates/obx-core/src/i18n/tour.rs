//! The tour through the explorer, in DEMO.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_tour => "the tour in five steps, and its end", "五步上手；再次执行则结束";
    tour_title(step, count) => "Tour {step} of {count}", "五步上手 {step}/{count}";
    tour_end_hint(escape) => "{escape} ends it", "按 {escape} 结束";
    tour_ended(tour) => "The tour has ended; {tour} starts it again", "已退出五步上手；{tour} 可重新开始";
    tour_only_in_demo => "The tour runs in DEMO only, where nothing is billed: start obx without credentials", "五步上手只在演示模式（不计费）进行：请在不设账号时启动obx";
    tour_no_room(width, height) => "The tour needs {width}x{height}", "五步上手需要 {width}x{height} 的窗口";
    tour_over(export, keys, palette) => "That was the tour. {export} exports to CSV, {keys} lists all keys, {palette} all actions", "五步上手到此结束。{export} 导出表格，{keys} 查看全部按键，{palette} 查看全部操作";
    tour_fetch(submit) => "Get an item: type 610947590300, then {submit}. The ¥ beside a key means that it makes a call; here the emulator answers, for free.", "获取商品：输入 610947590300，按 {submit}。按键旁的¥表示会调用接口；这里由模拟器应答，不花钱。";
    tour_skus(filter, submit, sort) => "Narrow its 300 SKUs down: {filter}, type stock>1000, {submit}. {sort} sorts by the column under the cursor instead.", "从300个SKU中挑选：按 {filter}，输入 库存>1000，按 {submit}。也可用 {sort} 按光标所在列排序。";
    tour_quantity(item, open, submit) => "What would 100 cost? {item} goes to the item; {open} asks for a quantity: type 100, {submit}.", "算一算买100件的价格：按 {item} 到商品面板，按 {open}，输入 100，按 {submit}。";
    tour_compare(refetch, compare) => "Has it changed? {refetch} fetches the item again: a call, hence the ¥. When it is there, {compare} compares both answers.", "价格、库存变了吗？按 {refetch} 重新获取（会调用接口，所以标有¥），收到后按 {compare} 对比两次结果。";
    tour_reopen(escape, requests, down, open) => "{escape} closes the comparison. Every answer is kept: {requests} is the log, {down} moves down, {open} shows an earlier answer, without a call.", "按 {escape} 关闭对比。所有结果都有存档：{requests} 是请求记录，{down} 下移，{open} 查看之前的结果，不产生调用。";
}
