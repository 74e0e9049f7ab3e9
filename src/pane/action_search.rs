//! Finds actions by what people call them: name, key, description in both languages, and the words of the trade and of
//! other programs.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::keymap::Keymap;
use crate::message::{Action, PaneId};
use crate::ui::filter::fold;
use obx_core::i18n::{Language, Texts};

/// How well an action matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ActionMatch {
    /// Its whole name, or a command of vi.
    Named,
    /// One of its keys.
    Key,
    /// The beginning of its name.
    NameBegin,
    /// One of its search words, or the beginning of a part of its name.
    Word,
    /// A part of its name.
    InName,
    /// A part of its description or of its search words.
    InText,
}

/// Commands of vi, which hands type by habit.
const COMMANDS: [(&str, Action); 7] = [
    ("q", Action::Quit),
    ("q!", Action::Quit),
    ("qa", Action::Quit),
    ("wq", Action::Quit),
    ("w", Action::Export),
    ("e", Action::OpenEditor),
    ("h", Action::Help),
];

/// What buyers and users of other programs call an action, beside its name and description; in lower case.
const WORDS: &[(Action, &str)] = &[
    (Action::Submit, "查询 查商品 获取 get show"),
    (Action::Refetch, "刷新 更新 重查 reload refresh"),
    (Action::Override, "强制 坚持 force insist"),
    (Action::Filter, "搜索 查找 过滤 search"),
    (Action::Jq, "提取 表达式 query"),
    (Action::Sort, "排列 order"),
    (Action::SortReverse, "倒序 降序 order"),
    (Action::Full, "放大 最大化 zoom maximize"),
    (Action::Explain, "错误码 报错 原因 error why"),
    (Action::EditCall, "参数 自定义 请求 搜索商品 request"),
    (Action::Batch, "批量 清单 列表 多个 list many bulk"),
    (Action::Facts, "提示 问题 warnings oddities"),
    (Action::Description, "描述 图文 details"),
    (Action::Pictures, "主图 看图 照片 images photos"),
    (Action::Quota, "余额 次数 用量 剩余 usage balance"),
    (Action::Older, "历史价 上一次"),
    (Action::Newer, "下一次"),
    (Action::Compare, "对比 变化 差异 涨价 降价 diff difference"),
    (Action::Mark, "选中 select"),
    (Action::Back, "后退"),
    (Action::History, "历史 浏览记录 查过 recent"),
    (Action::Find, "查找 全文 grep"),
    (Action::Search, "找货 搜商品 关键词 搜索 keyword query"),
    (Action::Star, "关注 favourite favorite bookmark"),
    (Action::Note, "笔记 评语 comment"),
    (Action::SkuMatrix, "规格 颜色 尺码 尺码表 grid pivot"),
    (Action::Quantity, "算价 报价 批发价 拿货价 阶梯价 起批 calculate quote tiers"),
    (Action::ShowColumns, "表头 字段 代发价"),
    (Action::Export, "下载 保存 表格 excel csv download save"),
    (Action::CopyCurl, "命令"),
    (Action::OpenEditor, "编辑器 vim"),
    (Action::OpenPager, "less"),
    (Action::OpenPage, "网页 链接 浏览器 url link"),
    (Action::ResetLayout, "布局"),
    (Action::Focus(PaneId::Id), "输入"),
    (Action::Focus(PaneId::Item), "价格 库存 卖家 price seller"),
    (Action::Focus(PaneId::Skus), "规格 货号 variants"),
    (Action::Focus(PaneId::Props), "参数 specs"),
    (Action::Focus(PaneId::Requests), "日志 log"),
    (Action::Focus(PaneId::Response), "原文 返回 json body"),
    (Action::Help, "帮助 快捷键 shortcuts"),
    (Action::SwitchLanguage, "语言 中文 english language"),
    (Action::SwitchTheme, "主题 颜色 深色 浅色 夜间 dark light colors"),
    (Action::Tour, "教程 新手 入门 tutorial"),
    (Action::Leave, "上一级"),
    (Action::Quit, "关闭 exit"),
];

fn words_of(action: Action) -> &'static str {
    WORDS.iter().find(|(of, _)| *of == action).map_or("", |(_, words)| words)
}

/// Made once: the palette looks through all of them several times for each key.
static SEARCHED_TEXTS: LazyLock<HashMap<Action, String>> = LazyLock::new(|| {
    let text = |action: Action| {
        let described = [Language::En, Language::Zh].map(|language| action.describe(Texts::new(language)));
        fold(&format!("{}\n{}\n{}", described[0], described[1], words_of(action))).into_owned()
    };
    Action::all().map(|action| (action, text(action))).collect()
});

/// The texts in which an action is looked for: its description in both languages, and its search words; folded.
pub(super) fn searched_text(action: Action) -> &'static str {
    SEARCHED_TEXTS.get(&action).map_or("", String::as_str)
}

/// How well what was typed matches an action; `None` if it does not.
pub(super) fn action_match(typed: &str, action: Action, keymap: &Keymap) -> Option<ActionMatch> {
    let (typed, name) = (typed.trim(), action.name());
    let folded = fold(typed).into_owned();
    if name == folded || COMMANDS.contains(&(folded.as_str(), action)) {
        return Some(ActionMatch::Named);
    }
    if !typed.is_empty() && keymap.keys_in_panes(action).split(' ').any(|key| key == typed) {
        return Some(ActionMatch::Key);
    }
    if name.starts_with(&folded) {
        return Some(ActionMatch::NameBegin);
    }
    let begins_part = name.split('_').any(|part| part.starts_with(&folded));
    if begins_part || words_of(action).split(' ').any(|word| word == folded) {
        return Some(ActionMatch::Word);
    }
    let text = searched_text(action);
    let mut words = folded.split_whitespace();
    if words.clone().all(|word| name.contains(word)) {
        return Some(ActionMatch::InName);
    }
    words.all(|word| name.contains(word) || text.contains(word)).then_some(ActionMatch::InText)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn search_words_are_folded_and_each_action_has_one_row() {
        let actions: HashSet<Action> = WORDS.iter().map(|(action, _)| *action).collect();
        assert_eq!(actions.len(), WORDS.len());
        for (action, words) in WORDS {
            assert_eq!(fold(words), *words, "{action:?}");
            assert!(action.is_in_palette(), "{action:?} is not listed");
        }
    }
}
