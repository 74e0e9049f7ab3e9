//! Keys: the `[keys]` of the config file, their mistakes, and keys without a meaning.

use std::fmt::Display;

use super::Language;
use super::texts::{Texts, texts};

texts! {
    template_keys => "Which keys do what: a key, or a list of keys, or [] for none. Keys are written j, G, ctrl-d, space, pgdn, f5, or as\ntwo characters: zR. [keys] sets them wherever an action has its keys first of all, and [keys.SCOPE] in one scope: a pane\n(item, skus, props, requests, response), text (an input), popup, copying (after y), global.", "按键设置：可写一个键、按键列表，或用 [] 取消。按键写作 j、G、ctrl-d、space、pgdn、f5，或两个字符如 zR。\n[keys] 设置操作的主要按键；[keys.SCOPE] 只设置某一处：面板（item、skus、props、requests、response）、\ntext（输入框）、popup（弹窗）、copying（按y之后）、global（全局）。";
    unbound_nearest(pressed, key, what) => "{pressed} isn't bound here. {key}: {what}", "{pressed} 在此无作用。{key}：{what}";
    unbound_in_pane(pressed, pane, what) => "{pressed} works in {pane}: {what}", "{pressed} 只在“{pane}”面板有效：{what}";
    key_enter => "Enter", "回车";
    alt_in_text(pressed) => "Alt-{pressed} does nothing; Esc, then {pressed} a moment later, are two keys", "Alt-{pressed} 无作用；如要先按Esc再按 {pressed}，请稍作间隔";
    enter_in_pasted_text(submit) => "{submit} arrived with other text and was taken as a blank: press {submit} by itself", "{submit}随其他文字一起送达，按空格处理：请单独按{submit}";
    keys_unknown_scope(name) => "there is no `[keys.{name}]`", "没有 `[keys.{name}]`";
    keys_scopes(names) => "there are {names}", "可用的有 {names}";
    keys_unknown_action(name) => "there is no action `{name}`", "没有操作 `{name}`";
    keys_did_you_mean(what, meant) => "{what}: did you mean `{meant}`?", "{what}，是否应为 `{meant}`？";
    keys_not_in_scope(action, scope) => "`{action}` does nothing in `[keys.{scope}]`", "`{action}` 在 `[keys.{scope}]` 中不起作用";
    keys_unknown_key(key) => "\"{key}\" is no key: write one as d, G, ctrl-d, space, pgdn or f5, or two characters as zR", "\"{key}\" 不是按键：应写作 d、G、ctrl-d、space、pgdn、f5，或两个字符如 zR";
    keys_can_not_bind(key) => "\"{key}\" can't be bound", "不能绑定 \"{key}\"";
    keys_alt => "terminals send it as Esc and another key", "终端把它当作Esc加另一个键发送";
    keys_same_as(key) => "terminals send the same as for {key}", "终端发送的与 {key} 相同";
    keys_flow_control => "many terminals stop and resume their output with it", "许多终端用它暂停和恢复输出";
    keys_typed => "in a text input it is text", "在输入框中它是文字";
    keys_set_twice(action, scope) => "`{action}` is already set in `[keys.{scope}]`", "`{action}` 在 `[keys.{scope}]` 中已设置";
    keys_conflict(key, action, other, scope) => "{key} is the key of both `{action}` and `{other}` in `[keys.{scope}]`: give `{other}` another key, or [] for none", "在 `[keys.{scope}]` 中 {key} 同时是 `{action}` 和 `{other}` 的按键：请给 `{other}` 换一个键，或用 [] 取消";
    keys_no_way_out(action, scope) => "`{action}` needs a key in `[keys.{scope}]`: without it, nothing leads out", "`{action}` 在 `[keys.{scope}]` 中必须有按键，否则无法离开";
}
