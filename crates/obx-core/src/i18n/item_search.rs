//! The explorer's search for items by words.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_search => "search items by words", "按关键词搜索商品";
    action_open_found => "open the item", "打开此商品";
    action_next_page => "fetch the next page of results", "获取下一页结果";
    action_previous_page => "fetch the page of results before", "获取上一页结果";

    action_mark_result => "mark the item for a batch, or remove its mark", "标记此商品以便批量获取，或取消标记";
    action_buy_marked => "batch of the marked items, after its plan and price", "批量获取已标记商品，先显示计划与费用";
    action_refetch_page => "fetch this page again, not from the store", "重新获取本页，不用存档";
    action_edit_words => "edit words and options of the search", "修改关键词和选项";
    action_copy_results => "copy the item's ID, or those of the marked items", "复制此商品的ID，或已标记商品的ID";

    search_title => "Search items", "搜索商品";
    search_results => "Search results", "搜索结果";
    search_placeholder => "words to search for", "搜索关键词";
    search_begin(enter) => "Type words, then {enter}. Each page of results is one call; a page that is fresh in the store costs nothing.", "输入关键词，按{enter}搜索。每页结果为一次调用；存档未过期的页不产生调用。";
    search_running(words, page, seconds) => "searching {words}, page {page}: {seconds} s", "正在搜索{words}，第{page}页：{seconds}秒";
    search_page_not_shown(page, why) => "page {page} not shown: {why}", "第{page}页未显示：{why}";
    search_arrived(search) => "The search results arrived: {search} shows them", "搜索结果已到：按{search}查看";
    search_not_in_file => "This is a view of a file: nothing can be searched", "当前是文件查看：不能搜索商品";
    search_no_rows => "There are no results to choose from", "此处没有可选的搜索结果";
    search_row_without_id => "This row has no ID, so it can't be opened", "此行没有ID，无法打开";
    search_unknown_option(flag, known) => "{flag} is no option of a search here: {known}", "此处的搜索没有选项 {flag}，可用：{known}";
    search_option_without_value(flag) => "{flag} needs a value", "{flag} 缺少取值";
    search_option_without_number(flag) => "{flag} needs a whole number, not 0", "{flag} 须为正整数";
    search_options => "Options as in obx search can follow, such as --price 10..50 --sort sales.", "可加 obx search 的选项，如 --price 10..50 --sort sales。";
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
    hint_earlier_searches => "earlier searches", "之前的搜索";
    hint_copy_ids => "copy ID", "复制ID";
    hint_copy_marked => "copy marked IDs", "复制已标记ID";
    hint_open_page => "product page", "商品网页";
    hint_refetch_page => "refetch page", "重新获取本页";
}
