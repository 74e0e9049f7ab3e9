//! The pictures of an item, and why one can't be shown.

use std::fmt::Display;

use onebound::{PictureFailure, PictureUrlError};

use super::texts::{Texts, texts};
use super::{Describe, Language};

texts! {
    action_pictures => "the item's pictures", "查看商品图片";
    pictures_title => "Pictures", "图片";
    pictures_no_item => "No item here, so no pictures.", "此处没有商品，无图片可看。";
    pictures_none => "This item has no pictures.", "该商品没有图片。";
    picture_main => "main", "主图";
    picture_item(number) => "item {number}", "商品图{number}";
    picture_sku(value) => "SKU {value}", "SKU {value}";
    picture_description(number) => "description {number}", "详情图{number}";
    picture_load_from(host, open) => "{open} loads it from {host} (free)", "按{open}从 {host} 加载（免费）";
    picture_loading(host) => "loading from {host}…", "正在从 {host} 加载…";
    picture_off => "Pictures are switched off (`pictures` in the config file).", "图片显示已关闭（配置文件中的 `pictures`）。";
    picture_not_shown(why) => "Not shown: {why}.", "无法显示：{why}。";
    picture_cut => "incomplete: the rest is grey", "不完整：缺失部分为灰色";
    hint_picture_address => "copy address", "复制地址";
    picture_address => "address of the picture", "图片地址";
    hint_load_picture => "load", "加载";
    hint_whole_picture => "larger", "放大";
    hint_with_list => "list", "列表";

    picture_no_url => "this is not the address of a picture", "这不是图片地址";
    picture_scheme(scheme) => "an address for {scheme}, not for https", "地址是{scheme}，不是https";
    picture_host(host) => "{host} is not one of the vendor's picture hosts (alicdn.com), so it is not contacted", "{host} 不是1688的图片服务器（alicdn.com），不会连接";
    picture_credentials => "the address has a user name or a password in it", "地址中带有用户名或密码";
    picture_cancelled => "cancelled", "已取消";
    picture_setup(why) => "the connection can't be set up ({why})", "无法建立连接（{why}）";
    picture_no_connection(why) => "no connection ({why})", "连接失败（{why}）";
    picture_timeout(seconds) => "it did not arrive within {seconds} s", "{seconds}秒内未收到";
    picture_status(status) => "the host answered with HTTP status {status}", "服务器返回HTTP状态 {status}";
    picture_labelled(label) => "the host sent {label}, which is not a picture", "服务器返回的是 {label}，不是图片";
    picture_too_large(size) => "it is larger than {size}", "超过 {size}";
    picture_redirects => "the host redirects too often", "重定向次数过多";
    picture_redirected(why) => "the host redirects to another address, and {why}", "服务器重定向到别处，而{why}";
    picture_broken_off(why) => "the transfer broke off ({why})", "传输中断（{why}）";
    picture_offline => "it was not loaded before, and this session is offline", "之前没有加载过，而现在是离线模式";
    picture_unknown_form => "what arrived is neither JPEG nor PNG, WebP or GIF", "收到的不是JPEG、PNG、WebP或GIF";
    picture_too_many_pixels(width, height) => "it has {width}×{height} pixels, more than are decoded", "有 {width}×{height} 像素，超过解码上限";
    picture_damaged => "it is damaged", "图片已损坏";
}

impl Describe for PictureUrlError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoUrl => texts.picture_no_url().to_owned(),
            Self::Scheme(scheme) => texts.picture_scheme(scheme),
            Self::Host(host) => texts.picture_host(host),
            Self::Credentials => texts.picture_credentials().to_owned(),
        }
    }
}

impl Describe for PictureFailure {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Cancelled => texts.picture_cancelled().to_owned(),
            Self::Setup(why) => texts.picture_setup(why),
            Self::Connect(why) => texts.picture_no_connection(why),
            Self::Timeout(after) => texts.picture_timeout(after.as_secs()),
            Self::Status(status) => texts.picture_status(status),
            Self::NoPicture(label) => texts.picture_labelled(label),
            Self::TooLarge(most) => texts.picture_too_large(format_args!("{} MiB", most / (1024 * 1024))),
            Self::Redirects => texts.picture_redirects().to_owned(),
            Self::Redirected(why) => texts.picture_redirected(why.describe(texts)),
            Self::BrokenOff(why) => texts.picture_broken_off(why),
        }
    }
}
