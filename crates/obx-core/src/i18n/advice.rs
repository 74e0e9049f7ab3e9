//! What each outcome means for the user, and what to do next: the texts of the card.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    // How an advice names the means.
    press_key(key) => "{key}", "按{key}";
    run_command(command) => "{command}", "运行 {command}";

    advice_0000(submit) => "Success. {submit} on this ID shows the answer again, without a call, while it is fresh.", "一切正常。在有效期内，对该ID{submit}会再次显示此结果，不产生调用。";
    advice_nothing_found => "Nothing was found. Check the words and the price range. Within `freshness.no_result` the same search comes from the store.", "没有找到结果。请检查关键词和价格范围。在 `freshness.no_result` 内，相同的搜索由存档返回，不再计费。";
    advice_nothing_on_page => "Nothing is on this page. The first page says how many there are in all.", "本页没有结果。第一页显示共有多少。";
    advice_nothing_of_shop => "Nothing was found. Check the shop's sid (b2b-…), words and prices. Within `freshness.no_result` the same search comes from the store.", "没有找到结果。请检查店铺sid（b2b-…）、关键词和价格。在 `freshness.no_result` 内，相同的搜索由存档返回，不再计费。";
    advice_2000(refetch) => "1688 has no such item, or the vendor failed to get it this time: items not found have reappeared within the hour. Check the ID. {refetch} refetches and is billed again.", "1688上没有该商品，或万邦这次没有取到：有的商品一小时内又能查到。请检查ID。{refetch}重新获取会再次计费。";
    advice_4000(refetch) => "The vendor's server failed. Wait a moment, then {refetch}.", "万邦服务器出错。稍等后{refetch}重试。";
    advice_4001(refetch) => "The vendor's network failed. Wait a moment, then {refetch}.", "万邦网络出错。稍等后{refetch}重试。";
    advice_4002(refetch) => "1688 returned an error to the vendor. Wait a few minutes, then {refetch}.", "1688返回给万邦的是错误（目标站出错）。几分钟后{refetch}重试。";
    advice_4003 => "A parameter was rejected. Check the ID, --lang, --api-version and --param.", "参数不被接受。请检查ID，以及 --lang、--api-version、--param。";
    advice_4004 => "The vendor doesn't know this key. Check OBX_KEY or the profile for a missing or extra character.", "万邦没有这个key。请检查 OBX_KEY 或配置方案中的key是否多了或少了字符。";
    advice_4005 => "Key and secret were rejected. Check that they belong together and that the account has this API.", "key和secret未通过校验。请检查两者是否配套，以及账号是否开通该接口。";
    advice_4006 => "The account's access to this API is suspended. Only the vendor can restore it.", "该账号的此接口已被停用，只能由万邦恢复。";
    advice_4007 => "The account is suspended. Only the vendor can restore it.", "账号已被停用，只能由万邦恢复。";
    advice_4008(refetch) => "Too many concurrent calls with this key, perhaps by another program. Wait until they finish, then {refetch}.", "同一key的并发过多（可能有其他程序在用）。等它们结束后{refetch}。";
    advice_4009(refetch) => "The API is under maintenance. Try {refetch} later.", "接口维护中，稍后{refetch}重试。";
    advice_4010 => "This account has no such API on this platform. Some accounts only work with --platform 1688global.", "当前 --platform 下没有此接口。有的账号只能用 --platform 1688global。";
    advice_4012 => "Add this API to the account in the vendor's console first.", "请先在万邦控制台为账号添加该接口。";
    advice_4013 => "This key's calls are used up. The quota resets at midnight in Beijing (UTC+8). If the key itself has expired, midnight won't help.", "调用次数已用完，北京时间零点重置。如果是key到期，零点后也不会恢复。";
    advice_4014 => "A parameter is missing. Check --param; obx sends key, secret and num_iid itself.", "缺少参数。请检查 --param；obx 会自动发送 key、secret 和 num_iid。";
    advice_4015 => "A pageToken is invalid. item_get takes none: check --param.", "pageToken有误。item_get 不需要它，请检查 --param。";
    advice_4016 => "The balance is used up. Top up in the vendor's console.", "余额不足，请在万邦控制台充值。";
    advice_4017(refetch) => "The vendor timed out waiting for 1688. {refetch} retries; without cache=no the vendor's cached copy is faster.", "万邦等待1688超时。可{refetch}重试；去掉 cache=no，可更快拿到万邦缓存。";
    advice_5000(refetch) => "The vendor doesn't say what went wrong. If {refetch} still fails later, send the vendor the request ID.", "万邦未说明原因。稍后{refetch}仍不行时，请把请求编号发给万邦。";
    advice_unknown_code => "This code is not in the vendor's table. The vendor's message is all there is to go by.", "该代码不在万邦的错误表中，只能参考万邦返回的文字。";
    advice_quota => "The message says the quota is used up, whatever the code. It resets at midnight in Beijing (UTC+8).", "返回文字表明额度已用完（以文字为准，不看代码）。北京时间零点重置。";
    advice_not_enabled => "The message says this account lacks this API. Enable it in the vendor's console.", "返回文字表明账号未开通该接口，请在万邦控制台开通。";
    advice_expired => "The message says the key has expired. Renew it; midnight won't help.", "返回文字表明key已过期，请续费；零点后也不会恢复。";
    advice_wrong_item(refetch) => "The vendor returned another item than requested. It is stored with this call and counts as an answer for neither ID. {refetch} retries.", "万邦返回的不是所请求的商品。它随本次调用保存，但不算任何一个ID的结果。可{refetch}重新获取。";
    advice_html(refetch, response) => "An HTML page, usually from a firewall that saw too many calls or too fast ones. Wait a few minutes, then {refetch}. {response} shows the page.", "返回的是网页而不是数据：多半是防火墙认为调用过多或过快。几分钟后{refetch}。{response}查看网页。";
    advice_empty(refetch) => "The response has no body. {refetch} retries; whether this call was billed is unknown.", "响应没有内容。可{refetch}重试；本次是否计费未知。";
    advice_body_not_recorded => "There was a response, but the program that saved this file left out its body: save it again with bodies. Whether the call was billed is unknown.", "当时收到了响应，但保存该文件的程序没有保存响应内容：请连同内容重新保存。该调用是否计费未知。";
    advice_answer_not_recorded => "This file has the call but no response. Whether it was sent and billed is unknown; check the count in the vendor's console.", "该文件只记录了请求，没有响应。是否已发送、是否计费未知，请以万邦控制台的计数为准。";
    advice_cut(refetch, response) => "The body is truncated. {response} shows what was received. {refetch} retries; whether this call was billed is unknown.", "响应不完整。{response}查看已收到的部分。可{refetch}重试；本次是否计费未知。";
    advice_slow_unpacking(refetch) => "The whole body arrived, but unpacking it took too long; it is stored as received. {refetch} retries; whether this call was billed is unknown.", "响应已完整收到，但解压超时，已原样保留。可{refetch}重试；本次是否计费未知。";
    advice_too_many_members(refetch) => "The API never answers in this many pieces; the body is stored as received. {refetch} retries; whether this call was billed is unknown.", "如此零碎的响应不是该接口的正常结果，已原样保留。可{refetch}重试；本次是否计费未知。";
    advice_garbled(response) => "This is not an answer of the API. {response} shows it as received.", "收到的内容不是接口的响应。{response}查看原文。";
    advice_redirect => "The host redirects to another address. Redirects are never followed, since the key would go along. Check --host.", "该地址把请求转向别处。为避免泄露key，不会跟随。请检查 --host。";
    advice_connect => "No connection: nothing was sent. Check the network, the proxy and the host name. A second --host is tried automatically.", "无法连接，未发送任何内容。请检查网络、代理和地址；可再加一个 --host 作备用，会自动切换。";
    advice_certificate => "The host couldn't prove its identity, so nothing was sent. Usually an intercepting proxy, a wrong clock, or root certificates missing on this machine.", "无法确认对方主机的身份，未发送任何内容。多半是代理在拦截、时钟不准，或本机缺少根证书。";
    advice_timeout => "It took longer than the configured limit. Whether this call was billed is unknown.", "超过了时间上限（可设置）。本次是否计费未知。";
    advice_closed => "The host closed the connection after the request was sent. Whether this call was billed is unknown.", "请求发出后连接被对方关闭。本次是否计费未知。";
    advice_too_large => "The body is larger than the configured limit (max_body).", "响应超过大小上限，可在配置中修改（max_body）。";
    advice_setup => "HTTPS couldn't be set up on this machine, usually because the system's root certificates are missing.", "本机无法建立HTTPS：多半是缺少系统根证书。";
    advice_cancelled_unsent => "You cancelled before anything was sent.", "您在发送前已取消。";
    advice_cancelled_sent => "You closed the connection after the request was sent. Whether it was billed is unknown.", "您在发送后断开了连接。本次是否计费未知。";
    advice_interrupted => "obx was killed, or the machine went down, after this call was recorded. Whether it was sent and billed is unknown.", "该调用记账后，obx被强制结束，或本机断电或死机。是否已发送、是否计费未知。";

    side_nobody => "nobody: it worked", "无（调用成功）";
    side_call => "you: the request", "您这边：请求内容";
    side_machine => "this machine: obx was ended", "本机：obx被终止";
    side_account => "your account", "账号";
    side_vendor => "the vendor", "万邦";
    side_not_recorded => "unknown: the file doesn't say", "未知：文件中没有记录";
    side_network => "the network", "网络";

    card_title => "What happened", "发生了什么";
    card_outcome => "Outcome", "结果";
    card_words => "Vendor says", "万邦返回";
    card_billed => "Billed", "计费";
    card_side => "Who must act", "责任方";
    card_next => "What to do", "处理建议";
    card_request_id => "request_id", "request_id";
    card_server_time => "server_time", "server_time";
    card_quota => "api_info", "api_info";
    card_asked_by => "Asked by", "调用人";
    card_host => "Host", "地址";
    card_http => "HTTP", "HTTP";
    card_item => "Item", "商品";
    billed_yes => "yes", "是";
    billed_demo => "counted in DEMO: no money", "仅演示计数：不花钱";
    billed_no => "no", "否";
    billed_unknown => "unknown", "未知";
    copied(what, how) => "Copied {what}: {how}", "已复制{what}：{how}";
    copied_osc52 => "sent to the terminal (OSC 52), which may ignore it", "已发送给终端（OSC 52），终端可能不接受";
    copied_tmux => "to tmux, and to its terminal if that accepts it", "已放入tmux，并转交其终端（终端可能不接受）";
    copy_failed(why) => "Nothing copied: {why}", "未能复制：{why}";
    page_opened(url) => "Opened {url}", "已打开 {url}";
    page_shown(url) => "No browser here: {url}", "此处没有浏览器：{url}";
}
