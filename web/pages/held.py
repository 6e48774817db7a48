"""The editors' desk: what other nodes sent and an editor has to let in, as a whole or as a link, or to keep out."""

from collections.abc import Mapping
from urllib.parse import urlencode

from quart import Quart, Response, request

from node.community import held
from node.community.kinds import Admission
from node.errors import Conflict
from node.i18n import mark as _
from web.context import here
from web.forms import Form, blank, posted
from web.reader import before, older_path, reader
from web.rendering import go, render
from web.shown.desk import HeldShown, held_event, held_record
from web.who import me

PATH = "/library/held"
LONGEST_URI = 2048
EVENTS = "events"
DECISIONS: Mapping[str, Admission] = {
    "admit": Admission.ADMITTED,
    "link": Admission.LINK_ONLY,
    "refuse": Admission.REFUSED,
}
NOTICES: Mapping[Admission, str] = {
    Admission.ADMITTED: "let-in",
    Admission.LINK_ONLY: "let-in-as-link",
    Admission.REFUSED: "kept-out",
}
CHANGED = _("It was changed, or somebody decided about it, while you looked. Here is how it stands now.")


async def desk() -> Response:
    """Show what waits."""
    return await _page(blank(), request.args.get("kind", ""), is_refused="refused" in request.args)


async def decide() -> Response:
    """Do what the editor decided.

    Raises:
        NotFound: nothing of another node is known by this address.
    """
    form = await posted()
    kind, is_refused = form.value("kind"), form.ticked("refused")
    uri, seen = form.text("uri", required=True, longest=LONGEST_URI), form.value("seen")
    decision = form.choice("decision", DECISIONS)
    if form.errors:
        return await _page(form, kind, is_refused=is_refused, status=422)
    admission = DECISIONS[decision]
    try:
        await held.decide(uri, admission, seen=seen, by=me().member, now=here().now)
    except Conflict:
        form.error("", CHANGED)
        return await _page(form, kind, is_refused=is_refused, status=409)
    return go(_path(kind, is_refused=is_refused), notice=NOTICES[admission])


async def _page(form: Form, kind: str, *, is_refused: bool, status: int = 200) -> Response:
    found, following = await _found(kind, is_refused=is_refused)
    return await render(
        "held.html",
        status=status,
        form=form,
        kind=EVENTS if kind == EVENTS else "",
        is_refused=is_refused,
        items=found,
        older=older_path(following, **_kept(kind, is_refused=is_refused)) if status == 200 else "",
        waiting=await held.waiting(now=here().now),
        waiting_path=_path(kind, is_refused=False),
        refused_path=_path(kind, is_refused=True),
    )


async def _found(kind: str, *, is_refused: bool) -> tuple[list[HeldShown], str | None]:
    of = Admission.REFUSED if is_refused else Admission.HELD
    viewer = await reader()
    if kind == EVENTS:
        events = await held.events(viewer, now=here().now, of=of, before=before())
        return [held_event(event) for event in events.items], events.next
    records = await held.practices(viewer, of=of, before=before())
    return [held_record(record) for record in records.items], records.next


def _kept(kind: str, *, is_refused: bool) -> dict[str, str]:
    return {"kind": EVENTS if kind == EVENTS else "", "refused": "1" if is_refused else ""}


def _path(kind: str, *, is_refused: bool) -> str:
    query = urlencode({name: value for name, value in _kept(kind, is_refused=is_refused).items() if value})
    return f"{PATH}?{query}" if query else PATH


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "held.desk", desk, methods=["GET"])
    app.add_url_rule(f"{PATH}/decide", "held.decide", decide, methods=["POST"])
