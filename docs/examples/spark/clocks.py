"""Clocks of millions of tickets: the slaclock module in every Spark executor."""

import argparse
import json
from pathlib import Path


class Engine:
    """One instance of the plain module, which imports nothing: the question goes into its memory, the answer comes out."""

    def __init__(self, wasm):
        import wasmtime

        config = wasmtime.Config()
        # Compiled once on each machine, not in each task.
        config.cache = True
        engine = wasmtime.Engine(config)
        self.store = wasmtime.Store(engine)
        # One task has no use for more; a module that wants it ends with an error.
        self.store.set_limits(memory_size=1 << 30)
        exports = wasmtime.Instance(self.store, wasmtime.Module(engine, wasm), []).exports(self.store)
        self.memory = exports["memory"]
        self.alloc, self.call, self.free = (exports[f"slaclock_{name}"] for name in ("alloc", "call", "free"))

    def ask(self, question):
        at = self.alloc(self.store, len(question)) & 0xFFFFFFFF
        if at == 0:
            raise MemoryError(f"no memory for {len(question)} bytes")
        self.memory.write(self.store, question, at)
        packed = self.call(self.store, at, len(question)) & 0xFFFFFFFFFFFFFFFF
        self.free(self.store, at, len(question))
        answer_at, length = packed >> 32, packed & 0xFFFFFFFF
        answer = bytes(self.memory.read(self.store, answer_at, answer_at + length))
        self.free(self.store, answer_at, length)
        return answer


def evaluator(wasm, agreement, now):
    """What an executor does with its batches: a line for a line, by one engine, which is thrown away with the task."""
    head = f'{json.dumps({"do": "clocks", "now": now})}\n{agreement}\n'.encode()

    def evaluate(batches):
        import pyarrow

        engine = Engine(wasm)
        for batch in batches:
            lines = "\n".join(batch.column(0).to_pylist()).encode()
            answer = engine.ask(head + lines).decode()
            # Of the agreement or the instant, which then no ticket can be judged by.
            if answer.startswith('{"problems":'):
                raise ValueError(answer)
            answers = answer.split("\n")[:-1]
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array(answers, pyarrow.string())], ["value"])

    return evaluate


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--module", type=Path, required=True, help="slaclock_abi.wasm")
    parser.add_argument("--agreement", type=Path, required=True, help="as JSON")
    parser.add_argument("--now", required=True, help="RFC 3339")
    parser.add_argument("tickets", help="JSON Lines")
    parser.add_argument("answers", help="a new folder")
    asked = parser.parse_args()

    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("slaclock").getOrCreate()
    # On one line, as the question has it.
    agreement = " ".join(asked.agreement.read_text().splitlines())
    evaluate = evaluator(asked.module.read_bytes(), agreement, asked.now)
    tickets = spark.read.text(asked.tickets).where("trim(value) != ''")
    tickets.mapInArrow(evaluate, "value string").write.text(asked.answers)
    spark.stop()


if __name__ == "__main__":
    main()
