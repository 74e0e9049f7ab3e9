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
    none_readable_of(id) => "no answer of {id} can be read: rows of the store are damaged", "{id} 的存档无法读取：有行已损坏";
    none_readable_hint => "`obx doctor` says what can be done; a new call may be billed again", "`obx doctor` 给出处理办法；重新调用可能再次计费";
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
    record_row_asked_by => "who asked, in a store that several people share; else null", "调用人（多人共享的存档）；否则为null";

    about_diff => "What differs between two stored answers of an item; never a call", "比较商品的两条存档，不调用接口";
    about_facts => "What is odd about a stored answer or a saved body; never a call", "存档或已保存响应中的异常，不调用接口";
    about_find => "Find stored answers by their texts; never a call", "按文字搜索存档，不调用接口";
    help_diff_answers => "Numbers in `obx history`, or times; one is compared with the newest. Without them, the newest with the last one before it that differs", "`obx history` 中的编号或时间；只给一个则与最新的比较。都不给则将最新的与之前最近一条有差异的比较";
    help_facts_of => "Item ID, whose newest stored answer is taken; or a file with a body or a HAR; - reads stdin", "商品ID（取其最新存档），或响应文件、HAR文件；- 为读取stdin";
    help_find_words => "Words that must all be there: titles, sellers, props, options, IDs, the vendor's messages", "须全部出现的字词：标题、卖家、属性、选项、ID、万邦的消息";
    help_bodies => "Also search whole bodies, as for words with punctuation: slower", "同时搜索响应全文（例如含标点的字词），较慢";
    diff_only_one(id) => "only one answer of {id} is stored: there is nothing to compare it with", "{id} 只有一条存档，无从比较";
    diff_none_newer(number, id) => "answer {number} of {id} is the newest: there is none to compare it with", "{id} 的第{number}条已是最新，没有更新的可比较";
    diff_only_one_hint(id) => "`obx get {id} --fresh` fetches another, which may be billed", "`obx get {id} --fresh` 可再获取一次，可能计费";
    find_none(words) => "no stored answer of this gateway has {words}", "此网关的存档中没有 {words}";
    find_none_hint => "--bodies also searches whole bodies", "--bodies 可同时搜索响应全文";
    find_unread(count) => "stored bodies that can't be read, and were not searched: {count}", "无法读取、未搜索的存档：{count}条";
    facts_left_out(count) => "entries of the HAR file that are no answers of this API, and were left out: {count}", "HAR文件中不是该接口响应、已略过的条目：{count}条";
    record_section => "`item`, `skus`, `props`, `images`, `fields` (others of the item), `envelope`, `outcome`, `body`", "`item`、`skus`、`props`、`images`、`fields`（商品的其他字段）、`envelope`、`outcome`、`body`";
    record_change_status => "`added`, `removed`, `changed`, `reordered`", "`added`、`removed`、`changed`、`reordered`";
    record_change_name => "the API's name of the field, or its path; `sku` for a whole SKU", "接口字段名或路径；整个SKU则为 `sku`";
    record_change_label => "the same in the words of the trade, in the interface's language", "字段的中文或英文叫法（界面语言）";
    record_change_sku_id => "the SKU's ID, else its `specId`", "SKU ID，没有则为 `specId`";
    record_change_sku => "the SKU's choices", "SKU的规格";
    record_before => "the earlier value", "之前的值";
    record_after => "the later value", "之后的值";
    record_amount => "the amount of the change", "变化量";
    record_percent => "the same in per cent of the earlier amount", "相对之前的百分比";
    record_note => "what the values alone don't show: another type or spelling", "值本身看不出的变化：类型或写法不同";
    record_answer => "number of the answer in its file, from 1 on", "响应在文件中的序号，从1起";
    record_rule => "name of the rule", "规则名";
    record_severity => "`wrong`, `costs` or `odd`", "`wrong`、`costs` 或 `odd`";
    record_path => "the path that it is about; absent if it is about no part of the document", "所涉路径；不涉及文档某处则无此字段";
    record_summary => "what it is, in the interface's language", "是什么（界面语言）";
    record_means => "what that means, in the interface's language", "意味着什么（界面语言）";
    record_values => "what the summary is about: counts, texts, codes", "其中的数值、文字或代码";
    record_found_title => "the item's title; absent if the answer has no item", "商品标题；响应中没有商品则无此字段";
    example_diff => "What changed last", "最近一次变化";
    example_diff_numbers => "Two answers by their numbers in the history", "按历史编号比较两条存档";
    example_facts => "What is odd about the newest stored answer", "最新存档的异常";
    example_facts_file => "The same of a saved body, as records", "已保存响应的异常，输出为记录";
    example_find => "All stored answers with this word", "含此字词的全部存档";
    example_find_bodies => "Words with punctuation are only in bodies", "含标点的字词只能在全文中找到";
}
