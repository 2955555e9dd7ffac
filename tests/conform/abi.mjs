// The plain core module, by its three functions, under whichever engine runs this.

import { readFileSync } from "node:fs";
import { run, runtime } from "./run.mjs";

const PATH = process.env.SLACLOCK_ABI ?? new URL("../../target/slaclock/slaclock_abi.wasm", import.meta.url);

/** Loads the module and answers how to ask it. */
export async function load(bytes) {
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const { memory, slaclock_alloc: alloc, slaclock_call: call, slaclock_free: free } = instance.exports;
  return (question) => {
    const text = new TextEncoder().encode(question);
    const at = alloc(text.length);
    if (at === 0) throw new Error(`no memory for ${text.length} bytes`);
    new Uint8Array(memory.buffer, at, text.length).set(text);
    const packed = BigInt.asUintN(64, call(at, text.length));
    free(at, text.length);
    const [answerAt, length] = [Number(packed >> 32n), Number(packed & 0xffff_ffffn)];
    const answer = new TextDecoder().decode(new Uint8Array(memory.buffer, answerAt, length));
    free(answerAt, length);
    return answer;
  };
}

await run(runtime, () => load(readFileSync(PATH)));
