"""Lines of JSON, for Schemathesis: a body of one line, and a response as its last line, which counts the others."""

import json
from typing import Any

import schemathesis

NDJSON = "application/x-ndjson"


@schemathesis.serializer(NDJSON)
def as_lines(_context: Any, value: Any) -> bytes:
    return json.dumps(value).encode() + b"\n"


@schemathesis.deserializer(NDJSON)
def from_lines(_context: Any, response: schemathesis.Response) -> Any:
    return json.loads(response.content.splitlines()[-1])
