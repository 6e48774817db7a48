"""Dates, times, numbers and names of countries and languages as a language writes them. Pure.

A date always names its month in letters, a time always its zone.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_timedelta, get_timezone_location
from babel.numbers import format_decimal

from node.i18n.choice import PSEUDO, PSEUDO_RTL
from node.i18n.pseudo import pseudo

DAYS_KEPT = 2_000
NOON = time(12)
_SPOKEN = {"en": "en_GB", "en-XA": "en_GB", "ar-XB": "ar", "zh": "zh_Hans", "zh-Hans": "zh_Hans"}
_MENDED = {("gil", "ar"): "الكيريباتية"}
"""Names of languages that Babel gets wrong."""


def format_day(moment: date | datetime, locale: str) -> str:
    """Return `18 Nov 2026`."""
    return _shown(_skeleton("yMMMd", moment, locale), locale)


def format_weekday(moment: date | datetime, locale: str) -> str:
    """Return `Wed 18 Nov 2026`."""
    return _shown(_weekday(moment, locale), locale)


def format_stated(text: str, locale: str) -> str:
    """Return `May 2023` for `2023-05`; the text itself if it is a year or no date.

    Args:
        text: a year, a month or a day as ISO 8601 writes them.
    """
    is_month = text.count("-") == 1
    try:
        day = date.fromisoformat(f"{text}-01" if is_month else text)
    except ValueError:
        return text
    return _shown(_skeleton("yMMM" if is_month else "yMMMd", day, locale), locale)


def format_clock(moment: datetime) -> str:
    """Return `14:00`, the same in every language."""
    return f"{moment:%H:%M}"


def format_moment(moment: datetime, locale: str) -> str:
    """Return `18 Nov 2026, 11:00 UTC`: day, time and the name of the zone.

    Args:
        moment: aware; shown in its own zone.
    """
    day = _skeleton("yMMMd", moment, locale)
    return _shown(f"{day}{_comma(locale)} {format_clock(moment)} {zone_name(moment, locale)}", locale)


def format_span(start: datetime, end: datetime, locale: str) -> str:
    """Return `Wed 18 Nov 2026, 14:00–16:00 Nairobi (11:00 UTC)`.

    Args:
        start: aware, in the zone of the meeting.
        end: aware, not before ``start``; the same moment if there is no end.
    """
    comma = _comma(locale)
    end = end.astimezone(start.tzinfo)
    text = f"{_weekday(start, locale)}{comma} {format_clock(start)}"
    if end.date() != start.date():
        text += f" – {_weekday(end, locale)}{comma} {format_clock(end)}"
    elif end != start:
        text += f"–{format_clock(end)}"
    zone = zone_name(start, locale)
    if zone == "UTC":
        return _shown(f"{text} UTC", locale)
    return _shown(f"{text} {zone} ({_in_utc(start, locale)} UTC)", locale)


def format_ago(moment: datetime, now: datetime, locale: str) -> str:
    """Return `3 hours ago`, or the day if it is over a week away."""
    passed = now - moment
    if not passed:
        passed = timedelta(seconds=1)
    if abs(passed) > timedelta(days=7):
        return format_day(moment, locale)
    return _shown(format_timedelta(-passed, add_direction=True, locale=_spoken(locale)), locale)


def format_number(number: float, locale: str) -> str:
    """Return `4,120` with the separators of the language."""
    return format_decimal(number, locale=_spoken(locale))


def listed(names: Iterable[str], locale: str) -> str:
    """Return names one after another, with the comma of the language between them."""
    return f"{_comma(locale)} ".join(names)


def zone_name(moment: datetime, locale: str) -> str:
    """Return the city that stands for the zone of an aware ``moment``, or `UTC`, or `UTC+03:00`."""
    zone = moment.tzinfo
    if isinstance(zone, ZoneInfo) and moment.utcoffset() is not None and "/" in (zone.key or ""):
        if zone.key.startswith("Etc/"):
            return "UTC" if not moment.utcoffset() else f"UTC{moment:%z}"
        name = get_timezone_location(zone, locale=_spoken(locale), return_city=True)
        return name.rpartition("/")[2]
    return "UTC" if not moment.utcoffset() else f"UTC{moment:%z}"


def country_name(code: str, locale: str) -> str:
    """Return the name of an ISO 3166-1 alpha-2 country; the code itself if it has none."""
    return _shown(_locale(locale).territories.get(code.upper(), code), locale)


def language_name(tag: str, locale: str) -> str:
    """Return the name of a language in ``locale``; the tag itself if it has none."""
    names = _locale(locale).languages
    name = _MENDED.get((tag, locale)) or names.get(tag.replace("-", "_")) or names.get(tag.split("-")[0]) or tag
    return _shown(name, locale)


def own_name(tag: str) -> str:
    """Return what a language calls itself: `français`, `العربية`."""
    return language_name(tag, tag)


def countries(locale: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every country, in the order of the names."""
    known = _locale(locale).territories
    codes = (str(code) for code in known)
    pairs = (
        (code, country_name(code, locale))
        for code in codes
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    )
    return tuple(sorted(pairs, key=lambda pair: pair[1]))


_NO_COUNTRY = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"})


def _shown(text: str, locale: str) -> str:
    """In the pseudo-locales these words count as translated too."""
    return pseudo(text) if locale in (PSEUDO, PSEUDO_RTL) else text


def _weekday(moment: date | datetime, locale: str) -> str:
    return _skeleton("yMMMEd", moment, locale)


def _skeleton(skeleton: str, moment: date | datetime, locale: str) -> str:
    return _day_in(skeleton, moment.date() if isinstance(moment, datetime) else moment, locale)


@lru_cache(maxsize=DAYS_KEPT)
def _day_in(skeleton: str, day: date, locale: str) -> str:
    """Write a day; lists show the same few days again and again."""
    return format_skeleton(skeleton, datetime.combine(day, NOON), locale=_spoken(locale)).replace(",", "")


def _comma(locale: str) -> str:
    return "،" if locale.split("-")[0] in {"ar", "fa", "ur"} else ","


def _in_utc(start: datetime, locale: str) -> str:
    there = start.astimezone(ZoneInfo("UTC"))
    if there.date() == start.date():
        return format_clock(there)
    return f"{_weekday(there, locale)}{_comma(locale)} {format_clock(there)}"


def _spoken(locale: str) -> str:
    return str(_locale(locale))


@lru_cache(maxsize=64)
def _locale(tag: str) -> Locale:
    for name in (_SPOKEN.get(tag, tag.replace("-", "_")), tag.split("-")[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en_GB")
