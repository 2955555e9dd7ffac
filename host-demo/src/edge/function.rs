//! A function, compiled, and how requests are answered by instances of it, one at a time each.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use tokio::sync::{Semaphore, oneshot};
use wasmtime::component::{Component, Linker};
use wasmtime::{Store, Trap, UpdateDeadline};
use wasmtime_wasi_http::p2::bindings::http::types::{self, Scheme};
use wasmtime_wasi_http::p2::bindings::{Proxy, ProxyPre};
use wasmtime_wasi_http::{Error, WasiHttp, WasiHttpView as _};

use super::state::State;
use crate::api::Refusal;
use crate::error::{Code, Problem};
use crate::plugin::{Cache, Limits, TICK, Warden, compiled, engine, hex, one_line};

/// So many requests are answered at a time; others wait so long.
const AT_A_TIME: usize = 64;
const PATIENCE: Duration = Duration::from_secs(10);
/// An instance answers so many requests, and fewer where they make it grow by more than so many bytes.
const REQUESTS: u32 = 1000;
const GROWTH: usize = 16 << 20;
/// A client that takes longer to send and to read than this is cut off.
const WHOLE: Duration = Duration::from_secs(60);

/// A function that can be asked.
#[derive(Clone)]
pub struct Function {
    ready: ProxyPre<State>,
    limits: Limits,
    places: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Instance>>>,
}

/// A function that has answered and can be asked again: to make one costs more than to ask it.
struct Instance {
    store: Store<State>,
    proxy: Proxy,
    /// Its memory when it was made.
    memory: usize,
    asked: u32,
}

impl Instance {
    /// Whether it is as it was: what a request leaves behind is compiled agreements, and no more of them than this.
    fn is_good(&self) -> bool {
        let State { warden, table, .. } = self.store.data();
        self.asked < REQUESTS && warden.memory <= self.memory.saturating_add(GROWTH) && table.is_empty()
    }
}

type Respond = oneshot::Sender<Result<axum::http::Response<wasmtime_wasi_http::WasiBody>, types::ErrorCode>>;

impl Function {
    /// A function, compiled now or taken from the cache; the second is the trouble that there was with that.
    ///
    /// # Errors
    /// The bytes are no component of `wasi:http`, or it imports more than it may.
    pub fn load(
        bytes: &[u8],
        limits: Limits,
        cache: Option<&Cache>,
    ) -> Result<(Self, Option<Problem>), Problem> {
        let bad = |error: wasmtime::Error| {
            Problem::new(Code::NotAComponent, one_line(&error), "the edge function")
                .with_mend("give a component that `slaclock edge --write` has written")
        };
        let engine = engine(limits, AT_A_TIME)?;
        let digest = hex(&Sha256::digest(bytes));
        let (component, origin) =
            compiled(cache, &engine, &digest, || Component::new(&engine, bytes).map_err(bad))?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_proxy_interfaces_async(&mut linker).map_err(bad)?;
        let all = types::LinkOptions::default();
        types::add_to_linker::<State, WasiHttp>(&mut linker, &all, State::http).map_err(bad)?;
        let ready = linker.instantiate_pre(&component).and_then(ProxyPre::new).map_err(bad)?;
        let function =
            Self { ready, limits, places: Arc::new(Semaphore::new(AT_A_TIME)), idle: Arc::default() };
        Ok((function, origin.trouble().cloned()))
    }

    /// The response to a request, or the refusal that stands for it where the function broke.
    pub async fn answer(self, request: Request) -> Response {
        self.ask(request).await.unwrap_or_else(|problem| Refusal::from(problem).into_response())
    }

    async fn ask(self, mut request: Request) -> Result<Response, Problem> {
        let waited = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = waited else {
            return Err(Problem::new(Code::PluginBusy, "too many requests are being answered", ""));
        };
        // HTTP/1.0 has none, and no answer depends on it.
        request.headers_mut().entry(header::HOST).or_insert(HeaderValue::from_static("localhost"));
        let (respond, response) = oneshot::channel();
        let task = tokio::spawn(async move {
            let run = tokio::time::timeout(WHOLE, self.run(request, respond)).await;
            // The next may come once this one's instance is gone or free.
            drop(place);
            run.unwrap_or_else(|_| {
                Err(Problem::new(Code::TooSlow, "the request took longer than a minute", ""))
            })
        });
        match response.await {
            Ok(Ok(response)) => Ok(response.map(Body::new)),
            Ok(Err(error)) => Err(Problem::new(Code::PluginAnswer, format!("the function: {error:?}"), "")),
            // It ended without a response.
            Err(_) => match task.await {
                Ok(Err(problem)) => Err(problem),
                _ => Err(Problem::new(Code::PluginAnswer, "the function has not answered", "")),
            },
        }
    }

    fn store(&self) -> Store<State> {
        let mut store = Store::new(self.ready.engine(), State::new(Warden::new(self.limits)));
        store.limiter(|state| &mut state.warden);
        // Other requests get their turn at each tick; only ticks in which it runs count.
        store.epoch_deadline_callback(|mut store| {
            let left = &mut store.data_mut().ticks;
            *left = left.saturating_sub(1);
            if *left == 0 {
                return Err(Trap::Interrupt.into());
            }
            Ok(UpdateDeadline::Yield(1))
        });
        store
    }

    /// Asks an instance that is free, or a new one. One that breaks, or that is not waited for, is not used again.
    async fn run(&self, request: Request, respond: Respond) -> Result<(), Problem> {
        let free = self.idle().pop();
        let mut store = match free {
            None => self.store(),
            Some(instance) => return self.run_on(instance, request, respond).await,
        };
        self.wind(&mut store);
        match self.ready.instantiate_async(&mut store).await {
            Ok(proxy) => {
                let memory = store.data().warden.memory;
                self.run_on(Instance { store, proxy, memory, asked: 0 }, request, respond).await
            }
            Err(error) => Err(broken(&error, &store.data().warden, self.limits)),
        }
    }

    async fn run_on(
        &self,
        mut instance: Instance,
        request: Request,
        respond: Respond,
    ) -> Result<(), Problem> {
        self.wind(&mut instance.store);
        let Instance { store, proxy, asked, .. } = &mut instance;
        *asked += 1;
        let called = call(store, proxy, request, respond).await;
        called.map_err(|error| broken(&error, &store.data().warden, self.limits))?;
        if instance.is_good() {
            self.idle().push(instance);
        }
        Ok(())
    }

    /// Gives the next request all of its time.
    fn wind(&self, store: &mut Store<State>) {
        store.data_mut().ticks = self.limits.time.as_millis() / TICK.as_millis();
        store.set_epoch_deadline(1);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Instance>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn call(
    store: &mut Store<State>,
    proxy: &Proxy,
    request: Request,
    respond: Respond,
) -> wasmtime::Result<()> {
    let (parts, body) = request.into_parts();
    let body = http_body_util::BodyExt::map_err(body, |_| Error::ConnectionTerminated);
    let request = axum::http::Request::from_parts(parts, body);
    let mut http = store.data_mut().http();
    let request = http.new_incoming_request(Scheme::Http, request)?;
    let out = http.new_response_outparam(respond)?;
    proxy.wasi_http_incoming_handler().call_handle(&mut *store, request, out).await
}

/// Why a function ended with a trap.
fn broken(error: &wasmtime::Error, warden: &Warden, limits: Limits) -> Problem {
    if warden.refused_memory {
        let message = format!("the function asked for more than {} MiB of memory", limits.memory >> 20);
        return Problem::new(Code::PluginMemory, message, "");
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => {
            Problem::new(Code::PluginTime, format!("the function ran longer than {:?}", limits.time), "")
        }
        _ => Problem::new(Code::PluginTrapped, one_line(error), ""),
    }
}
