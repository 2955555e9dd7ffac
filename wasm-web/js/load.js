// From what `init` is given to a compiled module.

const kind = (value) => Object.prototype.toString.call(value);

/** Bytes, an address, a request, a response or a module; those of other frames too. */
export async function compile(given, integrity) {
  switch (kind(given)) {
    case "[object WebAssembly.Module]":
      return given;
    case "[object Response]":
      return compileResponse(given);
    case "[object String]":
    case "[object URL]":
    case "[object Request]":
      return compileResponse(await fetch(given, integrity === undefined ? undefined : { integrity }));
    case "[object Undefined]":
      throw new Error("no entry says where it is; give `init` the address, bytes or module as `wasm`");
    default:
      return WebAssembly.compile(given);
  }
}

async function compileResponse(response) {
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}`);
  const type = response.headers.get("content-type") ?? "";
  // Browsers compile while they load, but only what is served under its proper type.
  if (type.split(";")[0].trim() === "application/wasm" && WebAssembly.compileStreaming) return WebAssembly.compileStreaming(response);
  return WebAssembly.compile(await response.arrayBuffer());
}
