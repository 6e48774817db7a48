"""Wall time and zone to UTC, honest about the hours that a clock skips or repeats. Pure."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from node.errors import Invalid
from node.i18n import gettext as _

FIRST, SECOND = "first", "second"
LOCAL_FORMAT = "%Y-%m-%dT%H:%M:%S"
_EXAMPLE = "2026-11-18T14:00"
_YEARS = range(1970, 2200)


def checked_zone(name: str) -> str:
    """Return the name of an IANA zone.

    Raises:
        Invalid: there is none.
    """
    if name not in _zones():
        raise Invalid({"time_zone": _("Choose a time zone by place. Example: Africa/Nairobi.")})
    return name


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def wall_time(field: str, text: str) -> datetime:
    """Return what a form sends for day and time, without a zone.

    Args:
        text: `2026-11-18T14:00`, with or without seconds.

    Raises:
        Invalid: not a day and a time.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None or "T" not in text or found.year not in _YEARS:
        raise Invalid({field: _("Write day and time like this: %(example)s.", example=_EXAMPLE)})
    return found.replace(microsecond=0)


def to_utc(field: str, wall: datetime, zone: str, choice: str = "") -> datetime:
    """Return the moment that a wall time means in a zone.

    Args:
        field: the form's field, for the message.
        choice: `first` or `second` for an hour that the clocks show twice; else without effect.

    Raises:
        Invalid: the clocks skip this hour, or show it twice and nobody said which one is meant.
    """
    moments = [wall.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    real = [moment for moment in moments if _comes_back(moment, wall)]
    if not real:
        later = moments[0].astimezone(UTC).astimezone(ZoneInfo(zone))
        raise Invalid(
            {
                field: _(
                    "The clocks go forward then, so %(time)s does not exist on that day. Write %(later)s instead.",
                    time=f"{wall:%H:%M}",
                    later=f"{later:%H:%M}",
                )
            }
        )
    first, second = real[0].astimezone(UTC), real[-1].astimezone(UTC)
    if first == second or choice == FIRST:
        return first
    if choice == SECOND:
        return second
    raise Invalid(
        {
            field: _(
                "The clocks go back then and show %(time)s twice. Choose the first or the second.", time=f"{wall:%H:%M}"
            )
        }
    )


def _comes_back(moment: datetime, wall: datetime) -> bool:
    return moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None, fold=0) == wall


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return a moment as the clocks of `zone` show it; UTC if the zone is unknown here."""
    return moment.astimezone(ZoneInfo(zone) if zone in _zones() else UTC)


def wall_text(moment: datetime) -> str:
    """Return an aware moment as wall time, as rows keep it."""
    return moment.strftime(LOCAL_FORMAT)


def end_for(start: datetime, end: datetime | None) -> datetime:
    """Return the end of a foreign event: an hour after the start if none, or none that makes sense, was given."""
    return end if end is not None and end > start else start + timedelta(hours=1)
