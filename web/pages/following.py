"""Whom a member follows and who follows them; following somebody here or on any other server."""

from quart import Quart, Response, request

from federation.errors import ProtocolError
from federation.names import canonical_uri, host_of, parse_handle
from node.community import actors, follows, profiles
from node.community import followers as community_followers
from node.community.errands import Errand
from node.errors import Invalid, NotFound, Withdrawn
from node.i18n import mark as _
from node.policy.grants import FollowGrant
from web.context import here
from web.forms import Form, blank, posted
from web.pages.looking_up import look_up
from web.reader import before, older_path
from web.rendering import go, render
from web.security import safe_path
from web.shown.people import person
from web.who import me, registry

LONGEST = 2048
HERE = "/following"
SPELLING = _("Write a name, an @ and a server. Example: @lani@islands.example.")
CLOSED = _("This node exchanges nothing with that server. A federation admin can change that.")
NOBODY = _("Nobody here has this name.")


async def following(form: Form | None = None, *, status: int = 200) -> Response:
    """Show whom the member follows, and the field to follow somebody."""
    found = await profiles.following(me().member.actor, before=before())
    return await render(
        "following.html",
        status=status,
        form=form or blank(who=request.args.get("who", "")[:LONGEST]),
        people_shown=[person(actor) for actor in found.items],
        older=older_path(found.next),
    )


async def followers() -> Response:
    """Show who follows the member."""
    found = await profiles.followers(me().member.actor, before=before())
    shown = [person(actor) for actor in found.items]
    return await render("followers.html", people_shown=shown, older=older_path(found.next))


async def follow() -> Response:
    """Follow by handle or address: at once if we know them, else after looking them up."""
    form = await posted()
    typed = form.text("who", required=True, longest=LONGEST)
    if not form.errors:
        try:
            return await _follow(form, typed)
        except Invalid as invalid:
            form.error("who", next(iter(invalid.fields.values())))
    return await following(form, status=422)


async def _follow(form: Form, typed: str) -> Response:
    member, now = me().member, here().now
    known = await actors.by_uri(await _known_uri(typed))
    if known is None or not known.is_local:
        _require_open(known.host if known else _host(typed))
    if known is None:
        return await look_up(Errand.FOLLOW, typed, then=HERE, payload={"member_id": member.id})
    await follows.ask(member.actor, known, now=now, by_member_id=member.id)
    return go(_next(form), notice="follow-asked")


async def unfollow() -> Response:
    """Follow somebody no longer; without a follow nothing changes.

    Raises:
        NotFound: nobody we know has this address.
    """
    form = await posted()
    member = me().member
    target = await actors.by_uri(form.text("uri", longest=LONGEST))
    if target is None:
        raise NotFound("nobody known by this address")
    await follows.undo(member.actor, target, now=here().now, by_member_id=member.id)
    return go(_next(form), notice="unfollowed")


async def dismiss() -> Response:
    """Send a follower away.

    Raises:
        NotFound: they do not follow this member.
    """
    form = await posted()
    await community_followers.dismiss(form.text("uri", longest=LONGEST), by=me().member, now=here().now)
    return go("/followers", notice="follower-dismissed")


async def _known_uri(typed: str) -> str:
    """Return the id of somebody whom this node knows by handle, name or address; empty for nobody."""
    if typed.startswith(("https://", "http://")):
        return typed if await actors.by_uri(typed) else ""
    own = registry().book.own_host
    if "@" not in typed.removeprefix("@"):
        return await _local_uri(typed.removeprefix("@"))
    try:
        handle = parse_handle(typed, relaxed=here().settings.development)
    except ProtocolError as error:
        raise Invalid({"who": SPELLING}) from error
    if handle.host in (own, here().settings.account_domain):
        return await _local_uri(handle.name)
    found = await actors.by_handle(handle.name, handle.host)
    return found.uri if found else ""


async def _local_uri(name: str) -> str:
    try:
        return (await actors.local(name)).uri
    except (NotFound, Withdrawn) as error:
        raise Invalid({"who": NOBODY}) from error


def _host(typed: str) -> str:
    relaxed = here().settings.development
    try:
        if typed.startswith(("https://", "http://")):
            return host_of(canonical_uri(typed, relaxed=relaxed))
        return parse_handle(typed, relaxed=relaxed).host
    except ProtocolError as error:
        raise Invalid({"who": SPELLING}) from error


def _require_open(host: str) -> None:
    if registry().decide(host, now=here().now).grants.follow is FollowGrant.NONE:
        raise Invalid({"who": CLOSED})


def _next(form: Form) -> str:
    settings = here().settings
    return safe_path(form.value("next"), public_url=settings.public_url, relaxed=settings.development, otherwise=HERE)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/following", "following.following", following, methods=["GET"])
    app.add_url_rule("/followers", "following.followers", followers, methods=["GET"])
    app.add_url_rule("/followers/dismiss", "following.dismiss", dismiss, methods=["POST"])
    app.add_url_rule("/follow", "following.follow", follow, methods=["POST"])
    app.add_url_rule("/unfollow", "following.unfollow", unfollow, methods=["POST"])
