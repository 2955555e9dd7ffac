//! Requests and responses of `wasi:http` as the contract has them.

use slaclock_ask::http::{Edge, Refusal, Request, Response, Settings};
use slaclock_core::Instant;
use wasip2::clocks::{monotonic_clock, wall_clock};
use wasip2::http::types::{
    ErrorCode, Fields, IncomingRequest, Method, OutgoingBody, OutgoingResponse, ResponseOutparam,
};
use wasip2::io::poll::poll;
use wasip2::io::streams::{OutputStream, StreamError};

/// So much is read at once.
const PIECE: u64 = 64 << 10;

/// So much can be written by one call of the host.
const AT_ONCE: usize = 4096;

/// The contract's answer to a request.
pub(crate) fn answer(edge: &mut Edge, request: &IncomingRequest) -> Response {
    // Each call of the host costs as much as a hundred of ours: nothing is asked twice, or before it is needed.
    let headers = request.headers();
    let [authorization, origin] = ["authorization", "origin"].map(|name| header(&headers, name));
    let (method, target) = (method(request.method()), request.path_with_query().unwrap_or_default());
    let asked = Request {
        method: &method,
        target: &target,
        authorization: authorization.as_deref(),
        origin: origin.as_deref(),
        now: now(),
    };
    edge.respond(&asked, |limits| read(request, &headers, limits))
}

fn header(headers: &Fields, name: &str) -> Option<String> {
    let value = headers.get(name).into_iter().next()?;
    String::from_utf8(value).ok()
}

fn now() -> Instant {
    let wall = wall_clock::now();
    let ms = wall.seconds.saturating_mul(1000).saturating_add(u64::from(wall.nanoseconds / 1_000_000));
    i64::try_from(ms).ok().and_then(Instant::from_ms).unwrap_or(Instant::MIN)
}

fn method(method: Method) -> String {
    let name = match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => return name,
    };
    name.to_owned()
}

/// The whole body, or why it is not waited for.
fn read(request: &IncomingRequest, headers: &Fields, limits: &Settings) -> Result<Vec<u8>, Refusal> {
    let limit = limits.max_body;
    let announced = header(headers, "content-length").and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > limit as u64) {
        return Err(Refusal::too_large(limit));
    }
    let body = request.consume().map_err(|()| Refusal::broken_off())?;
    let stream = body.stream().map_err(|()| Refusal::broken_off())?;
    let mut waited = None;
    let mut read = Vec::new();
    // It has no more than it says.
    while announced != Some(read.len() as u64) {
        match stream.read(PIECE) {
            Ok(piece) if piece.is_empty() => {
                let (more, deadline) = waited.get_or_insert_with(|| {
                    let time = limits.body_time_ms.saturating_mul(1_000_000);
                    (stream.subscribe(), monotonic_clock::subscribe_duration(time))
                });
                if poll(&[more, deadline]).contains(&1) {
                    return Err(Refusal::too_slow(limits.body_time_ms));
                }
            }
            Ok(piece) if read.len() + piece.len() > limit => return Err(Refusal::too_large(limit)),
            Ok(piece) if read.is_empty() => read = piece,
            Ok(piece) => read.extend(piece),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(_)) => return Err(Refusal::broken_off()),
        }
    }
    Ok(read)
}

/// Sends a response. A client that has gone away is nobody's mistake: what is left is dropped.
pub(crate) fn send(response: Response, out: ResponseOutparam) {
    let headers = response.headers.into_iter().map(|(name, value)| (name.to_owned(), value.into_bytes()));
    let Ok(headers) = Fields::from_list(&headers.collect::<Vec<_>>()) else {
        return ResponseOutparam::set(out, Err(ErrorCode::InternalError(None)));
    };
    let outgoing = OutgoingResponse::new(headers);
    let bad = response.status != 200 && outgoing.set_status_code(response.status).is_err();
    let (false, Ok(body)) = (bad, outgoing.body()) else {
        return ResponseOutparam::set(out, Err(ErrorCode::InternalError(None)));
    };
    ResponseOutparam::set(out, Ok(outgoing));
    if !response.body.is_empty()
        && let Ok(stream) = body.write()
        && write(&stream, &response.body).is_err()
    {
        return;
    }
    OutgoingBody::finish(body, None).ok();
}

fn write(stream: &OutputStream, mut rest: &[u8]) -> Result<(), StreamError> {
    if rest.len() <= AT_ONCE {
        return stream.blocking_write_and_flush(rest);
    }
    let room = stream.subscribe();
    while !rest.is_empty() {
        let size = usize::try_from(stream.check_write()?).unwrap_or(usize::MAX);
        let (piece, after) = rest.split_at(size.min(rest.len()));
        if piece.is_empty() {
            room.block();
        } else {
            stream.write(piece)?;
            rest = after;
        }
    }
    stream.flush()?;
    room.block();
    stream.check_write().map(|_| ())
}
