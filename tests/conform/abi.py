"""The plain core module by its three functions, in Wasmtime for Python, without the component model."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import wasmtime

from run import run

PATH = os.environ.get("SLACLOCK_ABI") or Path(__file__).parents[2] / "target/slaclock/slaclock_abi.wasm"


def start():
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    exports = wasmtime.Instance(store, wasmtime.Module.from_file(engine, str(PATH)), []).exports(store)
    memory, alloc, call, free = (exports[name] for name in ("memory", "slaclock_alloc", "slaclock_call", "slaclock_free"))

    def ask(question):
        text = question.encode()
        at = alloc(store, len(text)) & 0xFFFFFFFF
        if at == 0:
            raise MemoryError(f"no memory for {len(text)} bytes")
        memory.write(store, text, at)
        packed = call(store, at, len(text)) & 0xFFFFFFFFFFFFFFFF
        free(store, at, len(text))
        answer_at, length = packed >> 32, packed & 0xFFFFFFFF
        answer = bytes(memory.read(store, answer_at, answer_at + length)).decode()
        free(store, answer_at, length)
        return answer

    return ask


run(f"wasmtime {version('wasmtime')}, Python {platform.python_version()}", start)
