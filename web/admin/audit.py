"""The audit log: who changed what, before and after. Nothing here can be changed (T-58)."""

from dataclasses import dataclass
from datetime import datetime

from quart import Quart, Response

from node.community import audit
from node.community.audit import AuditView
from node.community.kinds import Role
from node.i18n import gettext
from web import choices
from web.admin.words import FACTS, PRESETS, preset_name, reason_name
from web.reader import before, older_path
from web.rendering import render

SHORT_HASH = 16


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry; `what` holds names and codes, no sentence."""

    number: int
    heading: str
    what: str
    by: str
    at: datetime
    hash: str


async def show() -> Response:
    """Show the entries, the latest first."""
    found = await audit.entries(before=before())
    shown = [entry_shown(entry) for entry in found.items]
    return await render("admin/audit.html", entries=shown, older=older_path(found.next))


def entry_shown(entry: AuditView) -> EntryShown:
    """Return an entry as the page shows it."""
    return EntryShown(
        number=entry.number,
        heading=gettext(FACTS[entry.fact]) if entry.fact in FACTS else entry.fact,
        what=what_of(entry),
        by=entry.by,
        at=entry.at,
        hash=entry.chain_hash[:SHORT_HASH],
    )


def what_of(entry: AuditView) -> str:
    """Return what changed, before and after."""
    told = entry.told
    if entry.fact == "NodeProfileChanged":
        return ""
    if entry.fact in {"Moderated", "ModerationUndone"}:
        about = str(told.get("object_uri") or told.get("target_uri") or "–")
        return " · ".join(filter(None, (str(told.get("kind", "")), about, str(told.get("reason_code", "")))))
    change = f"{_said(told.get('before'))} → {_said(told.get('after'))}"
    if entry.fact == "PolicyChanged":
        patterns = told.get("patterns")
        hosts = ", ".join(map(str, patterns)) if isinstance(patterns, list | tuple) else ""
        return " · ".join(filter(None, (hosts, change, reason_name(str(told.get("reason_code", ""))))))
    return f"{entry.about}: {change}" if entry.about else change


def _said(value: object) -> str:
    """Return a state in words where it is a single one: a preset, a role."""
    text = str(value or "")
    if text in PRESETS:
        return preset_name(text)
    return choices.role_name(text) if text in {each.value for each in Role} else text or "–"


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/admin/audit", "admin.audit", show, methods=["GET"])
