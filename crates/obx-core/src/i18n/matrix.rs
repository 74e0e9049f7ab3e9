//! The texts of the SKU matrix.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_sku_matrix => "SKU matrix: one property by another", "SKU矩阵：两种规格交叉对照";
    action_matrix_measure => "price, stock or sales", "切换价格、库存、销量";
    action_matrix_axes => "other properties across and down", "换行列规格";
    matrix_title => "SKU matrix", "SKU矩阵";
    matrix_total => "total", "合计";
    matrix_lowest => "lowest", "最低";
    matrix_highest => "highest", "最高";
    matrix_span => "min–max", "最低–最高";
    matrix_legend => "▾ lowest  ▴ highest  · no such SKU", "▾最低  ▴最高  ·无此SKU";
    matrix_repeated(count) => "× repeated: {count}", "×组合重复：{count}处";
    matrix_same(count) => "{count} SKUs with this combination", "该组合有{count}个SKU";
    matrix_no_such => "no SKU with this combination", "没有该组合的SKU";
    matrix_no_axes => "the SKUs have no properties", "SKU没有规格属性";
    matrix_building => "arranging the SKUs…", "正在排列SKU…";
    hint_matrix_sku => "show SKU", "看此SKU";
    hint_matrix_measure => "price, stock, sales", "价格/库存/销量";
    hint_matrix_axes => "other axes", "换行列";
    hint_matrix_value => "next value", "下一取值";
    hint_matrix_copy => "copy SKU", "复制SKU";
    hint_matrix_copy_all => "copy matrix", "复制整表";
}
