//! The quota view's texts, and the forecast's one line in the header.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    action_quota => "quota: today's curve, pace and forecast", "额度：今日曲线、调用频率与预计";
    quota_title => "Quota", "额度";
    quota_title_key(fingerprint) => "Quota of key {fingerprint}", "key {fingerprint} 的额度";
    quota_at(moment) => "{moment} Beijing", "北京时间 {moment}";
    quota_key(fingerprint) => "Key {fingerprint}", "key {fingerprint}";
    quota_this_session => "(this session)", "本次会话使用";
    quota_of(used, max) => "{used} of {max}", "{used} / {max}";
    quota_percent(percent) => "{percent} %", "{percent}%";
    quota_left(left) => "{left} left", "剩余 {left}";
    quota_no_max(used) => "{used} used; the vendor gave no limit", "已用 {used}；万邦未告知上限";
    quota_unknown => "Not known yet: the first answer says how many calls are used and allowed.", "暂时未知：收到第一个响应后即可知道已用次数和上限。";

    quota_forecast => "Forecast", "预计";
    forecast_silent => "too few calls to tell yet", "调用还太少，无法预计";
    forecast_lasts => "lasts the day", "今日够用";
    forecast_lasts_left(left) => "lasts the day, about {left} left at midnight", "今日够用，零点时约剩 {left}";
    forecast_out_at(clock) => "out at ~{clock}", "约 {clock} 用完";
    forecast_out_beijing(clock) => "out at ~{clock} Beijing time", "约北京时间 {clock} 用完";
    forecast_out => "used up", "已用完";
    forecast_turns(clock, rest) => "resets at {clock}, in {rest}", "{clock} 重置，还有 {rest}";
    forecast_here(clock) => "({clock} here)", "（本地 {clock}）";
    quota_pace => "Pace", "调用频率";
    pace_of(calls, over) => "{calls} call(s) per hour over the last {over}", "每小时 {calls} 次（最近{over}）";
    pace_slow(over) => "less than one call per hour over the last {over}", "每小时不到 1 次（最近{over}）";
    pace_none => "too few calls lately", "近期调用太少";
    span_hours(hours) => "{hours} h", "{hours}小时";
    span_minutes(minutes) => "{minutes} min", "{minutes}分钟";
    span_both(hours, minutes) => "{hours} h {minutes} min", "{hours}小时{minutes}分钟";

    curve_title => "Calls per hour, Beijing time", "每小时调用次数（北京时间）";
    curve_most(calls, clock) => "peak {calls} at {clock}", "最多 {calls}（{clock}）";
    curve_spread => "░ no calls from here: the vendor's count, spread evenly", "░ 该时段本存档没有调用：按万邦计数平均分布";

    quota_ours => "Calls here", "本存档调用";
    quota_people => "By person", "按调用人";
    quota_unnamed => "(no name)", "（未署名）";
    curve_undated(calls) => "{calls} more by the vendor's count, at hours nobody knows", "万邦另计{calls}次，时段未知";
    split_demo(calls) => "¥ {calls} counted in DEMO: no money", "¥ 演示计数 {calls}：不花钱";
    split_billed(calls) => "¥ {calls} billed", "¥ 计费 {calls}";
    split_unknown(calls) => "? {calls} unknown", "? 未知 {calls}";
    split_free(calls) => "{calls} free", "免费 {calls}";
    split_store(calls) => "{calls} from the store", "本地存档 {calls}";
    quota_counted => "Counted", "计数对比";
    counted_both(vendor, ours) => "{vendor} by the vendor, {ours} here", "万邦 {vendor}，本存档 {ours}";
    counted_ours(ours) => "{ours} here; no count from the vendor today", "本存档 {ours}；万邦今日未告知计数";
    counted_others(calls) => "{calls} since the first call here are not from here: somebody else uses this key", "本存档首次调用后有 {calls} 次不在其中：有人在用同一key";
    counted_before(calls) => "{calls} before the first call here today: another session, or somebody else", "今日本存档首次调用前已有 {calls} 次：其他会话或其他人";
    quota_expires => "Key expires", "key到期";
    expires_in(date, days) => "{date}, in {days} day(s)", "{date}，还有 {days} 天";
    expires_tomorrow(date) => "{date}, tomorrow", "{date}，明天";
    expires_today(date) => "{date}, today", "{date}，今天";
    expired_on(date) => "{date}: expired", "{date}，已过期";
    quota_cap => "Cap", "本地日上限";
    cap_of(calls) => "calls stop here at {calls} per day", "每日调用满 {calls} 次后，本机不再调用";
    quota_reserve => "Reserve", "预留额度";
    reserve_of(calls) => "the last {calls} calls are reserved", "预留最后 {calls} 次不用";
    quota_all => "all[…]", "all[…]";
    all_addends(all) => "{all}  (the rest is undocumented)", "{all}（其余项含义文档未说明）";
    quota_host => "Host", "地址";

    blocked_since(reason, clock) => "No calls since {clock}: {reason}.", "{clock} 起停止调用：{reason}。";
    blocked_resumes(clock) => "They resume at {clock} Beijing time, when the quota resets.", "北京时间 {clock} 重置后恢复。";
    blocked_by_damage => "Calls are stopped: the stored block of this key is damaged. It holds until a call succeeds.", "已停止调用：该key的停用记录已损坏，在有调用成功之前仍然有效。";
    blocked_for_good => "Midnight won't change that.", "零点后也不会恢复。";
    why_quota => "the vendor says the quota is used up", "万邦称额度已用完";
    why_balance => "the balance is used up", "余额不足";
    why_stopped => "the account, or its access to this API, is suspended", "账号或该接口已被停用";
    why_expired => "the key has expired", "key已过期";
}
