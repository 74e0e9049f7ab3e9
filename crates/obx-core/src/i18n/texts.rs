//! The texts themselves. One line each: name, what is put in, English, Chinese.

use std::fmt::Display;

use super::Language;

/// All texts in one language.
#[derive(Clone, Copy, Debug)]
pub struct Texts(Language);

impl Texts {
    /// The texts in this language.
    pub fn new(language: Language) -> Self {
        Self(language)
    }

    /// Which language they are in.
    pub fn language(self) -> Language {
        self.0
    }
}

/// A text without arguments gives a `&'static str`, one with arguments a `String`.
macro_rules! texts {
    ($($name:ident $(($($argument:ident),+))? => $en:literal, $zh:literal;)+) => {
        impl Texts {
            $(texts!(@one $name $(($($argument),+))? $en $zh);)+
        }

        /// Name, English and Chinese of each, with its arguments by name.
        pub(super) const TEMPLATES: &[(&str, &str, &str)] = &[$((stringify!($name), $en, $zh)),+];
    };
    (@one $name:ident $en:literal $zh:literal) => {
        #[doc = concat!("`` ", $en, " ``")]
        pub fn $name(self) -> &'static str {
            match self.language() { Language::En => $en, Language::Zh => $zh }
        }
    };
    (@one $name:ident ($($argument:ident),+) $en:literal $zh:literal) => {
        #[doc = concat!("`` ", $en, " ``")]
        pub fn $name(self, $($argument: impl Display),+) -> String {
            match self.language() {
                Language::En if $crate::i18n::plurals::has_plurals($en) => {
                    $crate::i18n::plurals::fill($en, &[$((stringify!($argument), &$argument)),+])
                }
                Language::En => format!($en),
                Language::Zh => format!($zh),
            }
        }
    };
}

pub(super) use texts;

texts! {
    // Panes and their empty states.
    pane_id => "ID", "商品ID";
    pane_item => "Item", "商品";
    pane_skus => "SKUs", "SKU";
    pane_props => "Props", "属性";
    pane_requests => "Requests", "请求";
    pane_response => "Response", "响应";
    position(at, count) => "{at} of {count}", "{at}/{count}";
    position_filtered(at, count, all) => "{at} of {count} (of {all})", "{at}/{count}（共{all}）";
    filtering => "filtering…", "筛选中…";
    sorting => "sorting…", "排序中…";
    not_filtered => "not filtered", "未筛选";
    not_sorted => "not sorted", "未排序";
    none_of(all) => "none of {all}", "0/{all}";
    no_match(escape) => "no matches; {escape} clears the filter", "没有匹配的行；按{escape}清除筛选";
    log_not_searched => "The requests could not be read, so nothing was searched", "无法读取请求记录，未作搜索";
    no_skus => "this item has no SKUs", "该商品没有SKU";
    no_props => "this item has no props", "该商品没有属性";
    no_item_yet => "no item yet", "尚无商品";
    no_item => "no item", "没有商品";
    no_item_in_answer => "no item in this answer", "此结果中没有商品";
    no_single_item => "a list of items, no single one", "返回的是商品列表，没有单个商品";
    no_requests => "no requests yet", "还没有请求";
    no_response => "no response yet", "还没有响应";
    too_small(width, height) => "obx needs {width}x{height}", "obx需要{width}x{height}";

    // The ID input.
    id_placeholder => "item ID or offer URL", "商品ID，或商品页地址";
    enter_buys_again => "sent once, may be billed twice", "曾发送过，可能重复计费";
    enter_fetches(submit) => "{submit} fetches", "{submit}调用接口";
    enter_waits(submit) => "{submit} waits for the call under way", "{submit}等待进行中的调用";
    enter_blocked(reason) => "calls blocked: {reason}", "暂停调用：{reason}";
    many_digits(count) => "{count} digits, IDs have 9 to 13", "{count}位数字，ID通常9至13位";
    id_found(id) => "{id} found", "识别到 {id}";
    telephone_asks(id, submit) => "{id} looks like a telephone number: press {submit} again to fetch it as an item ID", "{id} 像是手机号：确认是商品ID请再按一次{submit}";
    one_digit => "only 1 digit, IDs have 9 to 13", "仅1位数字，ID通常9至13位";
    few_digits(count) => "only {count} digits, IDs have 9 to 13", "仅{count}位数字，ID通常9至13位";
    enter_shows_stored(submit) => "{submit} shows the stored answer", "{submit}显示已存结果";
    fetching(id, seconds, escape) => "{id}  {seconds} s  {escape} stops waiting", "{id}  {seconds}秒  {escape}停止等待";
    id_empty => "Type an item ID first", "请先输入商品ID";
    id_too_long => "An item ID has at most 20 digits", "商品ID最多20位数字";
    id_leading_zero => "Item IDs never start with 0: the first digits are missing", "商品ID不会以0开头：前面的数字可能漏掉了";
    id_leading_zero_short => "no ID starts with 0", "ID不会以0开头";
    id_none_yet => "no item ID found", "其中没有商品ID";
    id_short_link => "A short link has no item ID in it: open it in a browser and copy the URL it leads to", "短链接里没有商品ID：请在浏览器打开后复制跳转后的地址";
    id_share_code => "A share code (口令) has no item ID in it: open it in the app and copy the item's URL. Taobao and Tmall need --platform taobao", "口令里没有商品ID：请打开App复制商品链接（淘宝、天猫还需 --platform taobao）";
    id_on_taobao => "A Taobao or Tmall item, and this platform is 1688: use --platform taobao, or a profile with platform = \"taobao\"", "这是淘宝/天猫商品，而当前平台为1688：请用 --platform taobao，或 platform = \"taobao\" 的方案";
    id_on_1688 => "A 1688 offer, and this platform is another: use --platform 1688, or a profile with platform = \"1688\"", "这是1688商品，而当前平台不是1688：请用 --platform 1688，或 platform = \"1688\" 的方案";
    or_one_call(why, escape, edit_call) => "{why}; or {escape}, {edit_call} for one call", "{why}；也可按{escape}再按{edit_call}单次调用";
    id_several(count) => "{count} possible item IDs in this text: leave one of them", "文本里有{count}个可能的商品ID：请只保留一个";
    id_needs_taobao => "Taobao or Tmall item: needs --platform taobao", "淘宝/天猫商品：需 --platform taobao";
    id_needs_1688 => "1688 offer: needs --platform 1688", "1688商品：需 --platform 1688";
    id_in_no_link => "no item ID in a short link or share code", "短链接、口令里没有商品ID";
    id_several_short(count) => "{count} possible IDs", "有{count}个可能的ID";
    like_telephone => "like a telephone number", "像是手机号";
    id_not_found => "No item ID in this text: type its digits, or the offer URL", "文本里没有商品ID：请输入数字，或商品页地址";
    enter_in_burst(submit) => "{submit} arrived with pasted text and was ignored: press it again", "{submit}随粘贴一起送达，未执行：请再按一次{submit}";
    spend_in_burst => "This key arrived with others and sent nothing: press it again on its own", "该键随其他按键一起送达，为防误扣费未执行：请单独再按一次";
    key_in_burst => "This key arrived with others, as in a paste, and was ignored: press it again on its own", "该键随其他按键一起送达（像是粘贴），未执行：请单独再按一次";
    digits_may_miss(id, key) => "Is {id} the whole ID? A digit before it was taken as a key. {key} again calls", "{id} 是完整的ID吗？前面的数字被当作了按键。再按{key}才调用";
    paste_cut_off => "The terminal sent no end of this paste: it was taken as ended after 2 s", "终端没有发送粘贴的结束标记：2 秒后已视为结束";

    // The header.
    profile(name) => "profile {name}", "方案 {name}";
    source_live(seconds, clock) => "live {seconds} s at {clock}", "实时 {seconds}秒 {clock}";
    source_emulator(seconds, clock) => "emulator {seconds} s at {clock}", "模拟器 {seconds}秒 {clock}";
    source_live_at(clock) => "live at {clock}", "实时 {clock}";
    source_emulator_at(clock) => "emulator at {clock}", "模拟器 {clock}";
    source_none(clock) => "no answer at {clock}", "{clock} 无响应";
    source_vendor_cache(date) => "vendor's cache, {date}", "万邦缓存 {date}";
    source_store(clock) => "store, answered {clock}", "本地存档 {clock}";
    quota_today(today, max) => "today {today}/{max}", "今日 {today}/{max}";
    quota_none => "quota not known yet", "额度未知";

    // The item.
    fetching_item(id) => "Fetching {id}. Calls usually take 1 to 8 seconds; you can look around meanwhile.", "正在调用接口获取 {id}。通常需要1至8秒，期间可照常操作。";
    welcome(submit) => "Type an item ID or paste an offer URL, then press {submit}.", "输入商品ID或粘贴商品页地址，然后按{submit}。";
    welcome_demo => "DEMO: an emulator on this machine answers. Prices are invented and nothing is billed. Try 610947590030: its stock and prices change in minutes.", "演示模式：由本机模拟器应答，价格是虚构的，不会计费。可试 610947590030，其库存和价格几分钟内就会变化。";
    welcome_ids => "610947572360 is the vendor's example, 610947590300 has 300 SKUs, 610947572000 is not found, 610947578113 returns another item.", "610947572360 是万邦文档的示例，610947590300 有300个SKU，610947572000 查无此商品，610947578113 会返回另一个商品。";
    welcome_tour(tour) => "{tour} shows the explorer in five steps.", "输入 {tour} 可五步上手。";
    welcome_key => "To use your own key, set OBX_KEY and OBX_SECRET, then restart obx.", "使用自己的账号：设置 OBX_KEY 和 OBX_SECRET 后重新启动 obx。";
    item_list(count) => "a list of {count} item(s)", "共{count}个商品的列表";
    more_in_response(count) => "… {count} more in the response", "… 响应中还有{count}个";
    found_inside(path) => "Found at {path}, not at the top level of the body", "结果不在响应顶层，而在 {path}";
    item_despite(verdict) => "{verdict}, but with an item", "{verdict}，但返回了商品";
    wrong_item(got, asked) => "This is item {got}, not {asked} as requested", "返回的是商品 {got}，而不是所请求的 {asked}";
    was_billed => "This call was billed.", "本次调用已计费。";
    was_free => "This call was free.", "本次调用免费。";
    was_counted_demo => "DEMO: counted as billed, but no money was spent.", "演示模式：只计数，不花钱。";
    was_unknown => "Whether this call was billed is unknown.", "本次调用是否计费未知。";
    not_found_may_return(refetch) => "Not found isn't final: {refetch} refetches, and is billed again.", "“没找到”并非最终结果：按{refetch}重新获取，会再次计费。";

    // What came of a call.
    code_success => "success", "成功";
    code_absent => "no error_code", "没有 error_code";
    code_no_result => "no result", "无结果";
    empty_success => "success without an item", "成功但没有商品";
    wrong_item_short => "another item", "返回其他商品";
    cause_quota => "quota used up", "额度已用完";
    cause_not_enabled => "API not enabled on this account", "账号未开通该接口";
    cause_expired => "key has expired", "key已过期";
    body_empty => "empty body", "响应为空";
    body_not_recorded => "no body in the HAR file", "未保存响应内容（HAR文件）";
    body_of_size_not_recorded(size) => "no body in the HAR file ({size} received)", "未保存响应内容（HAR文件，原为{size}）";
    body_broken_gzip(at) => "corrupt gzip at byte {at}", "gzip在第{at}字节处损坏";
    body_slow_unpacking(at) => "gzip not unpacked from byte {at} on: it took too long", "gzip解压超时，自第{at}字节起未解压";
    body_too_many_members(at) => "gzip not unpacked from byte {at} on: too many members", "gzip成员过多，自第{at}字节起未解压";
    body_cut(size) => "truncated after {size}", "响应在{size}处中断";
    body_html => "HTML page", "HTML页面";
    body_redirect(target) => "redirect to {target}, not followed", "重定向到{target}（未跟随）";
    body_encoding => "invalid UTF-8, unreadable", "UTF-8已损坏，无法解析";
    body_broken_utf8(at) => "Invalid UTF-8 at byte {at}; unreadable bytes are shown as U+FFFD.", "第{at}字节处不是有效的UTF-8；无法识别的字节显示为U+FFFD。";
    file_gbk => "Not UTF-8; read as GBK.", "不是UTF-8；已按GBK读取。";
    body_gbk => "Sent as GBK, labelled utf-8; read as GBK.", "标为utf-8，实为GBK；已按GBK读取。";
    body_too_deep(at) => "nested too deep or too large to parse, at byte {at}", "第{at}字节处嵌套过深或数据过大，无法解析";
    body_not_json(at) => "not JSON at byte {at}", "第{at}字节处不是JSON";
    body_not_of_type(asked, at) => "not {asked} at byte {at}", "第{at}字节处不是{asked}";
    body_no_envelope => "parsed, but not the API's envelope", "可以解析，但不是接口的返回结构";
    cancelled_unsent => "not sent", "已取消，未发送";
    cancelled_sent => "cancelled", "已由您断开";
    interrupted => "obx ended before the response", "obx在响应到达前退出";
    failed_setup(detail) => "can't set up HTTPS: {detail}", "无法建立HTTPS：{detail}";
    failed_connect(detail) => "no connection: {detail}", "无法连接：{detail}";
    certificate_unknown_issuer => "this machine doesn't trust the issuer of the host's certificate", "本机不信任该主机证书的签发者";
    certificate_expired => "the host's certificate has expired, or this machine's clock is wrong", "主机证书已过期，或本机时钟不准";
    certificate_not_yet => "the host's certificate is not valid yet, or this machine's clock is wrong", "主机证书尚未生效，或本机时钟不准";
    certificate_wrong_name => "the host's certificate is for another name", "主机证书不属于该主机名";
    certificate_revoked => "the host's certificate was revoked", "主机证书已被吊销";
    certificate_unsound => "the host's certificate is invalid", "主机证书无效";
    failed_connect_timeout(seconds) => "no connection within {seconds} s", "{seconds}秒内未能连接";
    failed_timeout(seconds) => "timed out after {seconds} s", "{seconds}秒内未收到完整响应";
    failed_closed => "connection closed without a response", "连接被关闭，没有响应";
    failed_too_large(size) => "body larger than {size}", "响应超过{size}";
    answer_not_recorded => "no response in the HAR file", "没有响应（HAR文件）";
    failed_http(detail) => "HTTP: {detail}", "HTTP错误：{detail}";

    // Punctuation between two parts.
    quoted(text) => "“{text}”", "“{text}”";
    named(name, value) => "{name}: {value}", "{name}：{value}";
    with_detail(text, detail) => "{text} ({detail})", "{text}（{detail}）";
    listed(first, second) => "{first}, {second}", "{first}，{second}";
    enumerated(first, second) => "{first}, {second}", "{first}、{second}";

    // Columns.
    column_name => "name", "名称";
    column_value => "value", "值";
    column_price => "Price", "价格";
    column_stock => "Stock", "库存";
    column_sales => "Sales", "销量";
    column_sku_id => "SKU ID", "SKU ID";
    column_time => "Time", "时间";
    column_item => "Item", "商品";
    column_outcome => "Outcome", "结果";
    column_quota => "Quota", "额度";
    column_cost => "Cost", "费用";
    column_api_seconds => "API s", "接口秒";
    column_total_seconds => "Total s", "总秒";
    column_size => "Size", "大小";
    mark_free => "free", "免费";
    mark_store => "store", "存档";
    mark_billed_in_full => "billed", "已计费";
    mark_unknown_in_full => "unknown", "未知";

    // Notices.
    already_under_way(id) => "{id} is already being fetched: waiting for that call", "{id} 已在请求中：继续等待该次调用";
    stopping_unsent => "Stopped. Nothing was sent, so nothing is billed", "已停止。尚未发送，不会计费";
    stopped_waiting(escape) => "{escape} again closes the connection: cost unknown. Otherwise it is stored", "再按{escape}断开连接：费用未知。否则响应仍会保存并记录";
    close_too_soon(escape) => "Not closed: too soon. {escape} after a second closes it: cost unknown", "尚未断开。一秒后再按{escape}才断开：费用未知";
    press_again(key) => "not sent; {key} again after a second sends it", "未发送；一秒后再按{key}才调用";
    price_unseen => "Not sent: the price was not on screen", "未发送：屏幕上没有显示费用";
    closing_connection => "Connection closed. Whether the call is billed is unknown", "连接已断开，是否计费未知";
    answer_arrived(id) => "The answer for {id} arrived: see the request log", "{id} 的响应已到，见请求记录";
    both_may_be_billed(at) => "Sent at {at} before, and no answer came: both calls may be billed", "先前已于 {at} 发出调用，但未收到响应：两次都可能计费";
    typed_not_utf8 => "Not UTF-8: key ignored. Set the terminal or input method to UTF-8", "收到非UTF-8字节，未当作按键：请将终端或输入法设为UTF-8";
    not_utf8 => "The locale is not UTF-8, so Chinese may not show: set LANG=C.UTF-8 or zh_CN.UTF-8", "Locale is not UTF-8: export LANG=zh_CN.UTF-8（当前locale不是UTF-8，中文可能无法显示）";
    call_failed(id) => "The call for {id} ended without a response: see the request log", "{id} 的调用没有得到响应，见请求记录";
    no_longer_fresh(submit) => "The stored answer is no longer fresh: {submit} refetches it (¥)", "存档已过期：再按{submit}将重新调用（¥）";
    no_host => "No host set: use --host or OBX_HOST", "未设置接口地址：请用 --host 或 OBX_HOST";
    nothing_to_fetch => "No item to refetch: type an ID first", "没有可重新获取的商品：请先输入ID";
    no_page => "No item page to open", "没有可打开页面的商品";
    nothing_held_back => "No call held back", "没有被拦下的调用";
    quit_with_call(quit, leave) => "A call is under way: its answer would be lost. {quit} or {leave} again quits", "有调用正在进行，退出会丢失其响应。再按{quit}或{leave}退出";
    no_id_pasted(count) => "No item ID in {count} pasted character(s); nothing was inserted", "粘贴的{count}个字符中没有识别到商品ID，输入框未变";
    several_ids_pasted(count) => "{count} possible item IDs, so nothing was inserted: paste one of them", "有{count}个可能的商品ID，输入框未变：请只粘贴其中一个";
    id_only_number(id) => "Item {id}: the only number in the text that looks like an ID. Check it", "已取商品ID {id}：文本中唯一像商品ID的数字，请核对";
    id_pasted(id) => "Item {id}, found in the pasted text", "已从粘贴文本中找到商品 {id}";

    // Keys, in the footer.
    hint_fetch => "fetch", "调用";
    hint_show_stored => "show stored", "看存档";
    hint_next_pane => "next pane", "下一面板";
    hint_leave_input => "leave", "离开";
    hint_refetch => "refetch", "重新获取";
    hint_response => "response", "响应";
    hint_locate => "show in response", "定位到响应";
    hint_filter => "filter", "筛选";
    hint_sort => "sort", "排序";
    hint_explain => "explain", "说明";
    hint_copy => "copy line", "复制此行";
    hint_clear => "clear", "清除";
    hint_done => "done", "完成";
    hint_quantity => "price at a quantity", "按数量算价";
    hint_page_of => "page", "商品页";
    hint_columns => "more columns", "更多列";
    hint_rest_of_values => "rest of values", "更多内容";
    hint_refetch_row => "refetch this row's item", "重新获取此行商品";
    hint_open_again => "show again", "再次查看";
    hint_page => "page", "翻页";
    hint_back => "back", "返回";
    hint_close => "close the connection (cost unknown)", "断开连接（费用未知）";
    refetch_too_soon(refetch) => "{refetch} was pressed a moment ago: wait a second before paying again", "刚按过{refetch}：请稍等一秒再重新获取";
    hint_stop => "stop waiting", "停止等待";
    hint_keys => "keys", "按键";
    hint_complete => "complete", "补全";
    hint_run => "run", "执行";
    hint_earlier_ids => "earlier IDs", "之前的ID";
    hint_edit_id => "edit ID", "编辑ID";
    hint_palette => "actions", "操作";
    hint_quit => "quit", "退出";

    // Help and palette.
    mouse_on(key) => "Mouse on. Shift and drag selects text as usual; {key} switches it off", "鼠标已启用。按住Shift拖动可照常选择文本；{key}停用";
    mouse_off => "Mouse off: the terminal selects text", "鼠标已停用：由终端选择文本";
    no_key_here(pressed) => "{pressed} isn't bound here", "{pressed} 在此无作用";
    help_title => "Keys", "按键";
    help_here => "Here", "当前面板";
    help_not_now => "Here, but not at this stage", "当前阶段不可用";
    help_panes => "Panes", "面板";
    help_lists => "Lists and movement", "列表与移动";
    help_items => "Items and calls", "商品与调用";
    help_copying => "Copying and reading outside", "复制、导出与外部查看";
    help_everywhere => "Everywhere but in the ID input", "全局（输入框除外）";
    help_after_closing => "In the panes, once this is closed", "关闭此窗口后，在面板中";
    help_popup => "Popups", "弹窗";
    help_input => "ID input", "ID输入框";
    help_in_place(place, what) => "{place}: {what}", "{place}：{what}";
    palette_title => "Actions", "操作";
    palette_no_match => "No matching action", "没有匹配的操作";
    palette_placeholder => "part of a name or description", "输入命令名或中文说明";

    // What the actions do, in a line of help.
    action_submit => "show the ID's item; fetch it if not stored", "显示该商品；没有存档则调用接口";
    action_open => "open what the cursor is on", "打开光标所在内容";
    opens_in_response => "show it in the response", "查看其在响应中的位置";
    opens_row => "show this row again, no call", "再次查看此行，不产生调用";
    action_refetch => "refetch the item (cache=no)", "重新获取商品（cache=no）";
    action_escape => "close, leave, or stop waiting", "关闭、离开或停止等待";
    action_down => "down", "下移";
    action_up => "up", "上移";
    action_left => "left", "左移";
    action_right => "right", "右移";
    action_top => "to the top", "到顶部";
    action_bottom => "to the bottom", "到底部";
    action_page_down => "page down", "向下翻页";
    action_page_up => "page up", "向上翻页";
    action_half_page_down => "half a page down", "向下半页";
    action_half_page_up => "half a page up", "向上半页";
    action_filter => "show only matching rows; !word inverts", "筛选：只显示匹配的行（!词 为排除）";
    action_column_left => "to the column on the left", "列光标左移";
    action_column_right => "to the column on the right", "列光标右移";
    action_sort => "sort by this column; again: as sent", "按光标所在列排序；再按恢复原顺序";
    action_sort_reverse => "sort descending; again: ascending", "降序排序；再按改为升序";
    action_full => "this pane full screen, and back", "当前面板全屏／还原";
    action_grow_rows => "this pane one row higher", "当前面板增高一行";
    action_shrink_rows => "this pane one row lower", "当前面板降低一行";
    action_grow_columns => "this pane wider", "当前面板加宽";
    action_shrink_columns => "this pane narrower", "当前面板收窄";
    action_hide_pane => "hide this pane; its digit shows it again", "隐藏当前面板，按其数字键恢复";
    action_reset_layout => "show all panes at their usual sizes", "恢复所有面板的默认大小";
    no_border_to_move => "No border of this pane can be moved that way", "此面板的边框无法再移动";
    pane_stays => "This pane can't be hidden", "此面板不能隐藏";
    action_explain => "what this outcome means, what to do", "结果含义与处理建议";
    action_older => "previous stored answer of this item", "该商品更早的存档";
    action_newer => "next stored answer of this item", "该商品更新的存档";
    action_compare => "what changed since the previous answer", "与上一次（或已标记的）结果比较";
    action_mark => "mark this answer to compare with it", "标记此结果，用于比较";
    action_back => "back to the previous item", "返回上一个商品";
    action_forward => "forward again", "前进到下一个商品";
    action_history => "every item ever requested", "查询过的所有商品";
    action_find => "search all stored answers", "搜索所有存档";
    action_star => "star or unstar this item", "收藏／取消收藏该商品";
    action_note => "write a note on this item", "为该商品写备注";
    action_quantity => "price at a quantity", "按数量算价";
    action_copy => "copy what the cursor is on", "复制光标处内容";
    action_open_page => "open the product page in a browser", "在浏览器打开商品页";
    action_next_pane => "next pane", "下一面板";
    action_previous_pane => "previous pane", "上一面板";
    action_focus_id => "edit the ID", "编辑商品ID";
    action_focus_item => "item", "商品";
    action_focus_skus => "SKUs", "SKU";
    action_focus_props => "props", "属性";
    action_focus_requests => "request log", "请求记录";
    action_focus_response => "response", "响应";
    action_help => "these keys", "按键说明";
    action_palette => "every action by name", "按名称执行操作";
    action_switch_language => "switch to Chinese", "切换到英文";
    theme_terminal => "terminal", "终端";
    theme_light => "light", "浅色";
    theme_dark => "dark", "深色";
    theme_auto => "auto", "自动";
    theme_is(name) => "Theme: {name}", "配色：{name}";
    theme_without_colours => "No colours: NO_COLOR or --no-color is set", "未使用颜色：已设NO_COLOR或--no-color";
    action_switch_theme => "next colour theme", "切换配色";
    action_toggle_mouse => "the mouse on or off", "启用／停用鼠标";
    action_redraw => "redraw the screen", "重绘屏幕";
    action_suspend => "suspend to the shell; fg returns", "挂起到shell；fg返回";
    action_leave => "back; at the top, quit", "返回；在最上层则退出";
    action_quit => "quit", "退出";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_the_ending_for_the_number_before_it() {
        let texts = Texts::new(Language::En);
        for (count, line, oddity) in
            [(0, "0 lines", "0 oddities"), (1, "1 line", "1 oddity"), (11, "11 lines", "11 oddities")]
        {
            assert!(texts.batch_left(count).starts_with(line), "{count}");
            assert!(texts.facts_by_command(count).starts_with(oddity), "{count}");
        }
        // What is put in has no endings of ours.
        assert!(texts.money_demo("1 item(s)").ends_with("1 item(s)"));
    }
}
