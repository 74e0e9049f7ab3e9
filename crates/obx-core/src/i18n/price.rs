//! The texts of the columns that are calculated by the user's formulas.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    price_not_one => "the formula must give one number", "公式应得出一个数字";
    price_too_large(digits) => "{digits} is too large", "{digits} 过大";
    price_fault_at(why, at) => "{why}, at character {at}", "{why}（第{at}个字符）";
    price_failed(title, why, count, all) => "{title}: {why} ({count} of {all} SKUs)", "{title}：{why}（{count}/{all}个SKU）";
    jq_too_slow(seconds) => "stopped after {seconds} s", "运行超过{seconds}秒，已停止";
}
