//! The item pane: what a buyer reads, and what a quantity costs.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    label_price => "Price", "价格";
    label_tiers => "Tiers", "阶梯价";
    label_minimum => "Minimum", "起订量";
    label_mix => "Mixed", "混批";
    label_agent => "Dropship", "代发";
    label_recent_sales => "30 days", "近30天";
    label_sales => "Sales", "销量";
    label_total_sold => "Total sold", "累计销量";
    agent_price_name => "price", "代发价";
    agent_discount => "discount", "折扣";
    agent_freight => "freight", "代发运费";
    agent_supported => "dropshipping", "支持代发";
    agent_unsupported => "no dropshipping", "不支持代发";
    recent_pieces => "pieces", "成交件数";
    recent_orders => "orders", "订单";
    recent_buyers => "buyers", "买家";
    not_given => "not given", "未提供";
    label_repeat_rate => "Repeat", "复购率";
    label_buyers => "Buyers", "买家数";
    label_pieces_each => "Per buyer", "人均件数";
    label_comments => "Comments", "评价数";
    label_freight => "Freight", "运费";
    freight_post => "post", "物流";
    freight_express => "express", "快递";
    freight_ems => "EMS", "EMS";
    label_weight => "Weight", "重量";
    label_place => "Location", "发货地";
    label_stock => "Stock", "库存";
    label_seller => "Seller", "卖家";
    label_brand => "Brand", "品牌";
    label_crossed_out => "List price", "划线价";
    label_suggested => "Suggested", "建议价";
    label_images => "Images", "图片";
    label_main_image => "Main image", "主图";
    label_dates => "Dates", "日期";
    every_sku(price) => "every SKU {price}", "所有SKU {price}元";
    skus_at(price) => "SKUs {price}", "SKU {price}元";
    skus_left_out(count, all) => "no numeric price: {count} of {all} SKUs", "{all}个SKU中{count}个没有数字价格";
    in_yuan(amount) => "{amount} yuan", "{amount}元";
    amount_of(count, unit) => "{count} {unit}", "{count}{unit}";
    mix_supported => "yes", "支持";
    mix_unsupported => "no", "不支持";
    mix_amount(yuan) => "amount {yuan}", "金额 {yuan}";
    mix_number(count) => "quantity {count}", "数量 {count}件";
    images(count) => "{count}", "{count}张";
    in_description(count) => "{count} more in the description", "详情图{count}张";
    in_description_and_more(count) => "at least {count} more in the description", "详情图至少{count}张";
    has_video => "video", "有视频";
    hint_title => "whole title", "完整标题";

    // What a quantity costs.
    quantity => "quantity", "数量";
    label_at(quantity) => "At {quantity}", "购{quantity}";
    label_at_units(quantity, unit) => "At {quantity}", "购{quantity}{unit}";
    price_from_to(min, max) => "{min} to {max}", "{min} 至 {max}";
    in_all(total) => "{total} total", "合计 {total}元";
    by_sku => "by SKU", "按SKU计价";
    by_sku_not_tiers => "by SKU; the tiers differ", "按SKU计价，阶梯价不适用";
    sku_group(name, count) => "{name} and others, {count} SKUs", "{name} 等{count}个SKU";
    more_prices(count) => "… {count} more price(s)", "… 另有{count}种价格";
    below_minimum(minimum) => "below the minimum of {minimum}", "低于起订量{minimum}";
    above_stock(stock) => "above the stock of {stock}", "超过库存{stock}";
    short_skus(count, all) => "too little stock in {count} of {all} SKUs", "{all}个SKU中{count}个库存不足";
    below_first_tier => "below the first tier", "低于起批量";
    unread_tiers => "not all tiers are numeric: see priceRange", "阶梯价并非都是数字：请看 priceRange";
    no_price => "no price", "没有价格";
    no_total => "no total: the price isn't numeric", "无法合计：价格不是数字";
}
