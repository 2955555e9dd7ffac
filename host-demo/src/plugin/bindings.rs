//! Types and calls generated from the WIT contract.

#![expect(missing_docs, reason = "generated; the contract itself is documented")]

wasmtime::component::bindgen!({
    path: "../wasm-component/wit",
    world: "plugin",
});
