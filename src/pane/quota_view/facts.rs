//! Collects from the model what the view shows.

use super::{KeyFacts, QuotaFacts};
use crate::model::Model;
use onebound::{Account, Fingerprint, Host};

/// Returns the session's key first, then the others that were called with lately.
pub(super) fn facts(model: &Model) -> QuotaFacts {
    let no_account = || Account { scope: model.scope(), key: Fingerprint::from_stored("") };
    let own = model.own_account().unwrap_or_else(no_account);
    let mut keys = vec![key(model, &own, true)];
    let others = model.log.recent_accounts(model.now.at).into_iter().filter(|other| *other != own);
    keys.extend(others.map(|other| key(model, &other, false)));
    let (zone, demo) = (model.session.zone.clone(), model.session.demo);
    QuotaFacts { keys, zone, demo, is_counted: model.is_day_counted() }
}

fn key(model: &Model, account: &Account, own: bool) -> KeyFacts {
    let (log, guards) = (&model.log, model.session.guards);
    let latest = log.quota(account).map(|(quota, _)| quota);
    let called = log.recent_calls().find(|call| call.is_of(account));
    KeyFacts {
        fingerprint: if model.session.demo { String::new() } else { account.key.as_str().to_owned() },
        own,
        host: called.map(|call| call.host.as_ref().to_owned()),
        day: log.day(account, model.now.at),
        people: log.day_by_person(account, model.now.at),
        expires: latest.and_then(|quota| quota.expires),
        all: latest.and_then(|quota| quota.all.clone()),
        cap: guards.cap.filter(|_| own),
        reserve: guards.reserve.filter(|_| own),
        block: model
            .blocks_of(&account.key)
            .find(|block| account.scope == Host::from_stored(&block.host).scope())
            .cloned(),
    }
}
