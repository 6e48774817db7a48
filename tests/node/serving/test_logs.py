"""Nothing foreign forges a line of the log, no secret gets into it: T-62, A-28."""

import io
import logging
import sys

import orjson
import pytest

from node.serving.logs import JsonLines, PlainLines, configure

EVIL = "Mozilla\r\n2026-03-01 error all is lost \x1b[31m\u2028\u202e"
TOKEN = "Zm9yIG5vYm9keSB0byByZWFkLCBldmVy"


def record(message: str, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("talanoa.web", logging.INFO, "web.py", 1, message, None, None)
    vars(made).update(fields, created=1772366400.5)
    return made


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()], ids=["json", "plain"])
def test_words_of_strangers_stay_in_one_line_t62(formatter: logging.Formatter) -> None:
    line = formatter.format(record(EVIL, agent=EVIL))

    assert len(line.splitlines() if "\u2028" not in line else line.split("\n")) == 1
    assert not set(line) & set("\r\n\x1b")


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()], ids=["json", "plain"])
def test_secrets_are_hidden_t62(formatter: logging.Formatter) -> None:
    line = formatter.format(record(f"GET /sign-in/link/{TOKEN}", password=TOKEN, session_cookie=TOKEN, Signature=TOKEN))

    assert TOKEN not in line


def test_a_line_is_an_object_with_its_fields() -> None:
    line = JsonLines().format(record("refused", status=400, reason="no id"))

    assert orjson.loads(line) == {
        "time": "2026-03-01T12:00:00.500+00:00",
        "level": "info",
        "place": "talanoa.web",
        "event": "refused",
        "status": 400,
        "reason": "no id",
    }


def test_a_line_for_people_is_short() -> None:
    assert PlainLines().format(record("refused", status=400)) == "12:00:00 info refused status=400"


def test_an_error_brings_its_trace_in_the_same_object() -> None:
    try:
        raise ZeroDivisionError(f"/sign-in/link/{TOKEN}")
    except ZeroDivisionError:
        line = JsonLines().format(record("incident", incident="x", exc_info=sys.exc_info()))

    assert ("ZeroDivisionError" in orjson.loads(line)["error_trace"], TOKEN in line) == (True, False)


def test_configuring_sends_the_log_to_a_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(logging.getLogger("uvicorn"), "level", logging.NOTSET)
    stream = io.StringIO()

    configure(stream=stream, verbose=False, plain=False)
    logging.getLogger("talanoa.web").info("not worth a word")
    logging.getLogger("talanoa.web").warning("full")

    assert [orjson.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["full"]
