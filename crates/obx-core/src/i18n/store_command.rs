//! The texts of `obx store`.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_store => "Copy a store into another one, or check it; nothing is sent", "复制或检查存档，不发送任何请求";
    about_store_copy => "Copy all that a store has and another one lacks, file or database", "把源存档的内容补入目标存档（文件或数据库均可）";
    about_store_check => "Check all rows and bodies of a store", "检查存档的全部记录和响应正文";
    help_copy_from => "The store to copy: a file, or postgres://USER@HOST/DATABASE", "源存档：文件，或 postgres://用户@主机/数据库";
    help_copy_to => "The store that gets what it lacks; it is created if it does not exist", "目标存档：补入其中没有的内容；不存在时新建";
    help_checked_store => "The store to check, a file or an address; without it the usual one", "要检查的存档（文件或地址）；省略则为默认存档";

    store_none(place) => "there is no store {place}", "存档 {place} 不存在";
    store_copy_same(place) => "both are the same store: {place}", "两者是同一个存档：{place}";
    store_check_memory => "a store in memory has nothing to check: name one", "内存中的存档无可检查；请指定一个存档";
    store_copying(rows) => "copying: {rows} rows", "正在复制：{rows}条记录";
    store_checking(rows) => "checking: {rows} rows", "正在检查：{rows}条记录";
    store_from => "From", "源";
    store_to => "To", "目标";
    store_calls => "calls", "调用";
    store_in_doubt => "of these in doubt", "其中结果不明";
    store_reuses => "answers shown again", "再次显示存档结果";
    store_bodies => "bodies", "响应正文";
    store_copy_added(rows, annotations, programs, blocks) => "added: {rows} rows, {annotations} stars and notes, {programs} jq programs, {blocks} blocks", "新增：记录{rows}条，星标和备注{annotations}条，jq程序{programs}个，停用状态{blocks}条";
    store_copy_outcomes(count) => "calls that were in doubt there, and have their outcome now: {count}", "目标存档中原先结果不明、现已补入结果的调用：{count}";
    store_copy_under_way(count) => "calls still under way, not copied: {count}. Copy again when they have ended", "尚在进行、未复制的调用：{count}。结束后请再复制一次";
    store_copy_damaged(count) => "damaged rows, not copied: {count}. `obx store check` names them", "已损坏、未复制的记录：{count}。可用 `obx store check` 查看";
    store_copy_other_notes(count) => "items with another note in the other store, which stays: {count}", "目标存档中备注不同、予以保留的商品：{count}";
    store_copy_programs_left(count) => "jq programs that the other store has no room for: {count}", "目标存档已满、未复制的jq程序：{count}";
    store_copy_unequal => "the counts differ: another session may have changed a store meanwhile. Copy again", "数目不一致：其间可能有其他会话改动了存档，请再复制一次";

    finding_row(id) => "row {id}", "记录{id}";
    found_damaged_row => "a value that obx can't have written; it is left out everywhere", "含有obx不会写入的值；各处均不显示该记录";
    found_damaged_body => "its body can't be read", "响应正文无法读取";
    found_no_body => "its body is missing", "响应正文缺失";
    found_lost_answer => "shows an answer that is not there", "所显示的存档结果已不存在";
    found_no_row => "a body whose row is missing", "有响应正文而没有对应记录";
    found_ended_lease => "was sent, and its session ended without an answer; nobody waits for it any longer", "已发出，其会话未得到响应即已结束，不再有会话等待它";
    found_in_doubt => "was sent, and nobody learnt whether it was answered and billed", "已发出，但不知是否有响应、是否计费";
    mend_row => "Copy the store into a new one with `obx store copy`: the other rows come along", "用 `obx store copy` 复制到新存档，其余记录不受影响";
    mend_body => "Take it from a backup with `obx store copy BACKUP NEW`, or get the item again, which costs a call", "用 `obx store copy 备份 新存档` 取回，或重新获取该商品（计费一次）";
    mend_nothing => "Nothing: it cost nothing", "无需处理：未产生费用";
    mend_in_doubt => "Compare the vendor's bill with `obx log`", "用 `obx log` 与服务商账单核对";
    mend_file => "Close all sessions, keep a copy of the file, and copy what can be read with `obx store copy`", "关闭所有会话，备份文件，再用 `obx store copy` 复制仍可读取的内容";
    store_checked(place, rows, damaged, in_doubt) => "{place}: {rows} rows, damaged: {damaged}, in doubt: {in_doubt}", "{place}：记录{rows}条，损坏{damaged}，结果不明{in_doubt}";

    example_store_copy => "a file into the team's database", "把文件存档复制到团队数据库";
    example_store_backup => "the same the other way", "反向复制";
    example_store_check => "is all that was paid for readable?", "已付费的内容是否都可读取";

    record_copy_from => "the store that was copied", "源存档";
    record_copy_to => "the store it was copied into", "目标存档";
    record_copy_complete => "whether all is in the other store now, and no row is damaged", "是否已全部在目标存档中，且没有损坏的记录";
    record_copy_calls_from => "calls to copy", "源存档的调用数";
    record_copy_calls_to => "of these, in the other store now", "其中目标存档现有的调用数";
    record_copy_in_doubt_from => "calls whose outcome was never learnt", "源存档中结果不明的调用数";
    record_copy_in_doubt_to => "the same, in the other store now", "其中目标存档现有的结果不明调用数";
    record_copy_reuses_from => "answers shown again in place of a call", "源存档中再次显示存档结果的次数";
    record_copy_reuses_to => "the same, in the other store now", "其中目标存档现有的次数";
    record_copy_bodies_from => "bodies to copy", "源存档的响应正文数";
    record_copy_bodies_to => "of these, in the other store now", "其中目标存档现有的响应正文数";
    record_copy_added => "rows that this copy added", "本次新增的记录数";
    record_copy_outcomes => "calls that were in doubt in the other store, and whose outcome this copy added", "目标存档中结果不明、本次补入结果的调用数";
    record_copy_annotations => "stars and notes that it added", "本次新增的星标和备注数";
    record_copy_programs => "jq programs that it added", "本次新增的jq程序数";
    record_copy_blocks => "blocks in force that it added", "本次新增的停用状态数";
    record_copy_under_way => "calls under way, not copied", "尚在进行、未复制的调用数";
    record_copy_damaged => "damaged rows, not copied", "已损坏、未复制的记录数";
    record_copy_other_notes => "items whose note in the other store is another one, and stays", "目标存档中备注不同、予以保留的商品数";
    record_copy_programs_left => "jq programs that the other store has no room for", "目标存档已满、未复制的jq程序数";
    record_finding_id => "number of the row, as in `obx log`; null for the whole store", "记录编号，与 `obx log` 中相同；针对整个存档则为null";
    record_finding_kind => "`damaged_row`, `damaged_body`, `no_body`, `lost_answer`, `no_row`, `damaged_store`, `in_doubt`, `ended_lease`", "`damaged_row`、`damaged_body`、`no_body`、`lost_answer`、`no_row`、`damaged_store`、`in_doubt` 或 `ended_lease`";
    record_finding_damage => "false for a call in doubt, which is stored as what it is", "结果不明的调用为false，其记录本身完好";
    record_finding_found => "what is the matter, in the interface's language", "发现的问题，使用界面语言";
    record_finding_what_to_do => "what to do about it, in the interface's language", "处理方法，使用界面语言";
}
