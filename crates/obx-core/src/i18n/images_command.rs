//! The texts of `obx images`.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    about_images => "Save the pictures of items as files", "把商品图片保存为文件";
    help_to => "Folder in which each item gets a folder of its own, named by its ID", "目标文件夹，每个商品一个子文件夹，以商品ID命名";
    help_max_picture => "The largest picture that is saved, in MiB", "单张图片的大小上限（MiB）";
    help_max_total => "The most that all pictures of this run may have together, in MiB", "本次运行所有图片的总大小上限（MiB）";
    images_progress(id, done, all, size) => "{id}: {done} of {all} pictures, {size}", "{id}：图片 {done}/{all}，{size}";
    images_saved => "saved", "已保存";
    images_present => "present", "已存在";
    images_failed => "failed", "失败";
    images_skipped => "skipped", "已跳过";
    images_count_saved(count, size) => "{count} saved ({size})", "已保存{count}张（{size}）";
    images_count_present(count) => "{count} were there", "已有{count}张";
    images_count_failed(count) => "{count} failed", "失败{count}张";
    images_count_skipped(count) => "{count} skipped: `--max-total` is reached", "跳过{count}张：已达 `--max-total`";
    images_over_total => "the limit for all pictures (`--max-total`) is reached", "已达图片总大小上限（`--max-total`）";
    images_no_folder(folder, why) => "no folder for its pictures in {folder} ({why})", "无法在 {folder} 中建立图片文件夹（{why}）";
    images_field_sku_ids => "the SKUs that have this picture", "使用此图片的SKU的ID";
    images_field_path => "file; absent if there is none", "文件路径；没有文件时不出现";
    images_field_bytes => "size of the file", "文件大小（字节）";
    images_field_status => "`saved`, `present` (it was there before), `failed`, `skipped` (the limit for all is reached)", "`saved`已保存，`present`原已存在，`failed`失败，`skipped`因总大小上限而跳过";
    images_field_error => "why there is no file", "没有文件的原因";
}
