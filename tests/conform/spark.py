"""The plain core module in Spark's executors, as the example has it."""

import os
import platform
import sys
from pathlib import Path

import pyspark
from pyspark.sql import SparkSession

from run import run_all

WORKSPACE = Path(__file__).parents[2]
EXAMPLE = WORKSPACE / "docs/examples/spark/clocks.py"
PATH = Path(os.environ.get("SLACLOCK_ABI") or WORKSPACE / "target/slaclock/slaclock_abi.wasm")
sys.path.append(str(EXAMPLE.parent))

from clocks import Engine

# Questions are dealt to so many tasks, two at a time, and handed over in batches: each task has an engine of its own.
TASKS = 8
BATCH = 500


def asker(wasm):
    """What an executor does with its batches: every question by one engine."""

    def ask(batches):
        import pyarrow

        engine = Engine(wasm)
        for batch in batches:
            answers = [engine.ask(question.encode()).decode() for question in batch.column(0).to_pylist()]
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array(answers, pyarrow.string())], ["answer"])

    return ask


def start():
    builder = SparkSession.builder.appName("slaclock-conform").master("local[2]")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": BATCH,
    }.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    # Executors import what they do from there.
    spark.sparkContext.addPyFile(str(EXAMPLE))
    ask = asker(PATH.read_bytes())

    def ask_all(questions):
        dealt = spark.sparkContext.parallelize([(question,) for question in questions], TASKS)
        answers = spark.createDataFrame(dealt, "question string").mapInArrow(ask, "answer string")
        # In the order of the questions: tasks hold pieces of the list, one after the other.
        return [row.answer for row in answers.collect()]

    return ask_all


run_all(f"PySpark {pyspark.__version__}, Python {platform.python_version()}", start)
