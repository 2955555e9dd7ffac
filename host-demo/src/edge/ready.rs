//! A component with its settings: initialised in an instance, whose memory then becomes the component's own.

use futures_util::FutureExt as _;
use wasmtime::component::{Component, ComponentNamedList, Instance, Lift, Linker, WasmList};
use wasmtime::{Config, Engine, OptLevel, Result, Store};
use wasmtime_wizer::{ComponentInstanceState, Wizer};

use super::Settings;
use crate::error::{Code, Problem};
use crate::plugin::one_line;

/// The export that takes the settings.
const INITIALIZE: &str = "initialize";

/// The function with these settings in it.
///
/// # Errors
/// The settings are refused, such as an agreement with mistakes, or the bytes are no function.
pub fn ready(function: &[u8], settings: &Settings) -> Result<Vec<u8>, Problem> {
    let settings = serde_json::to_string(settings)
        .map_err(|error| Problem::new(Code::Usage, format!("the settings have no JSON: {error}"), ""))?;
    let made = initialized(function, &settings)
        .map_err(|error| Problem::new(Code::NotAComponent, one_line(&error), "the edge function"))?;
    made.map_err(|why| Problem::new(Code::Usage, why, "the edge function"))
}

fn initialized(function: &[u8], settings: &str) -> Result<Result<Vec<u8>, String>> {
    let wizer = Wizer::new();
    let (context, instrumented) = wizer.instrument_component(function)?;
    let mut config = Config::new();
    // It runs once.
    config.cranelift_opt_level(OptLevel::None).concurrency_support(false);
    let engine = Engine::new(&config)?;
    let component = Component::new(&engine, &instrumented)?;
    let mut linker = Linker::new(&engine);
    // Nothing from outside can be asked now: what it answered would be kept for ever.
    linker.define_unknown_imports_as_traps(&component)?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component)?;
    let initialize = instance.get_typed_func::<(&str,), (Result<(), String>,)>(&mut store, INITIALIZE)?;
    if let (Err(why),) = initialize.call(&mut store, (settings,))? {
        return Ok(Err(why));
    }
    let mut state = State { store, instance };
    let snapshot = wizer.snapshot_component(&context, &mut state).now_or_never();
    snapshot.expect("nothing is waited for in it").map(Ok)
}

/// How the memory and the globals of the initialised instance are read.
struct State {
    store: Store<()>,
    instance: Instance,
}

impl State {
    /// Calls one of the functions that were put in to tell them.
    fn told<R>(&mut self, instance: &str, function: &str) -> R
    where
        R: Lift + Send + Sync + 'static,
        (R,): ComponentNamedList + Lift,
    {
        let Self { store, instance: whole } = self;
        let index = whole.get_export_index(&mut *store, None, instance);
        let index = index.and_then(|index| whole.get_export_index(&mut *store, Some(&index), function));
        let index = index.expect("the instrumentation has put it in");
        let function = whole.get_typed_func::<(), (R,)>(&mut *store, index);
        let told = function.and_then(|function| function.call(&mut *store, ()));
        told.expect("it reads memory and globals, and nothing else").0
    }
}

impl ComponentInstanceState for State {
    async fn call_func_ret_list_u8(
        &mut self,
        instance: &str,
        func: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        let list: WasmList<u8> = self.told(instance, func);
        contents(list.as_le_slice(&self.store));
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.told(instance, func)
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.told(instance, func)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.told::<f32>(instance, func).to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.told::<f64>(instance, func).to_bits()
    }
}
