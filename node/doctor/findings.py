"""What the doctor finds: one line each, with how to mend it. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        check: what was looked at, in a word.
        text: what was found.
        mend: what to do; empty where nothing is wrong.
    """

    check: str
    verdict: Verdict
    text: str
    mend: str = ""


def ok(check: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(check, Verdict.OK, text)


def warn(check: str, text: str, mend: str) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(check, Verdict.WARN, text, mend)


def fail(check: str, text: str, mend: str) -> Finding:
    """Return a finding without whose mending the node does not work."""
    return Finding(check, Verdict.FAIL, text, mend)


def has_failed(findings: Iterable[Finding]) -> bool:
    """Tell whether any of them keeps the node from working."""
    return any(each.verdict is Verdict.FAIL for each in findings)


def in_words(findings: Iterable[Finding]) -> str:
    """Return the findings as lines."""
    return "\n".join(_line(each) for each in findings)


def as_values(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return the findings for JSON."""
    return [asdict(each) for each in findings]


def _line(each: Finding) -> str:
    mend = f"\n      {each.mend}" if each.mend else ""
    return f"{each.verdict.value:4}  {each.check}: {each.text}{mend}"
