//! How an answer leaves: whole and compressed, or spoilt on its way.
//!
//! [`respond_without_item`] answers for faults that never come to an item; [`send`] takes a written body and
//! sends it as the fault wants.

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio_util::sync::CancellationToken;

use super::{Fault, gzip_bomb};
use crate::connection::Breaker;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

const FIREWALL: &str = "<!doctypehtml><html lang=\"zh-cn\"><head><meta charset=\"utf-8\"><title>405</title></head><body>\
     <h1>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</h1><p>您的请求ID是: 7b3f2a8117312345678</p>\
     </body></html>\n";
const GATEWAY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n\
     <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

/// A header that labels the body.
type Label = (HeaderName, HeaderValue);

/// Pieces of a slow drip, and the pause before each: 3 seconds in all.
const DRIPS: usize = 20;
const BETWEEN_DRIPS: Duration = Duration::from_millis(150);

/// Long enough for the first half of a cut body to have left before the connection closes.
const BEFORE_THE_CUT: Duration = Duration::from_millis(50);

/// The answer of a fault that needs no item; `None` if the fault is not of that kind.
pub(crate) async fn respond_without_item(
    fault: Fault,
    num_iid: &str,
    breaker: &Breaker,
    stop: &CancellationToken,
) -> Option<Response> {
    Some(match fault {
        Fault::HtmlPage => page(StatusCode::OK, FIREWALL),
        Fault::Html403 => page(StatusCode::FORBIDDEN, FIREWALL),
        Fault::Html405 => page(StatusCode::METHOD_NOT_ALLOWED, FIREWALL),
        Fault::BadGateway => page(StatusCode::BAD_GATEWAY, GATEWAY),
        Fault::EmptyBody => ([(header::CONTENT_TYPE, JSON)], "").into_response(),
        Fault::Redirect => (StatusCode::FOUND, [(header::LOCATION, "/redirected")], "").into_response(),
        Fault::GzipBomb => gzip_bomb(num_iid).await,
        Fault::Refused => {
            breaker.trip();
            StatusCode::OK.into_response()
        }
        Fault::Hang => {
            stop.cancelled().await;
            breaker.trip();
            StatusCode::OK.into_response()
        }
        _ => return None,
    })
}

/// Sends a written body, spoilt if `fault` is about the transport.
pub(crate) async fn send(
    body: Bytes,
    content_type: HeaderValue,
    fault: Option<Fault>,
    gzip: bool,
    breaker: &Breaker,
) -> Response {
    let label = (header::CONTENT_TYPE, content_type);
    match fault {
        Some(Fault::CutBody) => cut(label, &body),
        Some(Fault::SlowDrip) => drip(label, &body),
        Some(Fault::GzipOverPlain) => ([label, (header::CONTENT_ENCODING, GZIP)], body).into_response(),
        Some(Fault::BrokenGzip) => {
            let mut packed = gzipped(&body);
            packed.truncate(packed.len() / 2);
            ([label, (header::CONTENT_ENCODING, GZIP)], packed).into_response()
        }
        Some(Fault::ManyHeaders) => with_many_headers(([label], body).into_response()),
        Some(Fault::EscapeInHead) => {
            breaker.garble();
            let odd = (HeaderName::from_static("x-odd"), HeaderValue::from_static("~[31m"));
            ([label, odd], body).into_response()
        }
        _ if gzip => match tokio::task::spawn_blocking(move || gzipped(&body)).await {
            Ok(packed) => ([label, (header::CONTENT_ENCODING, GZIP)], packed).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        _ => ([label], body).into_response(),
    }
}

fn page(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, HTML)], text).into_response()
}

/// 1.5 MB of them.
fn with_many_headers(mut response: Response) -> Response {
    let value = HeaderValue::try_from("y".repeat(3_000)).unwrap_or(JSON);
    for at in 0..500 {
        let name = HeaderName::try_from(format!("x-{at}")).unwrap_or(header::WARNING);
        response.headers_mut().insert(name, value.clone());
    }
    response
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    use io::Write;

    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    // Writing into memory cannot fail.
    let _ = packer.write_all(body);
    packer.finish().unwrap_or_default()
}

fn cut(label: Label, body: &Bytes) -> Response {
    let half = body.slice(..body.len() / 2);
    let steps = stream::unfold(Some(half), |half| async move {
        let Some(half) = half else {
            tokio::time::sleep(BEFORE_THE_CUT).await;
            return Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None));
        };
        Some((Ok(half), None))
    });
    let headers = [label, (header::CONTENT_LENGTH, HeaderValue::from(body.len()))];
    (headers, Body::from_stream(steps)).into_response()
}

fn drip(label: Label, body: &Bytes) -> Response {
    let size = body.len().div_ceil(DRIPS).max(1);
    let steps = stream::unfold(body.clone(), move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(BETWEEN_DRIPS).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Infallible>(piece), rest))
    });
    ([label], Body::from_stream(steps)).into_response()
}

async fn gzip_bomb(num_iid: &str) -> Response {
    let head = format!(
        "{{\"item\":{{\"num_iid\":\"{num_iid}\",\"title\":\"压缩炸弹\",\"price\":\"1.00\",\"desc\":\""
    );
    let built =
        tokio::task::spawn_blocking(move || gzip_bomb::pieces(&head, "\"},\"error_code\":\"0000\"}")).await;
    let pieces = stream::iter(built.unwrap_or_default().into_iter().map(Ok::<_, Infallible>));
    let headers = [(header::CONTENT_TYPE, JSON), (header::CONTENT_ENCODING, GZIP)];
    (headers, Body::from_stream(pieces)).into_response()
}
