//! The fields of the call editor, and the call that they describe.

use std::borrow::Cow;

use crossterm::event::{KeyCode, KeyEvent};

use super::field::EditorField;
use crate::message::Action;
use crate::model::Model;
use crate::ui::text::clean;
use obx_core::fetch::{Confirmation, FetchPolicy};
use obx_core::i18n::{Describe, Texts};
use onebound::{
    Call, CallError, CallKind, CallSettings, Host, ITEM_GET, ItemId, ResultType, SecretNames, VendorCache,
};

/// The names of search APIs begin with this. They take a query in place of an ID.
const SEARCH: &str = "item_search";

/// The values of `cache`, in the order of its choices.
const CACHES: [Option<VendorCache>; 3] = [None, Some(VendorCache::Yes), Some(VendorCache::No)];

/// A line of the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Name {
    Api,
    Platform,
    NumIid,
    Query,
    Page,
    SalesData,
    Agent,
    Cache,
    Lang,
    ResultType,
    Version,
    Host,
    /// An additional parameter, by its index.
    Further(usize),
    /// Adds an additional parameter.
    Add,
    /// Takes the confirmation of a call that may trade.
    Confirm,
    /// Sends the call.
    Send,
}

/// What is wrong with a field.
#[derive(Clone, Debug)]
pub(super) struct Wrong {
    pub(super) field: Name,
    pub(super) why: String,
}

/// All fields, including those that the chosen API doesn't use.
#[derive(Debug)]
pub(super) struct Draft {
    fields: Vec<(Name, EditorField)>,
    further: Vec<EditorField>,
    /// Whether the session's settings contain a language.
    lang_is_set: bool,
    secret_names: SecretNames,
}

impl Draft {
    /// Starts with the call that the session would make for this item.
    pub(super) fn new(model: &Model, id: Option<&ItemId>) -> Self {
        let (call, texts) = (&model.session.call, model.texts);
        let yes_or_no = |yes: bool| {
            EditorField::choice(
                vec![texts.billed_no().to_owned(), texts.billed_yes().to_owned()],
                usize::from(yes),
            )
        };
        let cache = CACHES.iter().position(|known| *known == call.cache).unwrap_or_default();
        let caches = CACHES.map(|cache| cache.map_or(texts.editor_default(), VendorCache::as_str).to_owned());
        let result_type = ResultType::ALL.iter().position(|known| *known == call.result_type);
        let result_types = ResultType::ALL.iter().map(ToString::to_string).collect();
        let mut fields = vec![
            (Name::Api, EditorField::text(ITEM_GET)),
            (Name::Platform, EditorField::choice_of(&["1688", "1688global"], call.platform())),
            (Name::NumIid, EditorField::text(id.map(ItemId::as_str).unwrap_or_default())),
            (Name::Query, EditorField::text("")),
            (Name::Page, EditorField::text("")),
            (Name::SalesData, yes_or_no(call.sales_data)),
            (Name::Agent, yes_or_no(call.agent)),
            (Name::Cache, EditorField::choice(caches.to_vec(), cache)),
            (Name::Lang, EditorField::choice_of(&["cn", "en", "ru"], call.lang.as_deref().unwrap_or("cn"))),
            (Name::ResultType, EditorField::choice(result_types, result_type.unwrap_or_default())),
            (Name::Version, EditorField::text(call.version.as_deref().unwrap_or_default())),
        ];
        fields.extend(hosts(model).map(|hosts| (Name::Host, EditorField::choice(hosts, 0))));
        fields.push((Name::Confirm, EditorField::text("")));
        let secret_names = call.secret_names.clone();
        let further = |(name, value): &(String, String)| {
            EditorField::masked_text(&format!("{name}={value}"), secret_names.clone())
        };
        let further = call.extra.iter().map(further).collect();
        Self { fields, further, lang_is_set: call.lang.is_some(), secret_names }
    }

    /// Returns the lines to show, from the top.
    pub(super) fn names(&self) -> Vec<Name> {
        let fields = self.fields.iter().map(|(name, _)| *name).filter(|name| *name != Name::Confirm);
        let mut names: Vec<Name> = fields.filter(|name| self.is_of_use(*name)).collect();
        names.extend((0..self.further.len()).map(Name::Further));
        names.push(Name::Add);
        names.extend((self.kind() == CallKind::Trade).then_some(Name::Confirm));
        names.push(Name::Send);
        names
    }

    fn kind(&self) -> CallKind {
        let further = self.further.iter().filter_map(|entry| entry.value().split('=').next());
        CallKind::classify(self.value(Name::Platform), self.value(Name::Api), further)
    }

    fn is_of_use(&self, name: Name) -> bool {
        let searches = self.value(Name::Api).starts_with(SEARCH);
        match name {
            Name::NumIid => !searches,
            Name::Query | Name::Page => searches,
            _ => true,
        }
    }

    pub(super) fn entry(&self, name: Name) -> Option<&EditorField> {
        match name {
            Name::Further(place) => self.further.get(place),
            _ => self.fields.iter().find(|(known, _)| *known == name).map(|(_, entry)| entry),
        }
    }

    /// Returns the label of a line. An additional parameter is labelled with its own name while its text is masked.
    pub(super) fn label(&self, name: Name, texts: Texts) -> String {
        let own = self
            .entry(name)
            .filter(|entry| entry.is_hidden())
            .and_then(|entry| entry.value().split_once('='));
        own.map_or_else(|| name.label(texts).to_owned(), |(own, _)| clean(own.trim()).into_owned())
    }

    fn entry_mut(&mut self, name: Name) -> Option<&mut EditorField> {
        match name {
            Name::Further(place) => self.further.get_mut(place),
            _ => self.fields.iter_mut().find(|(known, _)| *known == name).map(|(_, entry)| entry),
        }
    }

    fn value(&self, name: Name) -> &str {
        self.entry(name).map(EditorField::value).unwrap_or_default()
    }

    fn place(&self, name: Name) -> usize {
        self.entry(name).map(EditorField::place).unwrap_or_default()
    }

    /// Adds an empty parameter in the place of the line that adds one, where the cursor is.
    pub(super) fn add(&mut self) {
        self.further.push(EditorField::masked_text("", self.secret_names.clone()));
    }

    /// Handles a key as text. Backspace removes an additional parameter that is empty.
    pub(super) fn type_key(&mut self, name: Name, key: KeyEvent) {
        let empty = self.value(name).is_empty();
        match name {
            Name::Further(place) if empty && key.code == KeyCode::Backspace => {
                self.further.remove(place);
            }
            _ => {
                if let Some(entry) = self.entry_mut(name) {
                    entry.type_key(key);
                }
            }
        }
    }

    /// Inserts pasted text. In the field of the item ID, an ID or an address found in the text replaces the content.
    pub(super) fn paste(&mut self, name: Name, text: &str) {
        let platform = self.value(Name::Platform).to_owned();
        let Some(entry) = self.entry_mut(name) else { return };
        match ItemId::find_on(&platform, text) {
            Ok(found) if name == Name::NumIid => entry.replace(found.id.as_str()),
            _ => entry.insert(text.trim()),
        }
    }

    /// Builds the call; `Err` names a field that is wrong.
    pub(super) fn call(&self, model: &Model) -> Result<Call, Wrong> {
        let texts = model.texts;
        let settings = self.settings(texts)?;
        let api_name = self.value(Name::Api);
        if api_name == ITEM_GET {
            let found = ItemId::find_on(settings.platform(), self.value(Name::NumIid));
            return found
                .map(|found| settings.item_get(found.id))
                .map_err(|error| Wrong { field: Name::NumIid, why: error.describe(model.texts) });
        }
        let own = [(Name::NumIid, "num_iid"), (Name::Query, "q"), (Name::Page, "page")];
        let own = own.into_iter().filter(|(name, _)| self.is_of_use(*name) && !self.value(*name).is_empty());
        let own: Vec<_> =
            own.map(|(name, parameter)| (parameter.to_owned(), self.value(name).to_owned())).collect();
        if let Some(field) = self.given_twice(&own, &settings.extra) {
            return Err(Wrong { field, why: texts.editor_duplicate().to_owned() });
        }
        settings.raw(api_name, own).map_err(|error| Wrong { field: Name::Api, why: why(&error, texts) })
    }

    fn settings(&self, texts: Texts) -> Result<CallSettings, Wrong> {
        let mut extra: Vec<(String, String)> = Vec::new();
        for (place, entry) in self.further.iter().enumerate().filter(|(_, entry)| !entry.value().is_empty()) {
            let wrong = |why| Wrong { field: Name::Further(place), why };
            let pair = CallSettings::parameter(entry.value()).map_err(|error| wrong(why(&error, texts)))?;
            if extra.iter().any(|(name, _)| *name == pair.0) {
                return Err(wrong(texts.editor_duplicate().to_owned()));
            }
            extra.push(pair);
        }
        let lang = Some(self.value(Name::Lang).to_owned());
        Ok(CallSettings {
            platform: Some(self.value(Name::Platform).to_owned()),
            cache: CACHES.get(self.place(Name::Cache)).copied().flatten(),
            // Without a language in the settings, `cn` isn't sent either, since it is the vendor's default.
            lang: lang.filter(|lang| self.lang_is_set || lang != "cn"),
            version: Some(self.value(Name::Version).to_owned()).filter(|version| !version.is_empty()),
            result_type: ResultType::ALL.get(self.place(Name::ResultType)).copied().unwrap_or_default(),
            sales_data: self.place(Name::SalesData) == 1,
            agent: self.place(Name::Agent) == 1,
            extra,
            secret_names: self.secret_names.clone(),
        })
    }

    /// Returns the additional parameter that repeats a parameter with a field of its own.
    fn given_twice(&self, own: &[(String, String)], extra: &[(String, String)]) -> Option<Name> {
        let twice = extra.iter().find(|(name, _)| own.iter().any(|(known, _)| known == name))?;
        let written = |entry: &EditorField| entry.value().split('=').next() == Some(twice.0.as_str());
        self.further.iter().position(written).map(Name::Further)
    }

    fn asks_past_cache(&self) -> bool {
        CACHES.get(self.place(Name::Cache)).copied().flatten() == Some(VendorCache::No)
    }

    /// Returns the confirmation that sending a call that may trade requires, if it was typed.
    pub(super) fn confirmed(&self, call: &Call, model: &Model) -> Result<Confirmation, Wrong> {
        let place = self.place(Name::Host).saturating_sub(1);
        let confirmed = Confirmation::typed(call, place, self.value(Name::Confirm));
        confirmed.ok_or_else(|| {
            let host = model.session.hosts.get(place).map(Host::name);
            let host = host.unwrap_or_else(|| model.texts.demo_host().to_owned());
            let why = model.texts.trade_confirm(Confirmation::phrase(call), host);
            Wrong { field: Name::Confirm, why }
        })
    }

    /// Returns the policy for sending. The fields may ask for one host, or for a call past store and vendor's cache.
    pub(super) fn want(&self, call: &Call, model: &Model) -> FetchPolicy {
        match self.place(Name::Host).checked_sub(1) {
            Some(place) => FetchPolicy::AtHost { place, is_override: false },
            None if self.asks_past_cache() && model.session.call.cache != Some(VendorCache::No) => {
                FetchPolicy::Refresh
            }
            None => model.want_for(call),
        }
    }
}

/// Returns the choices of hosts: all in their order, or one of them; `None` in DEMO.
fn hosts(model: &Model) -> Option<Vec<String>> {
    let names: Vec<String> = model.session.hosts.iter().map(Host::name).collect();
    match names.as_slice() {
        [] => None,
        [_] => Some(names),
        [first, ..] => {
            let in_order = model.texts.editor_in_order(first);
            Some(std::iter::once(in_order).chain(names).collect())
        }
    }
}

fn why(error: &CallError, texts: Texts) -> String {
    match error {
        CallError::Name { .. } => texts.editor_wrong_name().to_owned(),
        CallError::Parameter(_) => texts.editor_wrong_parameter().to_owned(),
        CallError::Reserved { name, .. } => texts.editor_reserved(name),
    }
}

impl Name {
    /// Returns the line's label: the API's name for a parameter.
    pub(super) fn label(self, texts: Texts) -> &'static str {
        match self {
            Self::Api => "api_name",
            Self::Platform => "platform",
            Self::NumIid => "num_iid",
            Self::Query => "q",
            Self::Page => "page",
            Self::SalesData => "sales_data",
            Self::Agent => "agent",
            Self::Cache => "cache",
            Self::Lang => "lang",
            Self::ResultType => "result_type",
            Self::Version => "version",
            Self::Host => texts.card_host(),
            Self::Further(_) => texts.editor_further(),
            Self::Add => texts.editor_add(),
            Self::Confirm => texts.editor_confirm(),
            Self::Send => texts.editor_send(),
        }
    }

    /// Explains what the line is for.
    pub(super) fn about(self, model: &Model) -> Cow<'static, str> {
        let texts = model.texts;
        let about = match self {
            Self::Api => texts.about_api_name(),
            Self::Platform => texts.about_platform(),
            Self::NumIid => texts.about_num_iid(),
            Self::Query => texts.about_query(),
            Self::Page => texts.about_page(),
            Self::SalesData => texts.about_sales_data(),
            Self::Agent => texts.about_agent(),
            Self::Cache => texts.about_cache(),
            Self::Lang => texts.about_lang(),
            Self::ResultType => texts.about_result_type(),
            Self::Version => texts.about_version(),
            Self::Host => texts.about_host(),
            Self::Further(_) => texts.about_further(),
            Self::Add => return texts.about_add(model.text_key(Action::Submit)).into(),
            Self::Confirm => texts.about_confirm(),
            Self::Send => return texts.about_send(model.text_key(Action::Escape)).into(),
        };
        about.into()
    }
}
