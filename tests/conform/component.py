"""The component in Wasmtime for Python."""

import json
import os
import platform
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import wasmtime
from wasmtime import component

from run import run

PATH = os.environ.get("SLACLOCK_COMPONENT") or Path(__file__).parents[2] / "target/slaclock/slaclock.wasm"
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NEEDS_AGREEMENT = ("clocks", "explain", "preview")


def ms(instant):
    if instant is None:
        return None
    return round((datetime.fromisoformat(instant) - EPOCH).total_seconds() * 1000)


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def plain(record, keys):
    pairs = ((key, getattr(record, key)) for key in keys)
    return {key: value for key, value in pairs if value is not None}


PROBLEM = ("code", "message", "pointer", "mend")
FINDING = ("rule", "severity", "pointer", "message", "mend")


class Component:
    """An instance, with its functions by their names in the contract."""

    def __init__(self, path):
        engine = wasmtime.Engine()
        self.store = wasmtime.Store(engine)
        built = component.Component.from_file(engine, str(path))
        # An empty linker: the component imports nothing.
        self.instance = component.Linker(engine).instantiate(self.store, built)
        self.engine = self.instance.get_export_index(self.store, "slaclock:sla/engine@0.2.0")
        self.functions = {}

    def call(self, name, *arguments):
        function = self.functions.get(name)
        if function is None:
            index = self.instance.get_export_index(self.store, name, self.engine)
            function = self.functions[name] = self.instance.get_func(self.store, index)
        answer = function(self.store, *arguments)
        function.post_return(self.store)
        return answer


class Refused(Exception):
    """The engine answered with problems."""


def start():
    sla = Component(PATH)
    last = {}

    def agreement(document, allow_later):
        if last.get("key") != (document, allow_later):
            if "resource" in last:
                last.pop("resource").drop(sla.store)
            last.clear()
            parsed = sla.call("[static]agreement.parse", document, allow_later)
            if isinstance(parsed, list):
                raise Refused(parsed)
            last.update(key=(document, allow_later), resource=parsed)
        return last["resource"]

    def options(head):
        record = component.Record()
        setattr(record, "now", ms(head["now"]))
        setattr(record, "known-at", ms(head.get("known_at")))
        return record

    def lines(method, head, document, body):
        compiled = agreement(document, head.get("allow_later", False))
        answer = sla.call(method, compiled, body.encode(), options(head))
        if not isinstance(answer, bytes):
            raise Refused([answer])
        return answer.decode()

    def answer(question):
        first, _, body = question.partition("\n")
        head = json.loads(first)
        document = None
        if head["do"] in NEEDS_AGREEMENT:
            document, _, body = body.partition("\n")
        match head["do"]:
            case "about":
                about = sla.call("describe")
                names = {"version": "version", "tz_version": "tz-version", "holiday_sets_version": "holiday-sets-version"}
                return compact({key: getattr(about, name) for key, name in names.items()}) + "\n"
            case "hours":
                return sla.call("hours-lines", body.encode()).decode()
            case "clocks":
                return lines("[method]agreement.evaluate-lines", head, document, body)
            case "explain":
                return lines("[method]agreement.explain-lines", head, document, body)
            case "preview":
                compiled = agreement(document, head.get("allow_later", False))
                preview = sla.call("[method]agreement.preview", compiled, body, ms(head["now"]))
                if isinstance(preview, list):
                    raise Refused(preview)
                return preview + "\n"
            case "lint":
                found = sla.call("lint", body, head["today"])
                # Where both sides of a result are lists, the answer says which one it is.
                if isinstance(found, component.Variant):
                    if found.tag == "err":
                        raise Refused(found.payload)
                    found = found.payload
                return "".join(compact(plain(finding, FINDING)) + "\n" for finding in found)

    def ask(question):
        try:
            return answer(question)
        except Refused as refused:
            return compact({"problems": [plain(problem, PROBLEM) for problem in refused.args[0]]}) + "\n"

    return ask


run(f"wasmtime {version('wasmtime')}, Python {platform.python_version()}", start)
