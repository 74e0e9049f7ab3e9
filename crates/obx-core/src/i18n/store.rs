//! What is the matter with the store, and what held a call back.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    not_kept(error) => "Not stored yet: {error}. obx keeps trying", "尚未存档：{error}。obx会继续尝试";
    not_stored_yet => "not stored yet", "尚未存档";
    now_kept => "What could not be stored before is stored now", "之前未能存档的内容现已存档";
    store_full => "the disk is full", "磁盘已满";
    store_read_only => "the store can't be written", "存档文件只读";
    store_locked => "another program holds the store", "存档被其他程序占用";
    store_corrupt => "the store is damaged, or no store of obx; --store FILE starts another one", "存档已损坏或不是obx的存档；可用 --store 另建";
    store_newer => "the store is of a newer obx; update, or give --store FILE", "存档由更新版本的obx创建；请升级，或用 --store 另建";
    store_unreachable => "the store can't be opened", "无法打开存档";
    store_log_damaged(count, copy) => "The store was damaged: its last {count} changes can't be read. A copy of its log: {copy}", "存档曾损坏：最后{count}次写入无法读取。日志副本：{copy}";
    store_log_unreadable(copy) => "The store was damaged: its last changes can't be read. A copy of its log: {copy}", "存档曾损坏：最后的写入无法读取。日志副本：{copy}";
    store_missing => "this answer is no longer in the store", "该响应已不在存档中";
    store_other => "the store failed", "存档出错";

    offline => "OFFLINE", "离线";
    enter_shows_offline => "Enter shows the newest stored answer", "回车显示最近的存档";
    hint_override => "send it anyway", "仍要发送";
    not_sent => "not sent", "未发送";
    action_override => "send the call that was held back here", "发送刚才被拦下的调用";
    refused_offline => "Offline: nothing is sent, and no stored answer would do", "离线：不会发送，也没有可用的存档";
    refused_no_ledger(error) => "Not sent: the call could not be written down first, {error}", "未发送：无法先行记账，{error}";
    refused_cap(cap, used) => "Not sent: your cap of {cap} calls a day is reached ({used} used)", "未发送：已达到您设定的每日上限{cap}次（已用{used}次）";
    refused_reserve(left, reserve) => "Not sent: {left} calls are left today, and {reserve} are reserved", "未发送：今日剩余{left}次，已预留{reserve}次";
    refused_latched(since, reason) => "Not sent: since {since} {reason}", "未发送：{since}起{reason}";
    latched_until(until) => ", until {until} (midnight in Beijing)", "，至{until}（北京零点）";
    latch_quota => "the quota is used up", "额度已用完";
    latch_balance => "the balance is used up", "余额不足";
    latch_stopped => "the account or API is stopped", "账号或接口已停用";
    latch_expired => "the key has expired", "密钥已过期";
    quit_with_unwritten(count) => "{count} not stored yet would be lost. ^C or q again quits", "有{count}次结果尚未存档，退出会丢失。再按^C或q退出";
    nothing_shown => "Nothing stored is on the screen yet", "屏幕上还没有已存档的结果";
    no_older_answer => "This is the oldest stored answer of this item", "这是该商品最早的存档";
    no_newer_answer => "This is the newest stored answer of this item", "这是该商品最新的存档";
    no_way_back => "No item was looked at before this one", "前面没有看过的商品";
    no_way_forward => "No item was looked at after this one", "后面没有看过的商品";
    marked => "Marked: d on another answer compares with this one", "已标记：在另一结果上按d与之比较";
    unmarked => "Mark taken away", "已取消标记";
    nothing_to_compare => "There is no other stored answer of this item to compare with; m marks one", "该商品没有其他存档可比较；按m可标记";
    answer_of(at, all) => "answer {at} of {all}", "第{at}/{all}次结果";
    day_totals => "today", "今日";
}
