//! What is the matter with the store, and what held a call back.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    storing_failed(error) => "Not stored yet: {error}. obx keeps trying", "尚未存档：{error}。obx会继续尝试";
    not_stored_yet => "not stored yet", "尚未存档";
    now_stored => "What couldn't be stored before is stored now", "之前未能存档的内容现已存档";
    store_full => "the disk is full", "磁盘已满";
    store_read_only => "the store can't be written", "存档不可写入";
    store_locked => "another program has locked the store", "存档被其他程序占用";
    store_corrupt => "the store is damaged, or not an obx store; --store names another", "存档已损坏或不是obx的存档；可用 --store 另指定";
    store_newer => "the store is from a newer obx; update, or name another by --store", "存档由更新版本的obx创建；请升级，或用 --store 另指定";
    store_row_damaged(id, column) => "the store's row {id} is damaged: {column}", "存档第{id}行已损坏：{column}";
    store_rows_left_out(count) => "Damaged rows in the store, which no list shows: {count}", "存档中有{count}行已损坏，未列出";
    store_unreachable => "the store can't be opened", "无法打开存档";
    store_server_away => "the store's server can't be reached", "无法连接存档服务器";
    store_reconnects => "obx reconnects by itself", "obx会自动重新连接";
    store_starts_without => "obx --no-store starts without it", "可用 obx --no-store 不带存档启动";
    store_no_password => "the store's server wants a password: give PGPASSWORD, password_command or ~/.pgpass", "存档服务器需要密码：请设置 PGPASSWORD、password_command 或 ~/.pgpass";
    store_wrong_password(origin) => "the store's server refuses the password of {origin}", "存档服务器拒绝{origin}中的密码";
    store_unknown_issuer => "nobody trusted has issued the server's certificate: name the issuer's by sslrootcert=FILE", "服务器证书的签发者不受信任：请用 sslrootcert=FILE 指定其证书";
    store_other_name => "the server's certificate is for another name: use that one in the address", "服务器证书属于其他名称：请在地址中改用该名称";
    store_no_tls => "the store's server has no TLS: sslmode=disable goes without", "存档服务器不支持TLS：可用 sslmode=disable 不加密连接";
    store_certificate_file => "the file of sslrootcert can't be used", "无法使用 sslrootcert 指定的文件";
    store_no_rights => "no right to the store: its owner starts obx once, then GRANTs (docs/team-store.md)", "没有存档权限：请由其所有者先启动一次obx，再执行 GRANT（见docs/team-store.md）";
    storing_spooled(error) => "Kept on this machine until the server is back: {error}. obx reconnects by itself", "已暂存本机，待服务器恢复后写入：{error}。obx会自动重新连接";
    store_log_damaged(count, copy) => "The store was damaged: its last {count} change(s) can't be read. Copy of its log: {copy}", "存档曾损坏：最后{count}次写入无法读取。日志副本：{copy}";
    store_log_unreadable(copy) => "The store was damaged: its last changes are unreadable. Copy of its log: {copy}", "存档曾损坏：最后的写入无法读取。日志副本：{copy}";
    store_replaced => "the store's file was replaced or deleted while obx was running; put it back, or start obx again", "存档文件在obx运行时被替换或删除；请放回原文件，或重新启动obx";
    store_missing => "this answer is no longer in the store", "该响应已不在存档中";
    store_other => "the store failed", "存档出错";

    view_damaged => "The last session's screen is not restored: its file is damaged", "未恢复上次的界面：其文件已损坏";
    view_newer => "The last session's screen is not restored: a newer obx has written it", "未恢复上次的界面：它由更新版本的obx保存";
    store_reading => "reading the store…", "正在读取存档…";
    store_unread => "store not read yet", "存档尚未读取";
    store_unread_because(trouble) => "The store is not read yet: {trouble}", "存档尚未读取：{trouble}";
    enter_asks_store(submit) => "{submit} asks the store, and fetches what it lacks", "{submit}先查存档，没有则调用接口";
    hint_ask_store => "ask the store, else fetch", "先查存档，没有则调用";
    source_other_session(clock) => "by another session at {clock}", "由其他会话获取 {clock}";
    source_other_person(name, clock) => "by {name} at {clock}", "由{name}获取 {clock}";
    no_older_answer_at(host) => "No older stored answer of {host} to this item", "该商品没有{host}更早的存档";
    no_newer_answer_at(host) => "No newer stored answer of {host} to this item", "该商品没有{host}更新的存档";
    only_answer_at(host) => "This is the only stored answer of {host} to this item", "这是{host}对该商品的唯一存档";
    enter_shows_offline_if_any(submit) => "{submit} shows the newest stored answer, if any", "{submit}显示最近的存档（如有）";
    refused_offline_refetch(submit) => "Offline: nothing is fetched; {submit} on the ID shows the newest stored answer, if any", "离线：不会重新获取；在ID处按{submit}显示最近的存档（如有）";

    offline => "OFFLINE", "离线";
    enter_shows_offline(submit) => "{submit} shows the newest stored answer", "{submit}显示最近的存档";
    hint_override => "send it anyway", "仍要调用";
    not_sent => "not sent", "未发送";
    action_override => "send the call that was held back", "发送刚才被拦下的调用";
    refused_offline => "Offline: nothing is sent, and no stored answer fits", "离线：不会发送，也没有可用的存档";
    not_sent_because(why) => "Not sent: {why}", "未发送：{why}";
    refused_no_ledger(error) => "Not sent: the call couldn't be recorded first, {error}", "未发送：调用前未能写入记录，{error}";
    refused_cap(cap, used) => "the key's daily cap of {cap} is reached ({used} used)", "已达到该key的每日上限{cap}次（已用{used}次）";
    refused_run_calls(max) => "the limit of this run is reached, {max} call(s)", "本次运行最多发送{max}次调用，已达上限";
    refused_run_cost(max, price) => "one more call at ¥{price} would pass this run's limit of ¥{max}", "每次调用{price}元，再调用一次将超出本次运行的限额{max}元";
    refused_unconfirmed(confirmed) => "{confirmed} call(s) confirmed, and all of them used up", "已确认的{confirmed}次调用已全部用完";
    refused_reserve(left, reserve) => "{left} call(s) left today, {reserve} reserved", "今日剩余{left}次，已预留{reserve}次";
    refused_used_up(reason, since) => "{reason} at {since}", "{since}起{reason}";
    refused_blocked(reason, since) => "{reason}, reported at {since}", "{since}起{reason}";
    refused_block_damaged => "the stored block of this key is damaged, so it holds until a call succeeds", "该key的停用记录已损坏，在有调用成功之前仍然有效";
    blocked_until(until) => ", resets {until} (midnight in Beijing)", "，{until}（北京时间零点）恢复";
    block_holds_until(reason, until) => "{reason}: no calls are sent until {until} (midnight in Beijing)", "{reason}：{until}（北京时间零点）前不发送调用";
    block_holds(reason) => "{reason}: no calls are sent until one that is sent all the same succeeds", "{reason}：在强制发送的调用成功之前，不发送调用";
    block_quota => "quota exhausted", "额度已用完";
    block_balance => "balance exhausted", "余额不足";
    block_stopped => "account or API suspended", "账号或接口已停用";
    block_expired => "key expired", "key已过期";
    block_damaged => "stored block damaged", "停用记录已损坏";
    quit_with_unwritten(count, quit, leave) => "{count} not stored yet, and would be lost. {quit} or {leave} again quits", "有{count}次结果尚未存档，退出会丢失。再按{quit}或{leave}退出";
    quit_with_spooled(count, quit, leave) => "{count} not on the server yet: kept on this machine, handed in later. {quit} or {leave} again quits", "有{count}次结果尚未写入服务器：已暂存本机，稍后写入。再按{quit}或{leave}退出";
    nothing_shown => "Nothing stored on screen yet", "屏幕上还没有已存档的结果";
    no_older_answer => "This is the item's oldest stored answer", "这是该商品最早的存档";
    no_newer_answer => "This is the item's newest stored answer", "这是该商品最新的存档";
    no_earlier_item => "No earlier item", "前面没有看过的商品";
    no_later_item => "No later item", "后面没有看过的商品";
    marked(compare) => "Marked: {compare} on another answer compares it with this one", "已标记：在另一结果上按{compare}与之比较";
    unmarked => "Mark removed", "已取消标记";
    nothing_to_compare(mark) => "No other stored answer of this item to compare with; {mark} marks one", "该商品没有其他存档可比较；按{mark}可标记";
    answer_of(at, all) => "answer {at} of {all}", "第{at}/{all}次结果";
    day_totals => "today", "今日";
    day_not_counted => "not counted yet", "尚未统计";
}
