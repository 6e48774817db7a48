"""Servers as pages show them: the name as the wire has it beside the readable one, what they may do and why."""

from dataclasses import dataclass
from datetime import datetime

from federation.scripts import is_mixed_script, unicode_host
from node.i18n import gettext
from node.i18n import mark as _
from web.admin import words
from web.context import here
from web.who import registry


@dataclass(frozen=True, slots=True)
class HostName:
    """The name of a server.

    Args:
        plain: as the wire has it.
        readable: in its own script, empty where that is the same.
        is_mixed: it mixes scripts, as look-alikes do (T-77).
    """

    plain: str
    readable: str
    is_mixed: bool


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """What a server may do, and why.

    Args:
        preset: its code.
        because: one sentence.
        is_entry: somebody here decided it, it is not only the mode.
    """

    preset: str
    label: str
    tone: str
    because: str
    reason: str
    is_entry: bool
    since: datetime | None
    until: datetime | None


def host_name(name: str) -> HostName:
    """Return a server's name for a page."""
    readable = unicode_host(name)
    return HostName(name, readable if readable != name else "", is_mixed_script(name))


def decision_shown(host: str) -> DecisionShown:
    """Return what a server may do, and why, for a page."""
    decision = registry().decide(host, now=here().now)
    entry = decision.entry
    because = gettext(_("unknown servers may do this now"))
    if decision.because == "own":
        because = gettext(_("this node itself"))
    elif entry is not None:
        because = words.reason_name(entry.reason_code)
        if entry.pattern != host:
            because = f"{because} ({entry.pattern})"
    return DecisionShown(
        preset=decision.preset,
        label=words.preset_name(decision.preset),
        tone=words.TONES.get(decision.preset, "info"),
        because=because,
        reason=entry.reason if entry else "",
        is_entry=entry is not None,
        since=entry.created_at if entry else None,
        until=entry.expires_at if entry else None,
    )
