//! The explorer's search for items by words.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_search => "search items by words", "按关键词搜索商品";
    action_open_found => "open the item", "打开此商品";
    action_next_page => "fetch the next page of results", "获取下一页结果";
    action_previous_page => "fetch the page of results before", "获取上一页结果";

    search_title => "Search items", "搜索商品";
    search_results => "Search results", "搜索结果";
    search_placeholder => "words to search for", "搜索关键词";
    search_begin(enter) => "Type words, then {enter}. Each page of results is one call; a page that is fresh in the store costs nothing.", "输入关键词，按{enter}搜索。每页结果为一次调用；存档未过期的页不产生调用。";
    search_running(words, page, seconds) => "searching {words}, page {page}: {seconds} s", "正在搜索{words}，第{page}页：{seconds}秒";
    search_page_not_shown(page, why) => "page {page} not shown: {why}", "第{page}页未显示：{why}";
    search_arrived(search) => "The search results arrived: {search} shows them", "搜索结果已到：按{search}查看";
    search_not_in_file => "This is a view of a file: nothing can be searched", "当前是文件查看：不能搜索商品";
    search_row_without_id => "This row has no ID, so it can't be opened", "此行没有ID，无法打开";
    found_marked(count) => "{count} marked", "已标记{count}个";
    copied_ids(count) => "{count} IDs", "{count}个ID";
    page_too_soon(key) => "{key} was pressed a moment ago: wait a second before paying for a page", "刚按过{key}：请稍等一秒再获取其他页";

    hint_open_item => "open", "打开";
    hint_open_stored => "open (store)", "打开（存档）";
    hint_mark_item => "mark", "标记";
    hint_buy_marked => "buy marked…", "批量获取已标记…";
    hint_next_page => "next page", "下一页";
    hint_previous_page => "previous page", "上一页";
    hint_edit_words => "edit words", "改关键词";
    hint_results => "to the results", "到结果";
    hint_copy_ids => "copy ID", "复制ID";
    hint_copy_marked => "copy marked IDs", "复制已标记ID";
    hint_open_page => "product page", "商品网页";
    hint_refetch_page => "refetch page", "重新获取本页";
}
