//! The paths of the gateway, and the way of a call through the emulator.
//!
//! `GET /{api_type}/{api_name}`, with and without the last slash, is a call; `GET /img/{host}/{path}` is a picture.
//! Everything else is a plain 404. What is no call is remembered, but not counted as one.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::ReceivedRequest;
use super::connection::Breaker;
use super::faults::wire;
use super::gateway::{CallDecision, Gateway};
use super::pictures;
use super::request::{CallRequest, redacted_pairs};
use super::response::PlannedResponse;

/// The routes of one emulator.
pub(super) fn routes(service: Arc<Gateway>) -> Router {
    Router::new()
        .route("/{api_type}/{api_name}", get(answer))
        .route("/{api_type}/{api_name}/", get(answer))
        .route("/img/{host}/{*path}", get(picture))
        .fallback(not_found)
        .with_state(service)
}

async fn answer(
    State(service): State<Arc<Gateway>>,
    Path((api_type, api_name)): Path<(String, String)>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let serial = service.note(request(&uri), true);
    let _place = service.enter();
    let call = CallRequest::parse(api_type, api_name, uri.query());
    match service.decide(&call, serial) {
        CallDecision::Faulty { fault, pause } => {
            wait(&service, pause).await;
            let num_iid = call.param("num_iid").unwrap_or_default();
            let faulty = wire::respond_without_item(fault, num_iid, &breaker, &service.stop).await;
            faulty.unwrap_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        CallDecision::Answered { response, pause } => {
            wait(&service, pause).await;
            write(response, service.settings.gzip && accepts_gzip(&headers), &breaker).await
        }
    }
}

/// Large bodies take a while, and other calls should not wait for them.
async fn write(response: Box<PlannedResponse>, gzip: bool, breaker: &Breaker) -> Response {
    let (fault, content_type) = (response.fault, response.form.content_type());
    match tokio::task::spawn_blocking(move || response.text()).await {
        Ok(text) => wire::send(text.into(), content_type, fault, gzip, breaker).await,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn wait(service: &Gateway, pause: Duration) {
    tokio::select! {
        () = tokio::time::sleep(pause) => {}
        () = service.stop.cancelled() => {}
    }
}

async fn picture(
    State(service): State<Arc<Gateway>>,
    Path((host, path)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    service.note(request(&uri), false);
    pictures::respond(&host, &format!("/{path}")).await
}

async fn not_found(State(service): State<Arc<Gateway>>, uri: Uri) -> Response {
    service.note(request(&uri), false);
    (StatusCode::NOT_FOUND, "not found: calls go to /1688/item_get/?key=…&secret=…&num_iid=…\n")
        .into_response()
}

fn request(uri: &Uri) -> ReceivedRequest {
    ReceivedRequest { path: uri.path().to_owned(), query: redacted_pairs(uri.query()) }
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
