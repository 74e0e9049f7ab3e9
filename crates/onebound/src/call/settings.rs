//! The settings that calls share, and the creation and checks of calls.

use std::fmt;

use super::{Call, FILE, ITEM_GET, NUM_IID, VendorCache};
use crate::item_id::ItemId;
use crate::parameter::{Parameter, is_named};
use crate::result_type::ResultType;
use crate::secret_names::SecretNames;

/// Parameters that have a place of their own; a further one of the same name would shadow it.
const RESERVED: [(&str, &str); 12] = [
    ("key", "credentials come from the environment or the config file"),
    ("secret", "credentials come from the environment or the config file"),
    ("sign", "it is computed"),
    ("dateline", "it is the moment of the call"),
    ("api_name", "it is part of the path"),
    ("num_iid", "give the ID itself"),
    ("cache", "use --cache"),
    ("result_type", "use --result-type"),
    ("lang", "use --lang"),
    ("version", "use --api-version"),
    ("sales_data", "use --sales-data"),
    ("agent", "use --agent"),
];

/// Why a call can't be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// A platform or `api_name` that is no path segment.
    #[error("{what} {value:?} must be letters, digits and _")]
    Name {
        /// The name of the setting.
        what: &'static str,
        /// The given value.
        value: String,
    },
    /// A further parameter that is not `K=V`.
    #[error("parameter {0:?} must be NAME=VALUE, the name of letters, digits, _ and .")]
    Parameter(String),
    /// A further parameter that has a place of its own.
    #[error("parameter {name:?} can't be given this way: {instead}")]
    Reserved {
        /// Its name.
        name: String,
        /// Where it comes from instead.
        instead: &'static str,
    },
}

/// The settings that all calls of a session share; [`CallSettings::item_get`] makes a call of them.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CallSettings {
    /// The vendor's `api_type`, `1688` where it is `None`. Some accounts answer only under `1688global`.
    pub platform: Option<String>,
    /// `cache`
    pub cache: Option<VendorCache>,
    /// `lang`: other than cn is billed as a translation.
    pub lang: Option<String>,
    /// `version`
    pub version: Option<String>,
    /// `result_type`
    pub result_type: ResultType,
    /// `sales_data=1`: the last 30 days' sales.
    pub sales_data: bool,
    /// `agent=1`: drop-shipping prices.
    pub agent: bool,
    /// Further parameters, in order; those that are secrets by their names in clear.
    pub extra: Vec<(String, String)>,
    /// The names that mean a secret.
    pub secret_names: SecretNames,
}

impl fmt::Debug for CallSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { platform, cache, lang, version, result_type, sales_data, agent, secret_names, .. } = self;
        f.debug_struct("CallSettings")
            .field("platform", platform)
            .field("cache", cache)
            .field("lang", lang)
            .field("version", version)
            .field("result_type", result_type)
            .field("sales_data", sales_data)
            .field("agent", agent)
            .field("extra", &self.further(Vec::new()))
            .field("secret_names", secret_names)
            .finish()
    }
}

impl CallSettings {
    /// The vendor's `api_type`.
    pub fn platform(&self) -> &str {
        self.platform.as_deref().unwrap_or("1688")
    }

    /// Checks what a user gave, before any call is made.
    ///
    /// # Errors
    /// The first setting that can't be sent.
    pub fn check(&self) -> Result<(), CallError> {
        name("platform", self.platform())?;
        if let Some(lang) = &self.lang {
            name("lang", lang)?;
        }
        self.extra.iter().try_for_each(|(name, _)| parameter_name(name))
    }

    /// A further parameter, written `NAME=VALUE`.
    ///
    /// # Errors
    /// When it is not of that form, or has a place of its own.
    pub fn parameter(text: &str) -> Result<(String, String), CallError> {
        let (name, value) = text.split_once('=').ok_or_else(|| CallError::Parameter(text.to_owned()))?;
        parameter_name(name)?;
        Ok((name.to_owned(), value.to_owned()))
    }

    /// The call for one item's data.
    pub fn item_get(&self, num_iid: ItemId) -> Call {
        self.call(ITEM_GET, Some(num_iid), Vec::new())
    }

    /// The call that a saved answer came to, as far as that is known.
    pub(crate) fn item_if_known(&self, num_iid: Option<ItemId>) -> Call {
        match num_iid {
            Some(num_iid) => self.item_get(num_iid),
            None => self.call(FILE, None, Vec::new()),
        }
    }

    /// The call with the secrets that its kept form lacks, as far as the session has the same ones.
    #[must_use]
    pub fn complete(&self, mut call: Call) -> Call {
        for (name, value) in &self.extra {
            let own = Parameter::new(name, value, &self.secret_names);
            call.extra.iter_mut().filter(|extra| **extra == own).for_each(|extra| *extra = own.clone());
        }
        call
    }

    /// A call to any API of the platform, with these parameters of its own before the further ones.
    ///
    /// # Errors
    /// When the name is no path segment, a parameter's name is none or has a place of its own, or `item_get`
    /// is asked for without an item: that is what [`CallSettings::item_get`] is for.
    pub fn raw(&self, api_name: &str, own: Vec<(String, String)>) -> Result<Call, CallError> {
        name("api_name", api_name)?;
        if api_name == ITEM_GET {
            return Err(CallError::Reserved { name: api_name.to_owned(), instead: "give the ID itself" });
        }
        let may_stand = |(name, _): &(String, String)| match name.as_str() {
            NUM_IID => Ok(()),
            name => parameter_name(name),
        };
        own.iter().try_for_each(may_stand)?;
        self.check()?;
        Ok(self.call(api_name, None, own))
    }

    fn call(&self, api_name: &str, num_iid: Option<ItemId>, own: Vec<(String, String)>) -> Call {
        Call {
            platform: self.platform().to_owned(),
            api_name: api_name.to_owned(),
            num_iid,
            cache: self.cache,
            lang: self.lang.clone(),
            version: self.version.clone(),
            result_type: Some(self.result_type),
            sales_data: self.sales_data,
            agent: self.agent,
            extra: self.further(own),
        }
    }

    /// These parameters, and the further ones behind them.
    fn further(&self, own: Vec<(String, String)>) -> Vec<Parameter> {
        let all = own.into_iter().chain(self.extra.iter().cloned());
        all.map(|(name, value)| Parameter::new(&name, &value, &self.secret_names)).collect()
    }
}

fn name(what: &'static str, value: &str) -> Result<(), CallError> {
    let valid = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if valid { Ok(()) } else { Err(CallError::Name { what, value: value.to_owned() }) }
}

fn parameter_name(text: &str) -> Result<(), CallError> {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    if text.is_empty() || !text.bytes().all(part) {
        return Err(CallError::Parameter(text.to_owned()));
    }
    match RESERVED.iter().find(|(reserved, _)| is_named(text, reserved)) {
        Some((_, instead)) => Err(CallError::Reserved { name: text.to_owned(), instead }),
        None => Ok(()),
    }
}
