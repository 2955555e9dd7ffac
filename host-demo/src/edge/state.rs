//! What an instance of a function has of its host: the time, its request, and room for its response.

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{
    Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView,
};

use crate::plugin::Warden;

/// The state of one instance.
pub(super) struct State {
    pub(super) table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: Answering,
    pub(super) warden: Warden,
    /// Ticks that its request may still run.
    pub(super) ticks: u128,
}

impl State {
    pub(super) fn new(warden: Warden) -> Self {
        // Without files, arguments, environment, standard streams or network.
        let wasi = WasiCtx::builder().build();
        Self {
            table: ResourceTable::new(),
            wasi,
            http: WasiHttpCtx::new(),
            hooks: Answering,
            warden,
            ticks: 0,
        }
    }
}

/// A function answers requests and sends none.
struct Answering;

type Sent = (axum::http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>);

impl WasiHttpHooks for Answering {
    fn send_request(
        &mut self,
        _: axum::http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        Box::new(std::future::ready(Err(Error::HttpRequestDenied)))
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.hooks }
    }
}
