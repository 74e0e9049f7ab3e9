//! The texts of `obx quota`, and its records.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_quota => "What is used and left of the quota, and the day's calls; from the store", "额度的已用与剩余，以及当日调用；数据来自存档";
    help_probe => "Make one call, which costs what a call costs, to learn the vendor's count; without an ID, of the last item", "调用一次（按次计费）以取得万邦计数；不带ID则用最近的商品";
    help_yes => "Do not ask before it is sent, for scripts", "发送前不询问，供脚本使用";
    help_override => "With --probe: send the one call even if a block, the cap or the reserve refuses it; it may be billed", "与 --probe 合用：即使已停用、已达上限或只剩保留额度，也发送这一次调用；可能计费";
    help_day => "Count the calls of a Beijing day: today, yesterday, or a date such as 2026-11-26", "统计某个北京日的调用：today、yesterday 或日期，如 2026-11-26";
    help_by => "Count calls by these: api, key, code, asked_by", "按这些项统计调用：api、key、code、asked_by（调用人）";
    help_fingerprint => "Only the key whose fingerprint begins so", "只看指纹以此开头的key";
    help_textfile => "Write the numbers for Prometheus' node exporter to this file, which ends in .prom", "为Prometheus的node exporter写入此文件（以.prom结尾）";
    help_fail_below => "End with 5 if fewer calls are left today, if calls are blocked, or if nobody knows how many", "今日剩余不足此数、已停用或无法得知时，以5退出";

    quota_label_used => "Used", "已用";
    quota_label_answer => "api_info of", "api_info时间";
    quota_label_blocked => "Blocked", "已停用";
    quota_no_calls => "No calls are stored for this gateway: nothing is known of its quota. `obx quota --probe ID` makes one", "该网关没有调用记录，额度未知。`obx quota --probe ID` 会调用一次";
    quota_other_day(moment, used) => "{moment}: {used} then; today's count is not known", "{moment}：当时已用{used}；今日计数未知";
    quota_no_count(moment) => "{moment}; today's count is not known", "{moment}；今日计数未知";
    quota_unknown_left(least) => "how many calls are left today is not known, so {least} can't be promised; `obx quota --probe` asks the vendor", "今日剩余未知，无法保证还有{least}次；`obx quota --probe` 可查询";
    quota_too_few(left, least) => "{left} left, fewer than {least}", "剩余{left}次，少于{least}次";
    quota_probe(id) => "This makes one call of item_get for {id}, which the vendor bills. Send it?", "将对 {id} 调用一次item_get，万邦会计费。发送吗？";
    quota_probe_at(id, price) => "This makes one call of item_get for {id}: {price} yuan if it is billed. Send it?", "将对 {id} 调用一次item_get，计费则{price}元。发送吗？";
    quota_not_prom(path) => "{path} does not end in .prom: the textfile collector reads no other files", "{path} 不以.prom结尾：textfile收集器不读取其他文件";
    cli_needs_yes => "there is no terminal to ask on; --yes sends it without asking", "没有可供询问的终端；加 --yes 则直接发送";
    cli_no_probe_item => "no item was requested before; name one: `obx quota --probe ID`", "此前没有请求过商品，请指定：`obx quota --probe ID`";
    cli_unwritten(path) => "can't write {path}", "无法写入 {path}";
    usage_day => "it takes today, yesterday, or a date such as 2026-11-26", "应为 today、yesterday 或日期，如 2026-11-26";
    usage_one_of(choices) => "it takes {choices}", "应为 {choices}";

    column_api => "API", "接口";
    column_key => "Key", "key";
    column_asked_by => "Asked by", "调用人";
    column_calls => "Calls", "调用";
    column_unknown => "Unknown", "未知";
    column_free => "Free", "免费";
    column_from_store => "From store", "存档";

    record_key => "fingerprint of the key", "key的指纹";
    record_gateway => "gateway: `onebound`, or the address of another host", "网关：`onebound`，或其他网关的地址";
    record_day => "day in Beijing", "北京日";
    record_used => "calls of the day: the vendor's newest count and the own calls since; null without an answer of that day", "当日已用：万邦最新计数加其后的本机调用；当日无响应则为null";
    record_max => "allowed calls a day, by the newest answer", "每日上限（最新响应）";
    record_left => "calls that are left; null if today's count is not known", "剩余次数；今日计数未知则为null";
    record_reported => "the vendor's newest count of the day", "万邦当日最新计数";
    record_reported_at => "when the newest answer with `api_info` came, be it of this day or not", "最新含 `api_info` 的响应的时间，不一定是当日";
    record_forecast => "`lasts_the_day`, `out_at`, `out`; null while there is too little to tell", "`lasts_the_day`、`out_at`、`out`；无法预计则为null";
    record_out_at => "when the quota is used up if the last hours go on", "照最近几小时的频率，额度用完的时间";
    record_left_at_midnight => "calls left at midnight in Beijing, where that can be told", "北京时间零点时的剩余次数（可预计时）";
    record_expires => "last day of the key", "key的最后一天";
    record_expires_in => "days until then; below 0 if it has passed", "距到期的天数；已过期则为负";
    record_count_billed => "calls that were billed", "计费的调用";
    record_count_free => "calls that were free", "免费的调用";
    record_count_unknown => "calls of which nobody knows whether they were billed", "是否计费未知的调用";
    record_count_store => "stored answers in place of a call, without those of batches", "以存档代替的次数，不含批量";
    record_count_others => "calls that the vendor counted and this store does not have", "万邦已计而本存档没有的调用";
    record_blocked => "why no calls are sent: `reason` (`quota`, `balance`, `stopped`, `expired`, `damaged`), `until` (null if it does not end by itself); null without a block", "停用原因：`reason`（`quota`、`balance`、`stopped`、`expired`、`damaged`）、`until`（不会自行恢复则为null）；未停用则为null";
    record_api => "`api_name`", "`api_name`";
    record_call_code => "`error_code`; empty for a call that ended without one", "`error_code`；没有则为空";
    record_asked_by => "who asked; empty in a store that nobody shares", "调用人；非共享存档则为空";
    record_calls => "calls that were sent", "已发送的调用";
}
