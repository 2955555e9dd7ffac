"""What Schemathesis has to be told about JSON Lines: how they are written, and what a line holds."""

import json

import schemathesis

LINES = "application/x-ndjson"

# The description has lines as text. Where an operation takes the same as JSON, a line is one of these; else a question
# about a calendar.
INSTANT = {"type": "string", "format": "date-time"}
QUESTION = {
    "type": "object",
    "required": ["calendar", "op"],
    "properties": {
        "id": {"type": ["string", "integer", "null"]},
        "calendar": {"$ref": "#/components/schemas/CalendarDocument"},
        "op": {"enum": ["elapsed", "due", "is_open", "next_open", "next_close", "segments"]},
        "start": INSTANT,
        "end": INSTANT,
        "at": INSTANT,
        "ms": {"type": "integer"},
    },
}


@schemathesis.hook
def before_load_schema(ctx, raw_schema):
    for path in raw_schema["paths"].values():
        for operation in path.values():
            body = operation.get("requestBody", {}) if isinstance(operation, dict) else {}
            content = body.get("content", {})
            if LINES in content:
                line = content.get("application/json", {}).get("schema", QUESTION)
                content[LINES]["schema"] = {"type": "array", "items": line, "maxItems": 4}


@schemathesis.serializer(LINES)
def lines(ctx, value):
    if isinstance(value, bytes):
        return {"data": value}
    if isinstance(value, str):
        return {"data": value.encode(errors="replace")}
    lines = value if isinstance(value, list) else [value]
    return {"data": "".join(json.dumps(line) + "\n" for line in lines).encode()}
