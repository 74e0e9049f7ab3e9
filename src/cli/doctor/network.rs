//! The gateway's hosts, connected to without a request, so that nothing can be billed.

use futures_util::future::join_all;

use super::check::{Check, CheckKind};
use crate::pane::failed_text;
use crate::ui::measure;
use obx_core::config::Config;
use obx_core::i18n::Texts;
use onebound::{Host, HostProbe, Limits, ProbeFailure};

pub(super) async fn checks(config: Option<&Config>, offline: bool, texts: Texts) -> Vec<Check> {
    let hosts = config.map_or_else(|| vec![Host::default()], |config| config.hosts.clone());
    if offline {
        let skipped = |host: Host| {
            Check::unknown(CheckKind::Connect, texts.doctor_skipped_offline()).about(&host.name())
        };
        return hosts.into_iter().map(skipped).collect();
    }
    let limits = config.map_or_else(Limits::default, |config| config.limits);
    let probed = hosts.iter().map(async |host| {
        let probe = HostProbe::connect(host, limits).await;
        let checks = host_checks(&probe, is_plain(host), texts).into_iter();
        checks.map(|check| check.about(&host.name())).collect::<Vec<_>>()
    });
    join_all(probed).await.concat()
}

/// Plain http is on this machine alone.
fn is_plain(host: &Host) -> bool {
    host.to_string().starts_with("http:")
}

fn host_checks(probe: &HostProbe, is_plain: bool, texts: Texts) -> Vec<Check> {
    let is_connected = probe.connected.is_ok();
    let dns = match &probe.addresses {
        Ok(addresses) => {
            let shown: Vec<String> = addresses.iter().map(ToString::to_string).collect();
            Check::ok(CheckKind::Dns, shown.join(", "))
        }
        Err(_) if is_connected => Check::ok(CheckKind::Dns, texts.doctor_by_proxy()),
        // Then it can't be connected to either, for this reason.
        Err(why) => return vec![Check::fault(CheckKind::Dns, why, texts.doctor_check_name())],
    };
    let connection = match &probe.connected {
        Ok(took) if is_plain => {
            vec![Check::ok(CheckKind::Connect, texts.doctor_connected(measure::seconds(*took)))]
        }
        Ok(took) => vec![
            Check::ok(CheckKind::Connect, texts.doctor_connected_tls(measure::seconds(*took))),
            Check::ok(CheckKind::Tls, texts.doctor_trusted()),
        ],
        Err(ProbeFailure { in_tls: true, failure }) => vec![
            Check::ok(CheckKind::Connect, texts.doctor_reached()),
            Check::fault(CheckKind::Tls, failed_text(failure, texts), texts.doctor_check_certificate()),
        ],
        Err(ProbeFailure { in_tls: false, failure }) => {
            vec![Check::fault(CheckKind::Connect, failed_text(failure, texts), texts.doctor_check_route())]
        }
    };
    [vec![dns], connection].concat()
}
