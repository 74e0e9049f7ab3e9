//! Errors in the user's language. Their `Display` is English, for logs; what a user reads goes through [`Describe`].

use std::io::{Error, ErrorKind};

use onebound::{CallError, CredentialsError, HostError, ItemIdError, SearchError, SearchSort};

use super::Texts;
use crate::suggest;

/// Something that can be put into words in either language.
pub trait Describe {
    /// What it says, without a full stop. What comes from outside is escaped in it only where the type says so.
    fn describe(&self, texts: Texts) -> String;
}

/// The message about a word that is none of these, with the one that was probably meant.
pub fn with_meant<'a>(
    message: String,
    word: &str,
    known: impl IntoIterator<Item = &'a str>,
    texts: Texts,
) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match suggest::nearest(word, &known) {
        Some(meant) => texts.with_meant(message, meant),
        None => message,
    }
}

/// What the system refused; in its own English words where the kind is a rare one.
impl Describe for Error {
    fn describe(&self, texts: Texts) -> String {
        match self.kind() {
            ErrorKind::NotFound => texts.io_not_found(),
            ErrorKind::PermissionDenied => texts.io_no_permission(),
            ErrorKind::IsADirectory => texts.io_is_a_directory(),
            ErrorKind::NotADirectory => texts.io_not_a_directory(),
            ErrorKind::StorageFull => texts.store_full(),
            ErrorKind::ReadOnlyFilesystem => texts.io_read_only(),
            ErrorKind::AddrInUse => texts.io_address_in_use(),
            _ => return self.to_string(),
        }
        .to_owned()
    }
}

impl Describe for ItemIdError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Empty => texts.id_empty(),
            Self::TooLong => texts.id_too_long(),
            Self::LeadingZero => texts.id_leading_zero(),
            Self::ShortLink => texts.id_short_link(),
            Self::ShareCode => texts.id_share_code(),
            Self::TaobaoAddress => texts.id_on_taobao(),
            Self::OfferAddress => texts.id_on_1688(),
            Self::Several(count) => return texts.id_several(count),
            Self::LostDigits => texts.id_lost_digits(),
            Self::NotFound => texts.id_not_found(),
        }
        .to_owned()
    }
}

impl Describe for CredentialsError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Empty(which) => texts.credentials_empty(which),
            Self::Malformed(which) => texts.credentials_malformed(which),
        }
    }
}

impl Describe for HostError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoUrl => texts.host_form(),
            Self::Scheme => texts.host_scheme(),
            Self::PlainHttp => texts.host_plain_http(),
            Self::Extra => texts.host_extra(),
        }
        .to_owned()
    }
}

impl Describe for CallError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::Name { what, value } => texts.call_name(what, format_args!("{value:?}")),
            Self::Parameter(text) => texts.call_parameter(format_args!("{text:?}")),
            Self::Reserved { name, .. } => {
                texts.call_reserved(format_args!("{name:?}"), place_of(name, texts))
            }
        }
    }
}

impl Describe for SearchError {
    fn describe(&self, texts: Texts) -> String {
        match self {
            Self::NoWords => texts.search_no_words().to_owned(),
            Self::NoShop => texts.search_no_shop().to_owned(),
            Self::Price(text) => texts.search_price(format_args!("{text:?}")),
            Self::Sort(text) => {
                with_meant(texts.search_sort(format_args!("{text:?}")), text, SearchSort::WORDS, texts)
            }
        }
    }
}

/// Where a parameter comes from that `--param` must not set.
fn place_of(name: &str, texts: Texts) -> String {
    let name = name.to_ascii_lowercase().replace('.', "_");
    match name.as_str() {
        "key" | "secret" => texts.param_credentials().to_owned(),
        "sign" | "dateline" | "api_name" => texts.param_by_obx().to_owned(),
        "num_iid" => texts.param_id().to_owned(),
        "q" => texts.param_words().to_owned(),
        "seller_nick" | "shop_id" => texts.param_flag("--shop"),
        "start_price" | "end_price" => texts.param_flag("--price"),
        "version" => texts.param_flag("--api-version"),
        flag => texts.param_flag(format_args!("--{}", flag.replace('_', "-"))),
    }
}
