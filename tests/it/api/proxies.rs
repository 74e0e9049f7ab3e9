//! Proxies, which reqwest takes from the environment: so each test runs itself again with one set.

use std::process::Command;

use onebound::{Billing, CallHandle, Failure, Host, Outcome, RequestStage};

use super::gateway::Gateway;
use super::support::{ITEM, KEY, SECRET, call, client, emulator, host_of};

/// Set in the second run.
const INSIDE: &str = "OBX_TEST_BEHIND_A_PROXY";

fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Runs this one test again, with every usual variable naming the proxy.
async fn run_again(name: &'static str, proxy: &Gateway) {
    let url = format!("http://{}", proxy.address());
    let run = move || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", name, "--nocapture"]).env(INSIDE, "1");
        for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(variable, &url).env(variable.to_ascii_lowercase(), &url);
        }
        command.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_on_this_machine_is_called_directly_whatever_proxy_is_set() {
    if is_inside() {
        let emulator = emulator().await;
        let port = host_of(&emulator).name().replace("127.0.0.1", "localhost");
        for host in [host_of(&emulator), Host::parse(&format!("http://{port}")).unwrap()] {
            let exchange = client().send(&call(ITEM), &host, &CallHandle::default()).await;
            assert_eq!(exchange.outcome, Outcome::Item);
        }
        return;
    }
    let proxy = Gateway::answering(b"from the proxy").await;
    run_again("api::proxies::a_host_on_this_machine_is_called_directly_whatever_proxy_is_set", &proxy).await;
    assert_eq!(proxy.connections(), Vec::<Vec<u8>>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_refuses_the_tunnel_learns_the_host_and_nothing_more() {
    if is_inside() {
        let host = Host::parse("https://gateway.invalid").unwrap();
        let exchange = client().send(&call(ITEM), &host, &CallHandle::default()).await;
        assert!(matches!(exchange.outcome, Outcome::Failed(Failure::Connect(_))), "{:?}", exchange.outcome);
        assert_eq!((exchange.stage, exchange.billing()), (RequestStage::NothingSent, Billing::Free));
        return;
    }
    let proxy = Gateway::saying(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    run_again("api::proxies::a_proxy_that_refuses_the_tunnel_learns_the_host_and_nothing_more", &proxy).await;
    let request = String::from_utf8(proxy.connections().concat()).unwrap();
    assert!(request.starts_with("CONNECT gateway.invalid:443 HTTP/1.1\r\n"), "{request}");
    assert!(!request.contains(KEY) && !request.contains(SECRET));
}
