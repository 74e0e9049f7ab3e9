//! What the process ends with. Frozen: scripts depend on it.

use std::process::{ExitCode as Code, Termination};

use obx_core::fetch::NotSent;
use obx_core::store::{StoreError, StoreErrorKind};
use onebound::{Cause, ErrorCode, Exchange, Failure, Outcome};

/// All exit codes of obx, each the class of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// All went well.
    Ok,
    /// Something is wrong with obx or the machine.
    Internal,
    /// The command line, the environment, the config file or a parameter is wrong (also 4003, 4014, 4015).
    Usage,
    /// There is no such item or page (2000, and success without an item).
    NoResult,
    /// The account or its authorisation (4004 to 4007, 4010, 4012, 4016, an expired key).
    Account,
    /// Quota or rate (4008, 4013, and 已超量 in the text).
    Quota,
    /// No host could be reached, or none answered.
    Network,
    /// The vendor's side (4000 to 4002, 4009, 4017, 5000).
    Vendor,
    /// Refused here, nothing was sent: cap, reserve, block, budget, or no stored answer offline.
    Refused,
    /// The answer is not understood, is about another item, or has a code outside of the vendor's table.
    NotUnderstood,
    /// Of several, some failed.
    SomeFailed,
    /// Ended by a signal of this number.
    Signal(u8),
}

/// SIGINT
const INTERRUPT: u8 = 2;

impl ExitCode {
    /// All codes but those of signals, in their order.
    pub const ALL: [Self; 11] = [
        Self::Ok,
        Self::Internal,
        Self::Usage,
        Self::NoResult,
        Self::Account,
        Self::Quota,
        Self::Network,
        Self::Vendor,
        Self::Refused,
        Self::NotUnderstood,
        Self::SomeFailed,
    ];

    /// Ended by the user.
    pub const INTERRUPTED: Self = Self::Signal(INTERRUPT);

    /// The number.
    pub fn number(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::NoResult => 3,
            Self::Account => 4,
            Self::Quota => 5,
            Self::Network => 6,
            Self::Vendor => 7,
            Self::Refused => 8,
            Self::NotUnderstood => 9,
            Self::SomeFailed => 10,
            Self::Signal(number) => 128 + number,
        }
    }

    /// The `class` of errors as JSON.
    pub fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::NoResult => "no_result",
            Self::Account => "account",
            Self::Quota => "quota",
            Self::Network => "network",
            Self::Vendor => "vendor",
            Self::Refused => "refused",
            Self::NotUnderstood => "not_understood",
            Self::SomeFailed => "some_failed",
            Self::Signal(_) => "interrupted",
        }
    }

    /// The code for a call's outcome. The vendor's text decides before its code.
    pub fn from_exchange(exchange: &Exchange) -> Self {
        match &exchange.outcome {
            Outcome::Item | Outcome::Success => Self::Ok,
            Outcome::NoResult => Self::NoResult,
            Outcome::WrongItem { .. } | Outcome::NotUnderstood(_) | Outcome::Failed(Failure::TooLarge(_)) => {
                Self::NotUnderstood
            }
            Outcome::Refused(Cause::QuotaUsedUp) => Self::Quota,
            Outcome::Refused(Cause::NotEnabled | Cause::KeyExpired) => Self::Account,
            Outcome::Refused(Cause::AsCoded) => {
                let code = exchange.envelope().and_then(|envelope| envelope.error_code.as_ref());
                Self::from_error_code(code.map_or("", ErrorCode::as_str))
            }
            Outcome::Failed(Failure::Setup(_)) => Self::Internal,
            Outcome::Failed(_) => Self::Network,
            Outcome::Cancelled | Outcome::Interrupted => Self::Signal(INTERRUPT),
        }
    }

    /// The code for an `error_code` of the vendor whose text says no more.
    pub fn from_error_code(code: &str) -> Self {
        match code {
            "0000" => Self::Ok,
            "2000" => Self::NoResult,
            "4003" | "4014" | "4015" => Self::Usage,
            "4004" | "4005" | "4006" | "4007" | "4010" | "4012" | "4016" => Self::Account,
            "4008" | "4013" => Self::Quota,
            "4000" | "4001" | "4002" | "4009" | "4017" | "5000" => Self::Vendor,
            _ => Self::NotUnderstood,
        }
    }

    /// The code for a call that was not sent.
    pub fn from_not_sent(reason: &NotSent) -> Self {
        match reason {
            NotSent::Withheld(_) => Self::Usage,
            // What can't be opened at all is the same mistake for a command that calls and for one that reads.
            NotSent::NoLedger(error) if Self::from_store_error(error) == Self::Usage => Self::Usage,
            _ => Self::Refused,
        }
    }

    /// The code for an error of the store: a mistake if the file can't be opened as a store.
    pub fn from_store_error(error: &StoreError) -> Self {
        use StoreErrorKind::{Corrupt, Newer, ReadOnly, Refused, Unreachable};
        match error.fault {
            Unreachable | Refused(_) | ReadOnly | Corrupt | Newer => Self::Usage,
            _ => Self::Internal,
        }
    }
}

/// The code for several outcomes: theirs if it is the same one for all. It has no list of them, however many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CommonCode(Option<ExitCode>);

impl CommonCode {
    /// Adds an outcome.
    pub(super) fn add(&mut self, code: ExitCode) {
        self.0 = match self.0 {
            Some(before) if before != code => Some(ExitCode::SomeFailed),
            _ => Some(code),
        };
    }

    /// Returns the code; `None` if there was no outcome.
    pub(super) fn code(self) -> Option<ExitCode> {
        self.0
    }
}

impl Termination for ExitCode {
    fn report(self) -> Code {
        Code::from(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use onebound::ERROR_CODES;

    #[test]
    fn each_code_of_the_vendor_has_the_exit_code_that_is_documented() {
        let codes: Vec<String> = ERROR_CODES
            .iter()
            .map(|row| format!("{} {}", row.code, ExitCode::from_error_code(row.code).number()))
            .collect();
        let expected = "0000 0, 2000 3, 4000 7, 4001 7, 4002 7, 4003 2, 4004 4, 4005 4, 4006 4, 4007 4, 4008 5, 4009 7, \
                        4010 4, 4012 4, 4013 5, 4014 2, 4015 2, 4016 4, 4017 7, 5000 7";
        assert_eq!(codes.join(", "), expected);
        // 4011 is in no table of the vendor, though its neighbours are.
        for unknown in ["4011", "4099", ""] {
            assert_eq!(ExitCode::from_error_code(unknown).number(), 9, "{unknown}");
        }
    }

    #[test]
    fn several_outcomes_have_their_common_code() {
        use ExitCode::{NoResult, Ok, Quota, SomeFailed};
        for (codes, expected) in [
            (vec![], None),
            (vec![Ok, Ok], Some(Ok)),
            (vec![NoResult, NoResult], Some(NoResult)),
            (vec![Ok, Quota], Some(SomeFailed)),
            (vec![Ok, Quota, SomeFailed, Ok], Some(SomeFailed)),
        ] {
            let mut common = CommonCode::default();
            for code in &codes {
                common.add(*code);
            }
            assert_eq!(common.code(), expected, "{codes:?}");
        }
    }

    #[test]
    fn the_numbers_are_frozen() {
        let numbers: Vec<u8> = ExitCode::ALL.iter().map(|code| code.number()).collect();
        assert_eq!(numbers, (0..=10).collect::<Vec<u8>>());
        assert_eq!(ExitCode::Signal(INTERRUPT).number(), 130);
    }
}
