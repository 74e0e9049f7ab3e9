//! The fields of the flat record of an item, as documentation and `--fields` describe them.

use super::Language;
use super::texts::{Texts, texts};

texts! {
    flat_version => "version of this record", "本记录格式的版本";
    flat_num_iid => "the item's ID", "商品ID";
    flat_requested_id => "the ID that was requested; another one than `num_iid` in a wrong answer", "请求的商品ID；返回了别的商品时，与 `num_iid` 不同";
    flat_platform => "platform, as `1688`", "平台，如 `1688`";
    flat_lang => "language of the data", "数据的语言";
    flat_gateway => "gateway that answered: `onebound`, or the address of another host; null for a file", "返回数据的网关：`onebound`，或其他主机的地址；来自文件时为null";
    flat_fetched_at => "when the call was started; of a body from a file, the vendor's time", "发起调用的时间；来自文件的响应用万邦的时间";
    flat_vendor_cached => "true if the answer is the vendor's cached copy", "是否为万邦的缓存";
    flat_vendor_cached_at => "when the vendor took its copy", "万邦缓存的时间";
    flat_title => "title", "标题";
    flat_url => "the product's page", "商品页地址";
    flat_picture => "main picture", "主图";
    flat_price => "price; null for a range", "价格；价格区间时为null";
    flat_price_min => "lowest price of the SKUs, else of the tiers, else of the item", "最低价：取自SKU，其次阶梯价，再次商品价格";
    flat_price_max => "highest price of the SKUs, else of the tiers, else of the item", "最高价：取自SKU，其次阶梯价，再次商品价格";
    flat_original_price => "original price", "原价";
    flat_min_order => "minimum order", "起批量";
    flat_stock => "stock", "库存";
    flat_unit => "sales unit, as `件`", "销售单位，如 `件`";
    flat_sales => "sales, by the vendor's count", "销量，按万邦的统计";
    flat_total_sold => "total sold, by the vendor's count", "总销量，按万邦的统计";
    flat_seller_id => "the seller's ID", "卖家ID";
    flat_seller => "the seller's name, sometimes encrypted", "卖家昵称，有时是加密的";
    flat_shop => "the shop's name", "店铺名称";
    flat_shop_url => "the shop's page", "店铺地址";
    flat_location => "where it is shipped from", "发货地";
    flat_category_id => "category", "类目ID";
    flat_root_category_id => "top category", "一级类目ID";
    flat_brand => "brand", "品牌";
    flat_weight => "weight, as sent: its unit is not documented", "重量，按原样：单位未见说明";
    flat_post_fee => "freight by post", "平邮运费";
    flat_express_fee => "freight by express", "快递运费";
    flat_ems_fee => "freight by EMS", "EMS运费";
    flat_freight => "freight in words", "运费说明";
    flat_mixed_order => "whether mixed orders are supported", "是否支持混批";
    flat_mix_amount => "least amount of a mixed order", "混批起批金额";
    flat_mix_number => "least pieces of a mixed order", "混批起批件数";
    flat_video => "video", "视频地址";
    flat_sku_count => "number of SKUs", "SKU数量";
    flat_description => "description as text, without its images", "描述的文字，不含图片";

    flat_prices => "prices by quantity", "阶梯价";
    flat_skus => "SKUs", "SKU";
    flat_props => "props", "属性";
    flat_pictures => "pictures, one row for each role", "图片，每种用途一行";
    flat_oddities => "values that could not be read as their field's type", "无法按字段类型读取的值";

    flat_position => "place in the list, from 1 on", "在列表中的位置，从1开始";
    flat_sku_id => "SKU ID; null where the vendor sent the `specId` in its place", "SKU ID；万邦在此处返回specId时为null";
    flat_spec_id => "`specId`, also where the vendor sent it in `sku_id` or `quantity`", "specId；万邦放在 `sku_id` 或 `quantity` 里时也取出";
    flat_properties => "the SKU's choices: `ids`, `name`, `value`", "规格：`ids`、`name`、`value`";
    flat_variant => "the same as text, `颜色:瓷白色;机身内存:64GB`", "规格的文字形式，如 `颜色:瓷白色;机身内存:64GB`";
    flat_sku_price => "price", "价格";
    flat_agent_price => "price for drop-shipping", "代发价";
    flat_sku_picture => "the SKU's picture, or that of one of its choices", "SKU图片，或其规格的图片";
    flat_prop_name => "name", "属性名";
    flat_prop_value => "value", "属性值";
    flat_min_quantity => "quantity from which on the price holds", "达到此数量起按此价";
    flat_tier_price => "price of one piece", "单价";
    flat_picture_role => "`main`, `item`, `sku` or `description`", "`main`主图，`item`商品图，`sku`规格图，`description`描述图";
    flat_picture_number => "number among the pictures of that role", "在同类图片中的序号";
    flat_picture_value => "the choice that a picture of a SKU shows", "规格图对应的规格值";
    flat_picture_url => "address, with its scheme", "图片地址，带协议";
    flat_oddity_list => "`item`, or the list that the row is in", "`item`，或所在的列表";
    flat_oddity_row => "position of the row in that list", "在该列表中的位置";
    flat_oddity_field => "field of the row", "字段名";
    flat_oddity_reason => "`empty`, `unknown` (-1), `price_range`, `not_a_number`, `unexpected_type`, `misplaced`, `placeholder_price`", "`empty`空，`unknown`未知（-1），`price_range`价格区间，`not_a_number`不是数字，`unexpected_type`类型不符，`misplaced`放错字段，`placeholder_price`占位价格";
    flat_oddity_raw => "what was sent, as JSON", "原始值，JSON格式";
}
