//! A call: everything in the request but the credentials and the host.

mod settings;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::call_kind::{CallKind, METHOD};
use super::host::Host;
use super::item_id::ItemId;
use super::parameter::{self, Parameter, is_named};
use super::result_type::ResultType;
use super::scope::Scope;
use super::signature::is_signed;
pub use settings::{CallError, CallSettings};

/// The API of one item's data.
pub const ITEM_GET: &str = "item_get";

/// In place of an API of which nothing is known but that an answer of it lies in a file.
const FILE: &str = "file";

const NUM_IID: &str = "num_iid";

/// Characters that are not escaped in a query.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The vendor's cache: `cache=yes|no`. Left out, the vendor takes yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VendorCache {
    /// Accept the vendor's cached copy: faster.
    Yes,
    /// Fetch again from 1688.
    No,
}

impl VendorCache {
    /// The parameter's value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// One call to an API of the vendor, without credentials and host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    platform: String,
    api_name: String,
    /// Only for `item_get`; for other APIs `num_iid` is a further parameter.
    #[serde(default)]
    num_iid: Option<ItemId>,
    cache: Option<VendorCache>,
    lang: Option<String>,
    version: Option<String>,
    /// `None` where the call did not name one: only of one that was seen in a file.
    result_type: Option<ResultType>,
    sales_data: bool,
    agent: bool,
    extra: Vec<Parameter>,
}

impl Call {
    /// `item_get` with nothing but the ID.
    pub fn item_get(num_iid: ItemId) -> Self {
        CallSettings::default().item_get(num_iid)
    }

    /// The call without a `result_type`, as some files record it: the vendor then sends [`ResultType::Json`].
    #[must_use]
    pub fn without_result_type(self) -> Self {
        Self { result_type: None, ..self }
    }

    /// The call with `cache=no`, past the vendor's cache.
    #[must_use]
    pub fn refreshed(self) -> Self {
        Self { cache: Some(VendorCache::No), ..self }
    }

    /// The item asked for; `None` where another API than `item_get` is asked.
    pub fn num_iid(&self) -> Option<&ItemId> {
        self.num_iid.as_ref()
    }

    /// Whether the call only reads.
    pub fn kind(&self) -> CallKind {
        CallKind::classify(&self.platform, &self.api_name, self.extra.iter().map(Parameter::name))
    }

    /// The `method` of a `custom` call: the API of the platform behind the gateway.
    pub fn method(&self) -> Option<String> {
        let method = self.extra.iter().find(|extra| is_named(extra.name(), METHOD));
        method.map(|method| method.shown().to_owned()).filter(|method| !method.is_empty())
    }

    /// The item or API that the call is about.
    pub fn subject(&self) -> Subject {
        match &self.num_iid {
            Some(id) => Subject::Item(id.clone()),
            None => Subject::Api(self.api_name.as_str().into()),
        }
    }

    /// `1688`: the vendor's `api_type`.
    pub fn platform(&self) -> &str {
        &self.platform
    }

    /// `1688/item_get`: what the path of the request names.
    pub fn api(&self) -> String {
        format!("{}/{}", self.platform, self.api_name)
    }

    /// The address of the product's page, built from the ID and never taken from an answer; `None` without an ID, and
    /// on a platform whose pages are not known.
    pub fn page(&self) -> Option<String> {
        let id = self.num_iid.as_ref()?;
        match self.platform.as_str() {
            "1688" | "1688global" => Some(format!("https://detail.1688.com/offer/{id}.html")),
            "taobao" => Some(format!("https://item.taobao.com/item.htm?id={id}")),
            "tmall" => Some(format!("https://detail.tmall.com/item.htm?id={id}")),
            _ => None,
        }
    }

    /// `item_get`: which API of the platform.
    pub fn api_name(&self) -> &str {
        &self.api_name
    }

    /// The language of the data, where that is billed as a translation: any but cn.
    pub fn billed_language(&self) -> Option<&str> {
        self.lang.as_deref().filter(|lang| *lang != "cn")
    }

    /// The form the answer is asked for in.
    pub fn result_type(&self) -> ResultType {
        self.result_type.unwrap_or(ResultType::Json)
    }

    /// The parameters in the order in which they are sent, without the credentials; secrets are masked.
    pub fn parameters(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut all = self.own_parameters();
        all.extend(self.extra.iter().map(|extra| (extra.name(), Cow::from(extra.shown()))));
        all
    }

    /// The address of its request to this host as it may be shown: encoded as it is sent, with key and secret masked.
    pub fn masked_address(&self, host: &Host) -> String {
        let parameters = query(self.parameters());
        host.url(&self.api(), &format!("key=***&secret=***&{parameters}")).to_string()
    }

    /// For the sender alone: the parameters as they are sent.
    ///
    /// # Errors
    /// The name of a secret whose value is not known: that of a call that was kept.
    pub(super) fn parameters_in_clear(&self) -> Result<Vec<(&str, Cow<'_, str>)>, &str> {
        let mut all = self.own_parameters();
        for extra in &self.extra {
            all.push((extra.name(), Cow::from(extra.clear().ok_or(extra.name())?)));
        }
        Ok(all)
    }

    /// The further parameters that are secrets, by their names.
    pub fn secret_parameters(&self) -> impl Iterator<Item = &str> {
        self.extra.iter().filter(|extra| extra.is_secret()).map(Parameter::name)
    }

    /// The secrets to be masked in the response.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        self.extra.iter().filter_map(Parameter::secret)
    }

    /// The parameter without whose value this can't be sent: a secret, which is never kept.
    pub fn withheld_parameter(&self) -> Option<&str> {
        self.parameters_in_clear().err()
    }

    fn own_parameters(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut all = Vec::new();
        all.extend(self.num_iid.as_ref().map(|id| (NUM_IID, Cow::from(id.as_str()))));
        all.extend(self.cache.map(|cache| ("cache", Cow::from(cache.as_str()))));
        all.extend(self.result_type.map(|result_type| ("result_type", Cow::from(result_type.as_str()))));
        all.extend(self.lang.as_deref().map(|lang| ("lang", Cow::from(lang))));
        all.extend(self.version.as_deref().map(|version| ("version", Cow::from(version))));
        all.extend(self.sales_data.then_some(("sales_data", Cow::from("1"))));
        all.extend(self.agent.then_some(("agent", Cow::from("1"))));
        all
    }

    /// The signed parameters beside key and time, unsorted.
    pub fn signed_parameters(&self) -> Vec<(&str, Cow<'_, str>)> {
        let mut signed = self.parameters();
        signed.push(("api_name", Cow::from(&self.api_name)));
        signed.retain(|(name, value)| is_signed(name, value));
        signed
    }

    /// Whether it is known what was asked: not of an answer without an item that lies in a file.
    pub fn is_known(&self) -> bool {
        self.api_name != FILE
    }

    /// Identifies the question at a gateway: [`Call::asks`].
    pub fn question(&self, scope: &Scope) -> Question {
        Question { scope: scope.clone(), text: self.asks() }
    }

    /// The question without the gateway: the API and every parameter but `cache`, sorted; digests in place of secrets.
    pub fn asks(&self) -> String {
        let mut parameters = self.own_parameters();
        parameters.extend(self.extra.iter().map(|extra| (extra.name(), extra.identity())));
        parameters.retain(|(name, value)| *name != "cache" && !(*name == "lang" && value == "cn"));
        parameters.sort();
        format!("{}?{}", self.api(), query(parameters))
    }
}

/// The subject of a call: an item, or the API for calls other than `item_get`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// The item asked for.
    Item(ItemId),
    /// Its `api_name`.
    Api(Arc<str>),
}

impl Subject {
    /// The item, where it is one.
    pub fn item(&self) -> Option<&ItemId> {
        match self {
            Self::Item(id) => Some(id),
            Self::Api(_) => None,
        }
    }

    /// The ID, or the API's name.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Item(id) => id.as_str(),
            Self::Api(name) => name,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Identifies what is asked of a gateway, whoever asks and however fresh the answer must be. There is none without a
/// gateway, so that no answer of another one can be taken for it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Question {
    scope: Scope,
    text: String,
}

impl Question {
    /// A question as a store has it.
    pub fn from_stored(scope: Scope, text: String) -> Self {
        Self { scope, text }
    }

    /// The gateway that is asked.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The text of the question, as stored.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The platform of a stored question.
    pub fn platform(written: &str) -> &str {
        let path = written.split('?').next().unwrap_or_default();
        path.split_once('/').map_or("", |(platform, _)| platform)
    }

    /// The API of a stored question.
    pub fn api_name(written: &str) -> &str {
        let path = written.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// The text of a stored question, without the digests of secrets.
    pub fn asked(written: &str) -> Cow<'_, str> {
        parameter::without_digests(written)
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&parameter::with_short_digests(&self.text))
    }
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Question({} {self})", self.scope)
    }
}

/// Parameters as a query string.
pub(super) fn query<'a>(parameters: impl IntoIterator<Item = (&'a str, Cow<'a, str>)>) -> String {
    let pair = |(name, value): (&str, Cow<'_, str>)| {
        format!("{}={}", utf8_percent_encode(name, QUERY), utf8_percent_encode(&value, QUERY))
    };
    parameters.into_iter().map(pair).collect::<Vec<_>>().join("&")
}
