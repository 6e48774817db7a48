"""Other servers: every one that was seen, what it may do and why; allow, block, change the mode, take it back.

Each act first shows what it would concern, then asks once more (T-58).
"""

from dataclasses import dataclass

from quart import Quart, Response, request

from federation.errors import ProtocolError
from federation.names import canonical_host
from node.community import audit, hosts, trust
from node.community.hosts import PAGE as PAGE_SIZE
from node.community.hosts import HostView
from node.community.kinds import Mode
from node.errors import Conflict, Invalid
from node.i18n import gettext
from node.i18n import mark as _
from node.policy.registry import Change
from outbox import admission
from web.admin import words
from web.admin.audit import EntryShown, entry_shown
from web.admin.shown import DecisionShown, HostName, decision_shown, host_name
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.rendering import go, render
from web.who import me, registry

PATH = "/admin/servers"
NONE, BLOCK = "none", "T0"
EVERYBODY = ("*",)
BAD_HOST = _("Write the name of a server, such as islands.example.")


@dataclass(frozen=True, slots=True)
class HostShown:
    """One line of the list."""

    name: HostName
    seen: HostView
    decision: DecisionShown


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One standing decision; `host` is the server that its page is about."""

    pattern: str
    host: str
    label: str
    tone: str
    reason: str


@dataclass(frozen=True, slots=True)
class UndoShown:
    """A change of trust that may be taken back."""

    batch: str
    entry: EntryShown


async def show(form: Form | None = None, *, status: int = 200) -> Response:
    """Show every server that was seen, the mode, and the last changes."""
    page = _page_number()
    views, number = await hosts.listing(page)
    changes = await audit.policy_changes()
    return await render(
        "admin/servers.html",
        status=status,
        form=form or blank(),
        hosts=[HostShown(host_name(view.name), view, decision_shown(view.name)) for view in views],
        decisions=[_line(row.pattern, row.preset, row.reason_code) for row in await trust.entries()],
        number=number,
        page=page,
        last=max(1, -(-number // PAGE_SIZE)),
        mode=gettext(words.MODES[registry().book.mode]),
        mode_options=[(mode.value, gettext(text)) for mode, text in words.MODES.items()],
        current_mode=registry().book.mode.value,
        changes=[UndoShown(str(change.told.get("batch", "")), entry_shown(change)) for change in changes],
    )


async def show_one(host: str) -> Response:
    """Show one server, what it may do, and the form that changes it. It need not have been seen."""
    return await _one(_canonical(host))


async def find() -> Response:
    """Go to the page of a server by its name."""
    form = await posted()
    try:
        return go(f"{PATH}/{_canonical(form.text('host', required=True, longest=300))}")
    except Invalid as invalid:
        form.take(invalid)
        return await show(form, status=422)


async def preview(host: str) -> Response:
    """Show what a change would concern; changes nothing."""
    name = _canonical(host)
    form = await posted()
    wanted = _wanted(name, form)
    if form.errors:
        return await _one(name, form, status=422)
    return await render(
        "admin/server_preview.html",
        form=form,
        name=host_name(name),
        now=decision_shown(name),
        becomes=gettext(words.PRESETS_EXPLAINED[wanted.preset or NONE]),
        preset=wanted.preset or NONE,
        reason=words.reason_name(wanted.reason_code),
        patterns=wanted.patterns,
        found=await trust.preview(wanted.patterns),
        pending=await admission.pending_for(name),
    )


@proven
async def change(host: str) -> Response:
    """Make the change that was previewed."""
    name = _canonical(host)
    form = await posted()
    wanted = _wanted(name, form)
    if form.errors:
        return await _one(name, form, status=422)
    try:
        await trust.change(wanted, registry=registry(), by_member_id=me().member.id, now=here().now)
    except Invalid as invalid:
        form.take(invalid)
        return await _one(name, form, status=422)
    return go(f"{PATH}/{name}", notice="trust-changed")


@proven
async def undo() -> Response:
    """Take a change back, with the follows that it suspended.

    Raises:
        NotFound: there is no such change.
    """
    form = await posted()
    batch = form.text("batch", longest=60)
    try:
        await trust.undo(batch, registry=registry(), by_member_id=me().member.id, now=here().now)
    except Conflict:
        form.error("", _("It was taken back already, or a later change stands on it: take that one back first."))
        return await show(form, status=409)
    return go(PATH, notice="trust-undone")


async def preview_mode() -> Response:
    """Show what another mode would concern; changes nothing."""
    form = await posted()
    mode = form.choice("mode", [each.value for each in words.MODES])
    if form.errors:
        return await show(form, status=422)
    undecided = [
        name for name in (await trust.preview(EVERYBODY)).hosts if registry().decide(name, now=here().now).entry is None
    ]
    return await render(
        "admin/mode_preview.html",
        mode=mode,
        becomes=gettext(words.MODES[Mode(mode)]),
        number=len(undecided),
        found=await trust.preview(tuple(undecided)),
    )


@proven
async def change_mode() -> Response:
    """Change what unknown servers may do."""
    form = await posted()
    mode = form.choice("mode", [each.value for each in words.MODES])
    if form.errors:
        return await show(form, status=422)
    await trust.change_mode(Mode(mode), registry=registry(), by_member_id=me().member.id, now=here().now)
    return go(PATH, notice="trust-changed")


def _wanted(host: str, form: Form) -> Change:
    preset = form.choice("preset", words.PRESETS_EXPLAINED)
    wide = preset in (BLOCK, NONE)
    return Change(
        patterns=trust.block_patterns(host) if wide else (host,),
        preset=None if preset == NONE else preset,
        reason_code=form.choice("reason_code", words.REASONS),
        reason=form.text("reason", longest=trust.LONGEST_REASON),
        private_note=form.text("private_note", longest=trust.LONGEST_REASON),
    )


def _line(pattern: str, preset: str, reason_code: str) -> EntryLine:
    host = pattern.removeprefix("*.")
    return EntryLine(
        pattern, host, words.preset_name(preset), words.TONES.get(preset, "info"), words.reason_name(reason_code)
    )


def _canonical(text: str) -> str:
    try:
        return canonical_host(text.strip(), relaxed=here().settings.development)
    except ProtocolError as error:
        raise Invalid({"host": BAD_HOST}) from error


async def _one(name: str, form: Form | None = None, *, status: int = 200) -> Response:
    decision = decision_shown(name)
    return await render(
        "admin/server.html",
        status=status,
        name=host_name(name),
        seen=await hosts.one(name),
        decision=decision,
        form=form or blank(preset=decision.preset if decision.is_entry else "", reason_code="other"),
        people=[f"@{actor.name}@{actor.host}" for actor in await hosts.actors_of(name)],
        preset_options=[(code, gettext(text)) for code, text in words.PRESETS_EXPLAINED.items()],
        reason_options=[(code, gettext(text)) for code, text in words.REASONS.items()],
    )


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.servers", show, methods=["GET"])
    app.add_url_rule(PATH, "admin.find_server", find, methods=["POST"])
    app.add_url_rule(f"{PATH}/undo", "admin.undo", undo, methods=["POST"])
    app.add_url_rule(f"{PATH}/mode/preview", "admin.preview_mode", preview_mode, methods=["POST"])
    app.add_url_rule(f"{PATH}/mode", "admin.change_mode", change_mode, methods=["POST"])
    app.add_url_rule(f"{PATH}/<host>", "admin.server", show_one, methods=["GET"])
    app.add_url_rule(f"{PATH}/<host>/preview", "admin.preview", preview, methods=["POST"])
    app.add_url_rule(f"{PATH}/<host>/change", "admin.change", change, methods=["POST"])
