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

/// The contract's answer to a request.
pub(crate) fn answer(edge: &mut Edge, request: &IncomingRequest) -> Response {
    let (authorization, origin) = (header(request, "authorization"), header(request, "origin"));
    let (method, target) = (method(request.method()), request.path_with_query().unwrap_or_default());
    let asked = Request {
        method: &method,
        target: &target,
        authorization: authorization.as_deref(),
        origin: origin.as_deref(),
        now: now(),
    };
    edge.respond(&asked, |limits| read(request, limits))
}

fn header(request: &IncomingRequest, name: &str) -> Option<String> {
    let value = request.headers().get(name).into_iter().next()?;
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
fn read(request: &IncomingRequest, limits: &Settings) -> Result<Vec<u8>, Refusal> {
    let limit = limits.max_body;
    let announced = header(request, "content-length").and_then(|length| length.parse::<u64>().ok());
    if announced.is_some_and(|announced| announced > limit as u64) {
        return Err(Refusal::too_large(limit));
    }
    let body = request.consume().map_err(|()| Refusal::broken_off())?;
    let stream = body.stream().map_err(|()| Refusal::broken_off())?;
    let deadline = monotonic_clock::subscribe_duration(limits.body_time_ms.saturating_mul(1_000_000));
    let more = stream.subscribe();
    let mut read = Vec::new();
    loop {
        match stream.read(PIECE) {
            Ok(piece) if piece.is_empty() => {
                if poll(&[&more, &deadline]).contains(&1) {
                    return Err(Refusal::too_slow(limits.body_time_ms));
                }
            }
            Ok(piece) if read.len() + piece.len() > limit => return Err(Refusal::too_large(limit)),
            Ok(piece) => read.extend(piece),
            Err(StreamError::Closed) => return Ok(read),
            Err(StreamError::LastOperationFailed(_)) => return Err(Refusal::broken_off()),
        }
    }
}

/// Sends a response. A client that has gone away is nobody's mistake: what is left is dropped.
pub(crate) fn send(response: Response, out: ResponseOutparam) {
    let headers = Fields::new();
    let bad = response.headers.iter().any(|(name, value)| headers.append(name, value.as_bytes()).is_err());
    let outgoing = OutgoingResponse::new(headers);
    let bad = bad || outgoing.set_status_code(response.status).is_err();
    let body = outgoing.body();
    let (false, Ok(body)) = (bad, body) else {
        return ResponseOutparam::set(out, Err(ErrorCode::InternalError(None)));
    };
    ResponseOutparam::set(out, Ok(outgoing));
    if let Ok(stream) = body.write()
        && write(&stream, &response.body).is_err()
    {
        return;
    }
    OutgoingBody::finish(body, None).ok();
}

fn write(stream: &OutputStream, mut rest: &[u8]) -> Result<(), StreamError> {
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
