"""Between the form of an event and its draft, both ways."""

from dataclasses import replace

from node.community.attachments import Picture
from node.community.event_rules import (
    CATEGORIES,
    LONGEST_TEASER,
    LONGEST_TEXT,
    LONGEST_TITLE,
    SHOWN,
    EventDraft,
    Place,
    checked,
)
from node.community.kinds import EventStatus, Visibility
from node.errors import Invalid
from node.i18n import mark as _
from web.forms.form import Form, blank

CHOICES = ("first", "second")


def draft_from(form: Form, pictures: tuple[Picture, ...]) -> EventDraft:
    """Return what was typed as a draft; what is wrong at this level is kept as errors of the form."""
    return EventDraft(
        title=form.text("title", longest=LONGEST_TITLE * 2),
        start_local=_wall(form, "start_local"),
        end_local=_wall(form, "end_local"),
        start_choice=_choice(form, "start_choice"),
        end_choice=_choice(form, "end_choice"),
        time_zone=form.text("time_zone", longest=64),
        text=form.text("text", longest=LONGEST_TEXT),
        teaser=form.text("teaser", longest=LONGEST_TEASER * 2),
        language=form.text("language", longest=35),
        place=_place(form),
        online_url=form.text("online_url", longest=2000),
        status=EventStatus(form.choice("status", _values(EventStatus), otherwise=EventStatus.CONFIRMED.value)),
        visibility=Visibility(form.choice("visibility", _shown(), otherwise=Visibility.PUBLIC.value)),
        category=form.choice("category", CATEGORIES, otherwise="meeting"),
        pictures=pictures,
    )


def take_the_rest(form: Form, draft: EventDraft) -> None:
    """Say at once, beside the errors that a form has already, what would be said only after the next try."""
    place = draft.place
    if place is not None and form.errors.keys() & {"latitude", "longitude"}:
        place = replace(place, latitude=None, longitude=None)
    try:
        checked(replace(draft, place=place))
    except Invalid as invalid:
        form.take(invalid)


def form_from(draft: EventDraft) -> Form:
    """Return the form that shows an event for changing; pictures are not in it."""
    place = draft.place or Place("")
    single = {
        name: getattr(draft, name)
        for name in ("title", "time_zone", "text", "teaser", "language", "online_url", "category")
    }
    return blank(
        **single,
        start_local=draft.start_local[:16],
        end_local=draft.end_local[:16],
        start_choice=draft.start_choice,
        end_choice=draft.end_choice,
        place=place.name,
        street=place.street,
        postal_code=place.postal_code,
        locality=place.locality,
        region=place.region,
        country=place.country,
        latitude="" if place.latitude is None else str(place.latitude),
        longitude="" if place.longitude is None else str(place.longitude),
        status=draft.status.value,
        visibility=draft.visibility.value,
    )


def _wall(form: Form, name: str) -> str:
    """Return day and time with the T that browsers send and people leave out."""
    typed = form.text(name, longest=30)
    return typed.replace(" ", "T", 1)


def _choice(form: Form, name: str) -> str:
    typed = form.text(name, longest=10)
    return typed if typed in CHOICES else ""


def _place(form: Form) -> Place | None:
    name = form.text("place", longest=200)
    locality = form.text("locality", longest=120)
    latitude, longitude = _degrees(form, "latitude"), _degrees(form, "longitude")
    if not name and not locality:
        return None
    return Place(
        name=name or locality,
        street=form.text("street", longest=200),
        postal_code=form.text("postal_code", longest=20),
        locality=locality,
        region=form.text("region", longest=120),
        country=form.text("country", longest=2),
        latitude=latitude,
        longitude=longitude,
    )


def _degrees(form: Form, name: str) -> float | None:
    typed = form.text(name, longest=30)
    if not typed:
        return None
    try:
        found = float(typed.replace(",", "."))
    except ValueError:
        form.error(name, _("Please enter degrees like %(example)s."), example="-13.83")
        return None
    if found != found or abs(found) > 1000:
        form.error(name, _("Please enter degrees like %(example)s."), example="-13.83")
        return None
    return found


def _values(kind: type[EventStatus]) -> tuple[str, ...]:
    return tuple(each.value for each in kind)


def _shown() -> tuple[str, ...]:
    return tuple(each.value for each in SHOWN)
