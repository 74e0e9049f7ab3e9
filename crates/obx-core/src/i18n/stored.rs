//! The commands that read the store and never call.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_show => "Print a stored answer of an item; never a call", "输出商品的存档，不调用接口";
    about_history => "Price and stock of an item over all stored answers; never a call", "商品历次存档的价格和库存，不调用接口";
    help_stored_id => "Item ID, address, or a text with an ID", "商品ID、商品页地址或含ID的文字";
    help_at => "In place of the newest answer, the one with this number in `obx history`, or the newest up to this time: 3, 2026-11-23, \"2026-11-23 15:24\"", "不取最新存档，而取 `obx history` 中此编号的一条，或此时间及之前最新的一条：3、2026-11-23、\"2026-11-23 15:24\"";

    none_stored_of(id) => "no answer of {id} is stored for this gateway", "此网关没有 {id} 的存档";
    none_stored_hint(id) => "`obx get {id}` fetches it, which may be billed", "`obx get {id}` 可获取，可能计费";
    none_stored_number(number, count, id) => "there is no answer {number} of {id}: the numbers go from 1 to {count}", "{id} 没有编号为{number}的存档：编号为1至{count}";
    none_stored_until(id) => "no answer of {id} is that old", "{id} 没有那么早的存档";
    stored_hint_history(id) => "`obx history {id}` lists its stored answers", "`obx history {id}` 列出其全部存档";
    no_such_point(text) => "{text} is neither a number in `obx history` nor a time as 2026-11-23 or \"2026-11-23 15:24\"", "{text} 既不是 `obx history` 中的编号，也不是 2026-11-23、\"2026-11-23 15:24\" 这样的时间";

    shown_answer(number, count, at, age) => "stored answer {number} of {count}, fetched {at}, {age}", "第{number}条存档（共{count}条），获取于 {at}（{age}）";
    age_now => "just now", "刚刚";
    age_minutes(count) => "{count} min ago", "{count}分钟前";
    age_hours(count) => "{count} h ago", "{count}小时前";
    age_days(count) => "{count} days ago", "{count}天前";

    history_of(id, count) => "{id}: stored answers: {count}", "{id}：共{count}条存档";
    column_number => "No.", "编号";
    column_change => "Change", "变化";
    record_num_iid => "the item's ID", "商品ID";
    record_number => "its number among the item's stored answers, the oldest being 1", "在该商品存档中的编号，最早的为1";
    record_answered_at => "when the answer came", "响应到达的时间";
    record_price => "price; null where there is none or it is a range", "价格；没有价格或为区间时为null";
    record_price_change => "change from the last price before", "与之前最近一次价格的差";
    record_stock => "stock; null where the vendor does not know it", "库存；万邦未给出时为null";
    record_stock_change => "change from the last stock before", "与之前最近一次库存的差";
    record_price_sent => "price as sent; absent in an answer without an item", "原样的价格；响应中没有商品时无此字段";
    record_stock_sent => "stock as sent; absent in an answer without an item", "原样的库存；响应中没有商品时无此字段";

    about_log => "Print the log of requests, oldest first; never a call", "输出请求记录，从旧到新，不调用接口";
    help_log_filter => "Only rows that pass this filter, as in the explorer: code!=0000, ms>2000, cost:billed, today", "只输出符合筛选的行，语法同浏览界面：code!=0000、ms>2000、cost:计费、今天";
    help_limit => "At most so many, the newest", "最多输出这么多条，取最新的";
    help_follow => "Then print the rows of other sessions as they come, until ^C", "随后持续输出其他会话的新记录，按^C结束";
    log_filter_mistake(filter, what) => "filter {filter}: {what}", "筛选 {filter}：{what}";
    log_nothing_to_follow => "there is no store yet, so there is nothing to follow", "还没有存档文件，无可跟踪";
    log_nothing_to_follow_hint => "the first `obx get` or the explorer makes it", "首次 `obx get` 或启动浏览界面时创建";
    column_subject => "Item, API", "商品或接口";
    record_id => "the row's number in the store", "存档中的行号";
    record_started_at => "when the call was started, or the stored answer was shown", "调用开始或显示存档的时间";
    record_subject => "the item's ID, or the API of a call for no item", "商品ID；非商品调用则为接口名";
    record_outcome => "the outcome in the interface's language", "结果（界面语言）";
    record_error_code => "the vendor's error_code", "万邦的error_code";
    record_status => "the HTTP status", "HTTP状态码";
    record_row_billed => "whether it was billed; null if that is unknown", "是否计费；未知则为null";
    record_row_used => "calls used that day, by the answer", "响应中的当日已用次数";
    record_row_max => "calls allowed a day, by the answer", "响应中的每日额度";
    record_execution_time => "the vendor's time", "万邦的执行时间";
    record_seconds => "time from start to end", "从开始到结束的时间";
    record_bytes => "size of the body, unpacked", "解压后的响应大小";
    record_host => "the host that was asked", "被请求的主机";
    record_source => "`live`, `store` (a stored answer was shown, nothing was sent), `under_way` (in another session)", "`live`（实际调用）、`store`（显示存档，未发送）、`under_way`（其他会话进行中）";
}
