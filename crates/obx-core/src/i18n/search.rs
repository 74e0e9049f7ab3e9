//! `obx search`, and the record of an item that it found.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_search => "Search items by words, or list a shop's items: one call for each page", "按关键词搜索商品，或列出店铺商品：每页一次调用";
    help_search_words => "The words to search for; with --shop, only the shop's items with them", "搜索词；与 --shop 同用时，只列该店铺中含这些词的商品";
    help_shop => "List this shop's items: on 1688 its sid (b2b-…), on taobao its number", "列出此店铺的商品：1688为店铺sid（b2b-…），淘宝为店铺编号";
    help_page => "The first page to fetch", "从第几页开始";
    help_pages => "How many pages to fetch, one call each", "获取几页，每页一次调用";
    help_all_pages => "Fetch pages to the last one; needs --max-calls", "获取到最后一页；须同时给出 --max-calls";
    help_price_range => "Only items between these prices in yuan: 10..50, 10.. or ..50", "价格区间（元）：10..50、10.. 或 ..50";
    help_sort => "Order: price, price-desc, sales, credit, or a word of the vendor", "排序：price、price-desc、sales、credit，或万邦的写法";
    help_category => "Only items of this category: its ID", "只列此类目（ID）的商品";
    help_page_size => "Items on a page, as far as the vendor allows", "每页商品数，以万邦允许的为限";
    help_top => "Only the first N items", "只取前N个商品";
    help_details => "Get the details of the items of --top, after a question that names the price", "获取 --top 所列商品的详情，先报价并确认";

    found_column_id => "Item ID", "商品ID";
    found_column_title => "Title", "标题";
    found_column_seller => "Seller", "卖家";
    search_at_page(page) => "page {page}", "第{page}页";
    search_at_page_of(page, count) => "page {page} of {count}", "第{page}/{count}页";
    search_total(total) => "{total} found in all", "共找到{total}个";
    search_goes_on(page) => "--page {page} goes on", "--page {page} 可继续";
    search_other_page(got, asked) => "the answer is page {got}, not page {asked}: there may be no further page", "返回的是第{got}页，不是第{asked}页：可能没有更多了";
    search_fewer(found, top) => "{found} of the first {top} item(s): there may be more on further pages; --pages N or --all fetches them", "前{top}个中只取得{found}个：后面的页可能还有，用 --pages N 或 --all 获取";
    search_nothing_new => "the last page had only items of the pages before", "最后一页全是前面已有的商品";
    search_without_id(count) => "items without an ID, whose details can't be got: {count}", "没有ID、无法获取详情的商品：{count}个";
    search_buy(stored, count) => "Details: {stored} from the store, {count} to buy, one call each, price unknown. Buy?", "详情：{stored}个用存档，{count}个需调用（每个一次，价格未知）。是否调用？";
    search_buy_at(stored, count, cost) => "Details: {stored} from the store, {count} to buy, one call each, {cost} yuan if all are billed. Buy?", "详情：{stored}个用存档，{count}个需调用（每个一次），全部计费则{cost}元。是否调用？";
    search_not_bought => "no details were bought", "未获取详情";
    plan_details(count) => "details  up to {count} call(s), price unknown", "详情  最多调用{count}次，价格未知";
    plan_details_at(count, cost) => "details  up to {count} call(s), {cost} yuan if all are billed", "详情  最多调用{count}次，全部计费则{cost}元";
    plan_following_pages => "further pages  one call each, up to --max-calls", "后续各页  每页一次调用，以 --max-calls 为限";

    found_price_text => "price as sent", "价格原文";
    found_promotion_price => "promotion price", "促销价";
    found_sales => "sales, at least: of `2000+` the number before the sign", "销量下限：`2000+` 取加号前的数";
    found_sales_text => "sales as sent", "销量原文";
    found_position => "place in the result of this run, from 1 on", "在本次结果中的位置，从1开始";
    found_page => "page of the result", "所在页";
    found_page_count => "number of pages, as the answer says", "总页数，按响应所述";
    found_total => "number of items found on all pages, as the answer says", "各页商品总数，按响应所述";
}
