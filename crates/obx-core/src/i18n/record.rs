//! Schemas of records: fields that are picked by name.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    record_no_field(name) => "there is no field {name}; --fields alone lists all", "没有字段 {name}；只写 --fields 可列出全部字段";
    record_no_field_meant(name, meant) => "there is no field {name}; did you mean {meant}?", "没有字段 {name}；是否应为 {meant}？";
    record_no_fields => "no field is named", "没有写出字段名";
    sql_long_key => "the ID or the gateway of this item is too long for a key", "该商品的ID或网关过长，不能作为主键";
    record_heading_field => "field", "字段";
    record_heading_type => "type", "类型";
    record_heading_unit => "unit", "单位";
    record_heading_about => "what it is", "说明";
    record_heading_source => "from", "来源";
}
