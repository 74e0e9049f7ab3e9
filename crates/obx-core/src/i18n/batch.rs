//! The texts of batches.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    batch_no_column(wanted, known) => "There is no column {wanted}; the columns are: {known}", "没有名为{wanted}的列；现有列：{known}";
    batch_columns_alike(columns) => "Several columns look like item IDs: {columns}. Name the one to use", "多列看起来都是商品ID：{columns}。请指定其中一列";
    batch_unclosed_quote(line) => "line {line}: a quote (\") is not closed, so that all lines behind it are one cell: close it, or double it", "第{line}行：引号（\"）没有闭合，其后各行都成了同一单元格；请补上引号，或写成两个引号";
    batch_no_ids => "No column has item IDs", "没有包含商品ID的列";
}
