//! Every item and every stored answer, found again: the history, the search, stars and notes.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    history_title => "History", "历史";
    history_placeholder => "part of an ID, a title or a note", "ID、标题或备注的一部分";
    history_loading => "reading the history…", "正在读取历史…";
    history_empty => "No items requested from this gateway yet.", "还没有在此网关查询过商品。";
    history_empty_next => "Every item you request is listed here, even after a restart: opening it again costs nothing.", "查询过的商品会列在这里，重启后仍在；再次打开不产生调用。";
    history_empty_unstored => "Every item you request is listed here until you quit: this session stores nothing.", "查询过的商品会列在这里；本次会话不存档，退出后清空。";
    history_no_match => "no matching items", "没有匹配的商品";
    no_title => "no title known", "标题未知";
    shown_of(count, all) => "{count} of {all}", "{count}/{all}";
    item_without_answer(id) => "No stored answer of {id}: ID filled in, nothing fetched", "商品 {id} 没有存档：已填入输入框，未调用接口";

    find_title => "Find in stored answers", "搜索存档";
    find_placeholder => "title, seller, prop, ID, price: any part of an answer", "标题、卖家、属性、ID、价格：响应中的任意内容";
    find_begin => "Type to search all stored answers, without a call.", "输入一个以上的字：只搜索本地存档，不产生调用。";
    find_searching => "searching…", "搜索中…";
    find_searching_bodies(percent) => "searching the responses, {percent}%…", "正在搜索响应内容，{percent}%…";
    find_no_match => "No stored answer of this gateway contains this: IDs, texts and whole responses were searched.", "本网关的存档中没有这些字词：已搜索ID、文字和全部响应内容。";
    find_no_match_in_readable(unread) => "No readable stored answer of this gateway contains this; {unread} can't be read.", "本网关可读取的存档中没有这些字词；另有{unread}条无法读取。";
    found_so_far(count, percent) => "{count} found so far, {percent}%", "已找到{count}条，{percent}%";
    found_but_unread(count, unread) => "{count} found, {unread} can't be read", "找到{count}条，{unread}条无法读取";
    found_count(count) => "{count} found", "找到{count}条";
    found_at_least(count) => "the newest {count}", "最近{count}条";

    history_unread => "couldn't read the store", "无法读取存档";

    note_title(id) => "Note on {id}", "{id} 的备注";
    note_placeholder => "one line; empty removes the note", "一行文字；留空则删除备注";
    note_of(note) => "Note: {note}", "备注：{note}";
    starred => "Starred", "已收藏";
    star_removed => "Star removed", "已取消收藏";
    noted => "Note saved", "备注已保存";
    note_removed => "Note removed", "备注已删除";
    not_noted(error) => "Star and note unchanged: {error}", "收藏与备注未更改：{error}";
    annotation_not_loaded => "This item's star and note aren't loaded yet", "尚未读到该商品的收藏与备注";
    no_item_to_note => "Show an item first: stars and notes belong to the item on screen", "请先显示商品：收藏与备注针对屏幕上的商品";

    hint_show_newest => "show, no call", "查看（不调用）";
    times_in(zone) => " (times {zone})", "（时间为 {zone}）";
    hint_fill_id => "fill in the ID only", "只填入ID";
    hint_save => "save", "保存";
    hint_history => "history", "历史";
    hint_cancel => "cancel", "不更改";
}
