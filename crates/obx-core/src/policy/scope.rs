//! The hosts that a call may go to, and the gateway whose stored answers count.

use super::FetchPolicy;
use onebound::{Call, Host, Question, Scope};

/// Returns the hosts that may be asked, in order, each with its index in `hosts`.
pub fn hosts_for(hosts: &[Host], policy: FetchPolicy) -> impl Iterator<Item = (usize, &Host)> {
    let only = policy.host();
    hosts.iter().enumerate().filter(move |(place, _)| only.is_none_or(|only| only == *place))
}

/// Returns the question of a call to the gateway of the first host to be asked. Only stored answers of that gateway
/// count, even if a later host belongs to another gateway. `None` if there is no host.
pub fn question(call: &Call, hosts: &[Host], policy: FetchPolicy) -> Option<Question> {
    let (_, first) = hosts_for(hosts, policy).next()?;
    Some(call.question(&first.scope()))
}

/// Returns the gateways of these hosts without duplicates: a cap counts the calls to all of them.
pub fn gateways(hosts: &[Host]) -> Vec<Scope> {
    let mut gateways: Vec<Scope> = hosts.iter().map(Host::scope).collect();
    gateways.sort();
    gateways.dedup();
    gateways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(address: &str) -> Host {
        Host::parse(address).unwrap()
    }

    #[test]
    fn a_question_is_one_of_the_gateway_that_is_asked_first() {
        let call = Call::item_get("610947572360".parse().unwrap());
        let (vendor, other) = (Host::default(), host("http://127.0.0.1:9"));
        let hosts = [other.clone(), host("https://api-1.onebound.cn")];
        let at = |place| FetchPolicy::AtHost { place, is_override: false };
        for (policy, expected) in [
            (FetchPolicy::CacheFirst, Some(other.scope())),
            (FetchPolicy::Refresh, Some(other.scope())),
            (at(0), Some(other.scope())),
            (at(1), Some(vendor.scope())),
            (at(2), None),
        ] {
            let asked = question(&call, &hosts, policy);
            assert_eq!(asked, expected.map(|scope| call.question(&scope)), "{policy:?}");
        }
        assert_eq!(question(&call, &[], FetchPolicy::CacheFirst), None);
    }

    #[test]
    fn the_vendors_hosts_are_one_gateway() {
        let hosts = [Host::default(), host("http://127.0.0.1:9"), host("https://api-1.onebound.cn")];
        assert_eq!(gateways(&hosts).len(), 2);
    }
}
