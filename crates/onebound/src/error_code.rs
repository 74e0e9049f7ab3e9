//! The vendor's error codes: what they mean, whether they are billed, whose side they are on.
//!
//! The table is the vendor's page's; the column "billed" is a copy found in public code: 0000 and 2000
//! are billed, all else is free. The code alone can mislead: 4005 also comes with 已超量 (quota used up)
//! or 请开通接口 (API not enabled), so [`Cause::from_texts`] looks at the text first.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::field::Field;

/// A code as it came, four digits where it was a number; success is `0000` also where it came as `"0"`. It may be
/// outside of the table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorCode(String);

/// Whose move it is after this code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Responsible {
    /// Nothing went wrong.
    Nobody,
    /// The call can't be answered: change it.
    Call,
    /// The account, its key or its quota.
    Account,
    /// The vendor, or 1688 behind it.
    Vendor,
}

/// A row of the vendor's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeMeaning {
    /// Four digits.
    pub code: &'static str,
    /// The vendor's English.
    pub en: &'static str,
    /// The vendor's Chinese.
    pub zh: &'static str,
    /// Whether the call is billed.
    pub billed: bool,
    /// Whose move it is.
    pub responsible: Responsible,
}

const fn row(
    code: &'static str,
    en: &'static str,
    zh: &'static str,
    billed: bool,
    responsible: Responsible,
) -> CodeMeaning {
    CodeMeaning { code, en, zh, billed, responsible }
}

/// The code of success.
const SUCCESS: &str = "0000";

/// All 20 of them, in the vendor's order.
pub const TABLE: [CodeMeaning; 20] = [
    row("0000", "success", "接口调用成功并返回相关数据", true, Responsible::Nobody),
    row("2000", "Search success but no result", "接口访问成功，但是搜索没有结果", true, Responsible::Call),
    row("4000", "Server internal error", "服务器内部错误", false, Responsible::Vendor),
    row("4001", "Network error", "网络错误", false, Responsible::Vendor),
    row("4002", "Target server error", "目标服务器错误", false, Responsible::Vendor),
    row("4003", "Param error", "用户输入参数错误", false, Responsible::Call),
    row("4004", "Account not found", "用户帐号不存在", false, Responsible::Account),
    row("4005", "Invalid authentication credentials", "授权失败", false, Responsible::Account),
    row("4006", "API stopped", "您的当前API已停用", false, Responsible::Account),
    row("4007", "Account stopped", "您的账户已停用", false, Responsible::Account),
    row("4008", "API rate limit exceeded", "并发已达上限", false, Responsible::Account),
    row("4009", "API maintenance", "API维护中", false, Responsible::Vendor),
    row("4010", "API not found with these values", "API不存在", false, Responsible::Account),
    row("4012", "Please add api first", "请先添加api", false, Responsible::Account),
    row("4013", "Number of calls exceeded", "调用次数超限", false, Responsible::Account),
    row("4014", "Missing url param", "参数缺失", false, Responsible::Call),
    row("4015", "Wrong pageToken", "参数pageToken有误", false, Responsible::Call),
    row("4016", "Insufficient balance", "余额不足", false, Responsible::Account),
    row("4017", "timeout error", "请求超时", false, Responsible::Vendor),
    row("5000", "unknown error", "未知错误", false, Responsible::Vendor),
];

impl ErrorCode {
    /// Reads `error_code`, be it a string or a number; `None` where there is none.
    pub fn from_field(field: &Field<'_>) -> Option<Self> {
        let text = field.text()?.trim();
        if text.bytes().all(|byte| byte == b'0') {
            return Some(Self(SUCCESS.to_owned()));
        }
        let number = matches!(field, Field::Number(_)).then(|| text.parse::<u16>().ok()).flatten();
        Some(Self(number.map_or_else(|| text.to_owned(), |number| format!("{number:04}"))))
    }

    /// The code as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its row in the table; `None` for a code that is not in it.
    pub fn meaning(&self) -> Option<&'static CodeMeaning> {
        TABLE.iter().find(|row| row.code == self.0)
    }

    /// Whether it says success (0000).
    pub fn is_success(&self) -> bool {
        self.0 == SUCCESS
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The cause that the error text gives beyond the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// 已超量: the quota is used up, whatever the code.
    QuotaUsedUp,
    /// 请开通接口: this account lacks this API.
    NotEnabled,
    /// 已过期: the key has expired; midnight does not help.
    KeyExpired,
    /// The text adds nothing: the code's own meaning.
    AsCoded,
}

impl Cause {
    /// Looks for the known phrases in `error` and `reason`.
    pub(super) fn from_texts(error: &str, reason: &str) -> Self {
        let says =
            |phrases: &[&str]| phrases.iter().any(|phrase| error.contains(phrase) || reason.contains(phrase));
        if says(&["过期", "到期", "expired"]) {
            Self::KeyExpired
        } else if says(&["已超量", "次数超限"]) {
            Self::QuotaUsedUp
        } else if says(&["请开通", "无权访问"]) {
            Self::NotEnabled
        } else {
            Self::AsCoded
        }
    }
}
