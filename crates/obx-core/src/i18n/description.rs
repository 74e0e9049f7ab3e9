//! The description as text to read.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_description => "the description as text", "以文本阅读商品详情";
    description_title => "Description", "商品详情";
    images_in_description(count) => "images: {count}", "图片：{count}";
    description_no_item => "No item here, so no description to read.", "此处没有商品，无详情可看。";
    description_none => "This item has no description.", "该商品没有详情。";
    description_pixel(url) => "The vendor's tracking pixel, never loaded: {url}", "万邦追踪像素（从不加载）：{url}";
    description_cut => "… cut off here; the response has it in full", "…其余略去，完整内容见响应";
}
