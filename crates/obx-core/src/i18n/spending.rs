//! The texts of commands that may pay: what is planned, and what could not be stored.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    paid_not_stored(subjects, error) => "{subjects}: paid for, but not in the store: {error}", "{subjects}：已付费，但未能存档：{error}";
    paid_not_stored_hint => "What was printed is all there is of it: keep it, since the same command may pay for it again", "以上输出是唯一的一份，请保留；再次运行同一命令可能重复付费";
    paid_and_spooled(subjects, error) => "{subjects}: paid for, and kept in a file of this machine until the server is back: {error}", "{subjects}：已付费，暂存于本机，待服务器恢复后写入：{error}";
    paid_and_spooled_hint => "The next obx on this machine with this store hands it in: it is not paid for again", "本机下次使用该存档时会自动写入，不会重复付费";
    log_not_stored(error) => "not all of this run could be written to the request log: {error}", "本次运行未能全部写入请求记录：{error}";
    waiting_to_store => "the store is locked by another program: waiting to write what was paid for", "存档被其他程序锁定：正等待写入已付费的结果";
    bought_in_doubt(subject, at) => "{subject}: a call was sent at {at}, and its answer never came: it may have been billed, and this one may be as well", "{subject}：先前的调用已于 {at} 发出，但一直没有收到响应；那次可能已计费，本次也可能计费";
    plan_field_in_doubt => "when an earlier call for it was sent whose answer never came: both may be billed; else null", "先前调用的发出时间（一直没有收到响应，两次都可能计费）；没有则为null";
    plan_total(calls) => "{calls} calls at most", "最多{calls}次调用";
    plan_total_at(calls, cost) => "{calls} calls at most, {cost} yuan if all are billed", "最多{calls}次调用，全部计费则{cost}元";
    plan_field_subject => "what it is about: an ID, or the API", "对象：商品ID或API";
    plan_field_from => "`store`, `call`, or `nothing` where a guard refuses the call", "`store`（存档）、`call`（调用）；被拦截则为 `nothing`";
    plan_field_calls => "how many calls that is at most", "最多调用数";
    plan_field_url => "the address that would be asked, without key and secret; null if it is not known yet", "将请求的地址（不含密钥）；未知则为null";
    plan_field_reason => "why nothing would be sent; else null", "不发送的原因；否则为null";
}
