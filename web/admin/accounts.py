"""Accounts as operators see them: how they stand, reading them anew, purging what they left; hosts: retry, forget."""

from quart import Quart, Response, request

from federation.errors import ProtocolError
from federation.names import canonical_host
from node.community import account_views, errands, hosts, purging
from node.community.errands import Errand
from node.errors import Invalid, NotFound
from outbox import backlog as outgoing
from web import choices
from web.admin.words import state_name
from web.context import here
from web.forms import Form, blank, posted
from web.proof import proven
from web.rendering import go, render
from web.shown.moderation import act_shown
from web.shown.people import person
from web.who import me

PATH = "/admin/actors"
LONGEST_URI = 2048


async def show() -> Response:
    """Find an account, ours or foreign, and show how it stands."""
    return await _page(blank(handle=request.args.get("handle", "")), request.args.get("handle", ""))


async def refresh() -> Response:
    """Let an account be read anew from its server.

    Raises:
        NotFound: we know nobody so called.
    """
    form = await posted()
    handle = form.text("handle", required=True, longest=LONGEST_URI)
    actor = await purging.of_handle(handle)
    if actor.is_local:
        raise NotFound("one of ours")
    await errands.ask(Errand.ACTOR, actor.uri, now=here().now)
    return go(f"{PATH}?handle=@{actor.name}@{actor.host}", notice="refreshing")


@proven
async def purge() -> Response:
    """Let everything that we hold of a suspended account elsewhere be erased; raises like `refresh`."""
    form = await posted()
    handle = form.text("handle", required=True, longest=LONGEST_URI)
    actor = await purging.of_handle(handle)
    try:
        await purging.ask(actor, by=me().member, now=here().now)
        return go(f"{PATH}?handle=@{actor.name}@{actor.host}", notice="purging")
    except Invalid as invalid:
        form.take(invalid)
    return await _page(form, handle, status=422)


async def retry_host(host: str) -> Response:
    """Let everything that waits for a host be tried at once.

    Raises:
        NotFound: not the name of a host.
    """
    known = _host(host)
    await outgoing.retry(known, now=here().now)
    return go(f"/admin/servers/{known}", notice="retried")


async def forget_host(host: str) -> Response:
    """Forget what we noticed of a host; raises like `retry_host`."""
    known = _host(host)
    await hosts.forget(known)
    return go(f"/admin/servers/{known}", notice="forgotten")


async def _page(form: Form, handle: str, *, status: int = 200) -> Response:
    found = None
    if handle.strip():
        try:
            found = await account_views.view(handle[:LONGEST_URI])
        except NotFound:
            status = 404 if status == 200 else status
    standing = found.subject if found else None
    return await render(
        "admin/actors.html",
        status=status,
        form=form,
        asked=bool(handle.strip()),
        account=found,
        standing=standing,
        who=person(standing.actor) if standing else None,
        role=choices.role_name(standing.role) if standing and standing.role else "",
        purge_state=state_name(found.purge.state) if found and found.purge else "",
        acts=[act_shown(each) for each in found.acts] if found else [],
    )


def _host(name: str) -> str:
    try:
        return canonical_host(name, relaxed=here().settings.development)
    except ProtocolError as error:
        raise NotFound("not a host") from error


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(PATH, "admin.actors", show, methods=["GET"])
    app.add_url_rule(f"{PATH}/refresh", "admin.refresh_actor", refresh, methods=["POST"])
    app.add_url_rule(f"{PATH}/purge", "admin.purge_actor", purge, methods=["POST"])
    app.add_url_rule("/admin/servers/<host>/retry", "admin.retry_host", retry_host, methods=["POST"])
    app.add_url_rule("/admin/servers/<host>/forget", "admin.forget_host", forget_host, methods=["POST"])
