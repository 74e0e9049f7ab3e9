//! The vendor's table of error codes, and the answers that carry them.
//!
//! Source: the table at the end of the vendor's page; which codes are billed is from a copy of that table
//! in public code. A [`ErrorReply`] is what the envelope of a failed call says.

/// One line of the vendor's table.
pub(super) struct Code {
    /// Sent as `error_code`, a string.
    pub(super) digits: &'static str,
    /// The status of the table, sent as `error`.
    pub(super) status: &'static str,
    /// The description of the table, sent as `reason`.
    pub(super) reason: &'static str,
}

const fn code(digits: &'static str, status: &'static str, reason: &'static str) -> Code {
    Code { digits, status, reason }
}

/// All twenty. Two differ from the table, as captured answers do: 2000 and 4013.
pub(super) const CODES: [Code; 20] = [
    code("0000", "success", "接口调用成功并返回相关数据"),
    code("2000", "item-not-found", "商品没找到"),
    code("4000", "Server internal error", "服务器内部错误"),
    code("4001", "Network error", "网络错误"),
    code("4002", "Target server error", "目标服务器错误"),
    code("4003", "Param error", "用户输入参数错误"),
    code("4004", "Account not found", "用户帐号不存在"),
    code("4005", "Invalid authentication credentials", "授权失败"),
    code("4006", "API stopped", "您的当前API已停用"),
    code("4007", "Account stopped", "您的账户已停用"),
    code("4008", "API rate limit exceeded", "并发已达上限"),
    code("4009", "API maintenance", "API维护中"),
    code("4010", "API not found with these values", "API不存在"),
    code("4012", "Please add api first", "请先添加api"),
    code("4013", "已超量", "已超量"),
    code("4014", "Missing url param", "参数缺失"),
    code("4015", "Wrong pageToken", "参数pageToken有误"),
    code("4016", "Insufficient balance", "余额不足"),
    code("4017", "timeout error", "请求超时"),
    code("5000", "unknown error", "未知错误"),
];

/// The error of an answer without an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorReply {
    /// Four digits.
    pub(super) code: String,
    /// The envelope's `error`.
    pub(super) error: String,
    /// The envelope's `reason`.
    pub(super) reason: String,
}

impl ErrorReply {
    /// The refusal with this code, in the words of the table; a code outside of it says 未知错误.
    pub(super) fn new(code: &str) -> Self {
        let row = CODES.iter().find(|row| row.digits == code);
        Self {
            code: code.to_owned(),
            error: row.map_or("unknown error", |row| row.status).to_owned(),
            reason: row.map_or("未知错误", |row| row.reason).to_owned(),
        }
    }

    /// The error with this code and another reason than the table's.
    pub(super) fn with_reason(code: &str, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), ..Self::new(code) }
    }

    /// Whether the vendor asks money for it: of all that is no success, only "no result".
    pub(super) fn is_billed(&self) -> bool {
        self.code == "2000"
    }
}

/// The code that an ID asks for by its last four digits.
pub(super) fn of_item_id(num_iid: &str) -> Option<&'static str> {
    CODES.iter().map(|row| row.digits).find(|code| num_iid.ends_with(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_table_is_asked_for_by_the_last_four_digits() {
        for row in &CODES {
            assert_eq!(of_item_id(&format!("61094757{}", row.digits)), Some(row.digits));
        }
        assert_eq!(of_item_id("610947574099"), None, "4099 is not in the table");
    }

    #[test]
    fn only_no_result_is_billed_among_refusals() {
        let billed: Vec<_> = CODES.iter().filter(|row| ErrorReply::new(row.digits).is_billed()).collect();
        assert_eq!(billed.len(), 1);
        assert_eq!(billed[0].digits, "2000");
    }
}
