"""The log: one JSON object a line, so that nothing foreign can forge a line; secrets never in it.

For whoever starts the node by hand in a terminal the lines are plain, with the same escaping.
"""

import logging
import re
from datetime import UTC, datetime
from typing import TextIO

import orjson

LONGEST = 2000
HIDDEN = "…"
_SECRET_NAMES = re.compile(r"password|secret|token|cookie|authorization|signature|private", re.IGNORECASE)
_SECRET_PATHS = re.compile(r"(/(?:sign-in/link|join|password)/)[A-Za-z0-9_-]{8,}")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object: time, level, place, event, its fields, the error if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "place": record.name,
            "event": _bounded(record.getMessage()),
        }
        line |= fields_of(record)
        if record.exc_info:
            line["error_trace"] = _bounded(self.formatException(record.exc_info), LONGEST * 5)
        return orjson.dumps(line, default=str).decode()


class PlainLines(logging.Formatter):
    """Writes a record for a person at a terminal; control characters of strangers are spelt out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line, and the trace of an error below it."""
        parts = [f"{name}={value}" for name, value in fields_of(record).items()]
        words = " ".join([_bounded(record.getMessage()), *parts])
        line = f"{datetime.fromtimestamp(record.created, UTC):%H:%M:%S} {record.levelname.lower()} {_spelt(words)}"
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            line += "\n" + "\n".join(f"    {_spelt(_without_secrets(text))}" for text in trace)
        return line


def configure(*, stream: TextIO, verbose: bool, plain: bool) -> None:
    """Send the log of this process to `stream`; called once, at the entry point.

    Args:
        verbose: every decision, not only what needs attention.
        plain: for a terminal rather than for a machine.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainLines() if plain else JsonLines())
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """Return what a call gave as `extra`, without secrets."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN}
    return {
        name: HIDDEN if _SECRET_NAMES.search(name) else (_bounded(value) if isinstance(value, str) else value)
        for name, value in given.items()
    }


def _bounded(text: str, most: int = LONGEST) -> str:
    return _without_secrets(text[:most])


def _without_secrets(text: str) -> str:
    return _SECRET_PATHS.sub(rf"\1{HIDDEN}", text)


def _spelt(text: str) -> str:
    return _UNSEEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
