"""The one paragraph that servers show which know neither records nor events. Pure.

It makes sense without a click, has the facts first and is plain text.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from node.i18n import Translator
from node.i18n.dates import format_span
from node.text.plain import one_line, shorten

LONGEST = 480
LONGEST_CLAUSE = 220
SHORTEST_CLAUSE = 40
HIGHEST_EVIDENCE = 5

_SENTENCE_END = re.compile(r"[.!?؟۔。！？](?=\s|$)|\n")
_WORDS = re.compile(r"[\w\u0300-\u036f\u064b-\u065f\u0900-\u0dff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSummary:
    """What the summary of a practice record is made of; empty parts are left out.

    Attributes:
        places: names of countries, in the language of the record.
        levels: names of levels of government.
        status: name of the status; with ``year``, "implemented 2024".
        problem, approach: plain text; the first sentence is used.
        outcome: the code, `too-early`, `success`, `partial`, `mixed` or `failed`.
        result: the best indicator, or why it failed; plain text.
        evidence: level 0 to 5.
        hashtags: without the sign.
    """

    places: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    status: str = ""
    year: str = ""
    problem: str = ""
    approach: str = ""
    outcome: str = ""
    result: str = ""
    evidence: int = 0
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSummary:
    """What the summary of an event is made of; empty parts are left out.

    Attributes:
        start, end: aware, in the zone of the meeting.
        status: the code of the event's status; said only if not `confirmed`.
        place: one line, "Online + Room 4".
        registration: one line that says how to register.
        teaser: plain text.
    """

    start: datetime
    end: datetime
    status: str = "confirmed"
    place: str = ""
    registration: str = ""
    teaser: str = ""


def practice_summary(facts: PracticeSummary, words: Translator) -> str:
    """Return the summary of a record, at most 480 characters.

    Args:
        words: of the language the record is written in.
    """
    for longest in range(LONGEST_CLAUSE, SHORTEST_CLAUSE - 1, -10):
        text = _practice_text(facts, words, longest)
        if len(text) <= LONGEST:
            return text
    return shorten(_practice_text(facts, words, SHORTEST_CLAUSE), LONGEST)


def event_summary(facts: EventSummary, words: Translator) -> str:
    """Return the summary of an event, at most 480 characters.

    Args:
        words: of the language the event is written in.
    """
    parts = [
        _status_word(facts.status, words),
        format_span(facts.start, facts.end, words.locale),
        shorten(one_line(facts.place), 120),
        shorten(one_line(facts.registration), 120),
    ]
    line = " · ".join(part for part in parts if part)
    teaser = shorten(one_line(facts.teaser), LONGEST - len(line) - 3) if facts.teaser else ""
    return shorten(f"{line} — {teaser}" if len(teaser) > 1 else line, LONGEST)


def as_hashtag(text: str) -> str:
    """Return words as one hashtag without the sign: "South Sudan" becomes `SouthSudan`."""
    words = _WORDS.findall(unicodedata.normalize("NFC", text.replace("-", " ")))
    return "".join(word[:1].upper() + word[1:] if len(words) > 1 else word for word in words)


def first_sentence(text: str, longest: int = LONGEST_CLAUSE) -> str:
    """Return the first sentence of plain text without its full stop, shortened between words."""
    start = text.strip()
    end = _SENTENCE_END.search(start)
    return shorten(one_line(start[: end.start()] if end else start), longest)


def _practice_text(facts: PracticeSummary, words: Translator, longest: int) -> str:
    arrow = " ← " if words.direction == "rtl" else " → "
    story = arrow.join(filter(None, (first_sentence(facts.problem, longest), first_sentence(facts.approach, longest))))
    head = " · ".join(filter(None, (_few(facts.places), _few(facts.levels), one_line(f"{facts.status} {facts.year}"))))
    sentences = [f"{part}." if part[-1:] != "…" else part for part in (head, story) if part]
    result = _result(facts, words, longest)
    if result:
        sentences.append(words.gettext("Result: %(result)s.", result=result))
    level = min(max(facts.evidence, 0), HIGHEST_EVIDENCE)
    sentences.append(words.gettext("Evidence %(level)s/5.", level=level))
    sentences += [f"#{tag}" for tag in facts.hashtags]
    return " ".join(sentences)


def _few(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} +{len(names) - 3}" if len(names) > 3 else shown


def _result(facts: PracticeSummary, words: Translator, longest: int) -> str:
    said = first_sentence(facts.result, longest)
    if facts.outcome == "too-early":
        return words.gettext("too early")
    if facts.outcome == "failed":
        return words.gettext("failed: %(why)s", why=said) if said else words.gettext("failed")
    return said


def _status_word(status: str, words: Translator) -> str:
    said: dict[str, Callable[[], str]] = {
        "cancelled": lambda: words.gettext("Cancelled"),
        "postponed": lambda: words.gettext("Postponed"),
        "rescheduled": lambda: words.gettext("New date"),
        "moved_online": lambda: words.gettext("Moved online"),
        "tentative": lambda: words.gettext("To be confirmed"),
    }
    return said[status]() if status in said else ""
