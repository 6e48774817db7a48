"""Adding an event, changing it, cancelling it, and deleting it."""

from dataclasses import dataclass

from quart import Quart, Response

from node.community import event_times, events
from node.community.event_rules import CATEGORIES, STATUSES, EventDraft
from node.community.event_values import draft_of
from node.community.kinds import EventStatus, Role, Visibility
from node.community.roles import is_at_least
from node.errors import Invalid, NotFound
from node.i18n import gettext
from node.i18n import mark as _
from web import choices, uploads
from web.context import here
from web.forms import Form, blank, posted
from web.forms.event import draft_from, form_from, take_the_rest
from web.rendering import go, render
from web.who import me

NEW = "/events/new"
OWN, NETWORK = "own", "network"


@dataclass(frozen=True, slots=True)
class _Standing:
    """An event of ours that this member may change or delete."""

    uri: str
    public_id: str
    title: str
    draft: EventDraft
    is_cancelled: bool


async def show_new() -> Response:
    """Show the form of an event in the member's own zone and language."""
    member = me().member
    form = blank(
        language=member.actor.language or here().translator.locale,
        time_zone=member.time_zone,
        visibility=Visibility.PUBLIC.value,
        status=EventStatus.CONFIRMED.value,
        category="meeting",
        publisher=OWN,
    )
    return await _page(form, NEW)


async def publish() -> Response:
    """Publish an event as one's own, or as an editor for the network."""
    form = await posted()
    draft = draft_from(form, await uploads.several(form))
    is_networks = form.value("publisher") == NETWORK and here().may("EDITOR")
    if not form.errors:
        verb = events.publish_for_network if is_networks else events.publish
        try:
            event = await verb(draft, by=me().member, now=here().now)
            notice = "draft-saved" if draft.visibility is Visibility.DRAFT else "published"
            return go(f"/events/{event.public_id}", notice=notice)
        except Invalid as invalid:
            form.take(invalid)
    else:
        take_the_rest(form, draft)
    return await _page(form, NEW, status=422)


async def show_edit(public_id: str) -> Response:
    """Show an event for changing.

    Raises:
        NotFound: there is none that this member may change. Spec: security V-M25.
    """
    standing = await _standing(public_id)
    form = form_from(standing.draft)
    await uploads.fill(form, standing.uri)
    return await _page(form, f"/events/{public_id}/edit", uri=standing.uri)


async def change(public_id: str) -> Response:
    """Change an event; those who got it get the change."""
    standing = await _standing(public_id)
    form = await posted()
    draft = draft_from(form, await uploads.several(form))
    if not form.errors:
        try:
            await events.change(standing.uri, draft, by=me().member, now=here().now)
            return go(f"/events/{public_id}", notice="saved")
        except Invalid as invalid:
            form.take(invalid)
    else:
        take_the_rest(form, draft)
    return await _page(form, f"/events/{public_id}/edit", status=422, uri=standing.uri)


async def show_end(public_id: str) -> Response:
    """Ask whether an event is to be cancelled, which everybody is told, or deleted."""
    return await render("end_event.html", event=await _standing(public_id, may_moderate=True))


async def cancel(public_id: str) -> Response:
    """Say that an event doesn't take place; it stays, marked so."""
    standing = await _standing(public_id)
    await events.cancel(standing.uri, by=me().member, now=here().now)
    return go(f"/events/{public_id}", notice="event-cancelled")


async def delete(public_id: str) -> Response:
    """Delete an event."""
    standing = await _standing(public_id, may_moderate=True)
    await events.withdraw(standing.uri, by=me().member, now=here().now)
    return go("/events", notice="withdrawn")


async def _standing(public_id: str, *, may_moderate: bool = False) -> _Standing:
    event = await events.by_public_id(public_id)
    member = me().member
    moderates = may_moderate and is_at_least(member.role, Role.MODERATOR) and event.visibility is not Visibility.DRAFT
    if not events.may_change(event, member) and not moderates:
        raise NotFound(f"event {public_id[:40]} is not this member's")
    return _Standing(
        uri=event.uri,
        public_id=public_id,
        title=event.title,
        draft=draft_of(event),
        is_cancelled=event.status is EventStatus.CANCELLED,
    )


async def _page(form: Form, action: str, *, status: int = 200, uri: str = "") -> Response:
    now_here = here()
    locale = now_here.translator.locale
    return await render(
        "event_form.html",
        status=status,
        form=form,
        action=action,
        is_new=action == NEW,
        may_publish_for_network=now_here.may("EDITOR"),
        publisher_options=[(OWN, gettext(_("Me"))), (NETWORK, gettext(_("The network, to all who follow its events")))],
        twice=[name for name in ("start", "end") if _is_twice(form, name)],
        twice_options=[("first", gettext(_("The first time"))), ("second", gettext(_("The second time")))],
        zone_options=choices.time_zones(),
        country_options=choices.countries(locale),
        category_options=[(code, gettext(text)) for code, text in CATEGORIES.items()],
        status_options=[(each.value, gettext(text)) for each, text in STATUSES.items()],
        language_options=choices.languages(locale, now_here.settings.languages),
        visibility_options=choices.visibilities(Visibility.QUIET),
        places=await uploads.fields_of(form, uri=uri),
    )


def _is_twice(form: Form, name: str) -> bool:
    """Say whether the clocks show this hour twice, so that the form has to ask which is meant."""
    if form.value(f"{name}_choice"):
        return True
    try:
        zone = event_times.checked_zone(form.value("time_zone"))
        wall = event_times.wall_time(name, form.value(f"{name}_local").replace(" ", "T", 1))
        first, second = (event_times.to_utc(name, wall, zone, choice) for choice in ("first", "second"))
    except Invalid:
        return False
    return first != second


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule(NEW, "event_forms.show_new", show_new, methods=["GET"])
    app.add_url_rule(NEW, "event_forms.publish", publish, methods=["POST"])
    app.add_url_rule("/events/<public_id>/edit", "event_forms.show_edit", show_edit, methods=["GET"])
    app.add_url_rule("/events/<public_id>/edit", "event_forms.change", change, methods=["POST"])
    app.add_url_rule("/events/<public_id>/end", "event_forms.show_end", show_end, methods=["GET"])
    app.add_url_rule("/events/<public_id>/cancel", "event_forms.cancel", cancel, methods=["POST"])
    app.add_url_rule("/events/<public_id>/delete", "event_forms.delete", delete, methods=["POST"])
