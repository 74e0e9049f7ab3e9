//! Which hosts a call may go to, and whose answers do for it.

use super::FetchPolicy;
use onebound::{Call, Host, Question, Scope};

/// The hosts that may be asked, in their order, each with its place among all.
pub fn hosts_for(hosts: &[Host], policy: FetchPolicy) -> impl Iterator<Item = (usize, &Host)> {
    let only = policy.host();
    hosts.iter().enumerate().filter(move |(place, _)| only.is_none_or(|only| only == *place))
}

/// What a call asks: of the gateway of the host that is asked first. Only that gateway's answers do, also where a later
/// host of another gateway would be asked if the first can't be reached. `None` where there is no host.
pub fn question(call: &Call, hosts: &[Host], policy: FetchPolicy) -> Option<Question> {
    let (_, first) = hosts_for(hosts, policy).next()?;
    Some(call.question(&first.scope()))
}

/// The gateways of these hosts, each once: a cap counts the calls to all of them.
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
