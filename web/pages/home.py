"""What is new for a member: their home timeline, their notifications, and who wants to follow them."""

from dataclasses import dataclass
from datetime import datetime

from quart import Quart, Response

from node.community import drafts, first_steps, follows, held, notifications, profiles, timelines
from node.community.kinds import NotificationKind
from node.community.notifications import NotificationView
from node.errors import NotAllowed, NotFound
from node.i18n import mark as _
from web.context import here
from web.pages.welcome import steps_of
from web.reader import before, older_path
from web.rendering import go, render
from web.shown.lists import ItemShown, item_shown, thing_shown
from web.shown.people import PersonShown, person
from web.who import me, wants_password

SENTENCES = {
    NotificationKind.REPLY: _("%(name)s answered you"),
    NotificationKind.MENTION: _("%(name)s mentioned you"),
    NotificationKind.FOLLOW: _("%(name)s follows you"),
    NotificationKind.FOLLOW_REQUEST: _("%(name)s asks to follow you"),
    NotificationKind.FOLLOW_ACCEPTED: _("%(name)s accepted you as a follower"),
    NotificationKind.LIKE: _("%(name)s likes this"),
    NotificationKind.QUOTE: _("%(name)s quoted this"),
    NotificationKind.QUOTE_REQUEST: _("%(name)s asks to quote you"),
    NotificationKind.BOOST: _("%(name)s passed this on"),
    NotificationKind.MODERATION: _("The moderators decided something about you"),
    NotificationKind.REPORT_ANSWERED: _("The moderators answered your report"),
    NotificationKind.MOVE: _("%(name)s is the new account of somebody you follow"),
}
_KINDS = {"post": _("Post"), "practice": _("Practice record"), "event": _("Event")}
ASKS = frozenset({NotificationKind.FOLLOW_REQUEST})


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """One notice.

    Args:
        sentence: English with `%(name)s`, translated where it is drawn.
        item: what it is about, None if nothing can be shown.
        asks: an answer is waited for on the page of requests; `asks_to_quote`: on that of quotes.
        path: of the page that it leads to, empty where the item says it all.
    """

    who: PersonShown
    sentence: str
    item: ItemShown | None
    at: datetime
    is_new: bool
    asks: bool
    asks_to_quote: bool
    path: str


async def home() -> Response:
    """Show what a member and those they follow publish."""
    member = me().member
    found = await timelines.home(member, before=before())
    steps = () if member.welcome_hidden or before() else steps_of(await first_steps.count(), here().need)
    is_settled = all(step.is_done for step in steps)
    return await render(
        "home.html",
        items=[item_shown(item) for item in found.items],
        older=older_path(found.next),
        is_first=before() is None,
        wants_password=wants_password(),
        steps=() if is_settled else steps,
        steps_done=sum(step.is_done for step in steps),
        unseen=await notifications.unseen(member),
        waiting=len(await profiles.requests_for(member)),
        held=(await held.waiting(now=here().now)).total if here().may("EDITOR") else 0,
    )


async def show_drafts() -> Response:
    """Show what this member has begun and not yet published."""
    found = [(_KINDS[draft.kind], draft) for draft in await drafts.of(me().member)]
    return await render("drafts.html", drafts=found)


async def show_notifications() -> Response:
    """Show what a member hears about."""
    found = await notifications.of(me().member, before=before())
    return await render(
        "notifications.html",
        notices=[_shown(notice) for notice in found.items],
        older=older_path(found.next),
        has_new=any(notice.is_new for notice in found.items),
    )


async def mark_seen() -> Response:
    """Remember that the member has seen all notices."""
    await notifications.mark_seen(me().member, now=here().now)
    return go("/notifications")


async def show_requests() -> Response:
    """Show who waits to be let in as a follower."""
    found = await profiles.requests_for(me().member, before=before())
    requests = [(each.follow_id, person(each.actor), each.at) for each in found.items]
    return await render("requests.html", requests=requests, older=older_path(found.next))


async def accept(follow_id: str) -> Response:
    """Let a waiting follower in.

    Raises:
        NotFound: no such request, or somebody else's to answer. Spec: security V-M25.
    """
    try:
        await follows.accept(_number(follow_id), by=me().member, now=here().now)
    except NotAllowed as error:
        raise NotFound(f"no request {follow_id[:20]} of this member") from error
    return go("/requests", notice="follower-accepted")


async def refuse(follow_id: str) -> Response:
    """Say no to a waiting follower.

    Raises:
        NotFound: as `accept`.
    """
    try:
        await follows.refuse(_number(follow_id), by=me().member, now=here().now)
    except NotAllowed as error:
        raise NotFound(f"no request {follow_id[:20]} of this member") from error
    return go("/requests", notice="follower-refused")


def _shown(notice: NotificationView) -> NoticeShown:
    return NoticeShown(
        who=person(notice.actor),
        sentence=SENTENCES[notice.kind],
        item=thing_shown(notice.thing) if notice.thing else None,
        at=notice.at,
        is_new=notice.is_new,
        asks=notice.kind in ASKS,
        asks_to_quote=notice.kind is NotificationKind.QUOTE_REQUEST,
        path=notice.path,
    )


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise NotFound("not a number of ours")
    return int(text)


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/home", "home.home", home, methods=["GET"])
    app.add_url_rule("/drafts", "home.drafts", show_drafts, methods=["GET"])
    app.add_url_rule("/notifications", "home.notifications", show_notifications, methods=["GET"])
    app.add_url_rule("/notifications/seen", "home.mark_seen", mark_seen, methods=["POST"])
    app.add_url_rule("/requests", "home.requests", show_requests, methods=["GET"])
    app.add_url_rule("/requests/<follow_id>/accept", "home.accept", accept, methods=["POST"])
    app.add_url_rule("/requests/<follow_id>/refuse", "home.refuse", refuse, methods=["POST"])
