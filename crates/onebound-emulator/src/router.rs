//! The paths of the gateway, and the way of a call through the emulator.
//!
//! `GET /{api_type}/{api_name}`, with and without the last slash, is a call; everything else is a plain 404,
//! remembered but not counted as a call.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Request;
use super::call::{Call, redacted_pairs};
use super::envelope::Page;
use super::faults::wire;
use super::line::Breaker;
use super::service::{Decision, Service};

/// The routes of one emulator.
pub(super) fn routes(service: Arc<Service>) -> Router {
    Router::new()
        .route("/{api_type}/{api_name}", get(answer))
        .route("/{api_type}/{api_name}/", get(answer))
        .fallback(elsewhere)
        .with_state(service)
}

async fn answer(
    State(service): State<Arc<Service>>,
    Path((api_type, api_name)): Path<(String, String)>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let serial = service.note(request(&uri), true);
    let _place = service.enter();
    let call = Call::read(api_type, api_name, uri.query());
    match service.decide(&call, serial) {
        Decision::Spoilt { fault, pause } => {
            wait(&service, pause).await;
            let num_iid = call.param("num_iid").unwrap_or_default();
            let spoilt = wire::before_the_item(fault, num_iid, &breaker, &service.stop).await;
            spoilt.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Decision::Answered { page, pause } => {
            wait(&service, pause).await;
            write(page, service.settings.gzip && accepts_gzip(&headers), &breaker).await
        }
    }
}

/// Large bodies take a while, and other calls should not wait for them.
async fn write(page: Box<Page>, gzip: bool, breaker: &Breaker) -> Response {
    let (fault, content_type) = (page.fault, page.form.content_type());
    match tokio::task::spawn_blocking(move || page.text()).await {
        Ok(text) => wire::send(text.into(), content_type, fault, gzip, breaker).await,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn wait(service: &Service, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = service.stop.cancelled() => {}
    }
}

async fn elsewhere(State(service): State<Arc<Service>>, uri: Uri) -> Response {
    service.note(request(&uri), false);
    (StatusCode::NOT_FOUND, "not found: calls go to /1688/item_get/?key=…&secret=…&num_iid=…\n")
        .into_response()
}

fn request(uri: &Uri) -> Request {
    Request { path: uri.path().to_owned(), query: redacted_pairs(uri.query()) }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|coding| {
        let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = quality.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()) == Some(0.0);
        matches!(name.trim(), "gzip" | "*") && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_used_only_for_those_who_accept_it() {
        let accepts = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            accepts_gzip(&headers)
        };
        assert!(accepts("gzip") && accepts("deflate, gzip;q=0.5") && accepts("*"));
        assert!(!accepts("br") && !accepts("gzip;q=0, br") && !accepts_gzip(&HeaderMap::new()));
    }
}
