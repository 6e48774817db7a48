"""Read single members of a foreign document: tolerant of form, strict in what comes out. Pure."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from typing import TypeGuard
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from federation.addressing import PUBLIC, is_public
from federation.errors import Malformed
from federation.names import Uri, canonical_uri
from federation.vocabulary import limits
from federation.vocabulary.types import Document, Reference

_AS = "https://www.w3.org/ns/activitystreams#"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
_ZONE = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,2}")
_PLAIN_MEMBERS = frozenset(
    {"@context", "id", "type", "actor", "object", "published", "to", "cc", "signature", "proof", "target", "content"}
)
_LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1"})
_HTML_TYPES = frozenset({None, "text/html", "application/xhtml+xml"})
_MOMENT_CHARACTERS = 64


def is_object(value: object) -> TypeGuard[Document]:
    """Tell whether `value` is a JSON object."""
    return isinstance(value, dict)


def as_list(value: object, limit: int = limits.ITEMS) -> list[object]:
    """Return `value` as a list of at most `limit`: absent is empty, a single one stands alone."""
    if value is None:
        return []
    return value[:limit] if isinstance(value, list) else [value]


def clean(value: object, limit: int) -> str:
    """Return the string `value` cut to `limit` characters without NUL and lone surrogates; "" for the rest."""
    if is_object(value):
        value = value.get("@value")
    if not isinstance(value, str):
        return ""
    text = value[: limit + 1].replace("\x00", "")[:limit]
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")


def type_of(value: object, known: frozenset[str] = frozenset()) -> str:
    """Return one type name: of several the first that is `known`, else the first; "" if there is none."""
    if isinstance(value, str):
        return _short(clean(value, limits.TYPE_CHARACTERS))
    names = [_short(clean(each, limits.TYPE_CHARACTERS)) for each in as_list(value, limits.ITEMS)]
    for name in names:
        if name in known:
            return name
    return next((name for name in names if name), "")


def _short(name: str) -> str:
    return name.removeprefix(_AS).removeprefix("as:")


def language_tag(value: object) -> str | None:
    """Return `value` if it looks like a BCP 47 tag that says something."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value) or value.lower() == "und":
        return None
    return value


def zone_named(value: object) -> ZoneInfo | None:
    """Return the IANA zone called `value`, None if there is no such zone."""
    if not isinstance(value, str) or not _ZONE.fullmatch(value):
        return None
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def moment_of(value: object, zone: tzinfo = UTC) -> datetime | None:
    """Return `value` as an aware time in UTC; one without zone is read in `zone`; None if unreadable."""
    if not isinstance(value, str) or not 10 <= len(value) <= _MOMENT_CHARACTERS:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def uri_of(value: object, *, relaxed: bool) -> Uri | None:
    """Return the URI that `value` is or, for an object, has as `id` or `href`; None if it is not one."""
    if is_object(value):
        value = value.get("id", value.get("@id", value.get("href")))
    try:
        return canonical_uri(value, relaxed=relaxed)
    except Malformed:
        return None


def web_link(value: object, *, relaxed: bool) -> str | None:
    """Return `value` if a page may link to it: absolute, http or https, a public host. V-M21."""
    try:
        uri = canonical_uri(value, relaxed=True)
    except Malformed:
        return None
    return uri.text if relaxed or uri.host not in _LOCAL_HOSTS else None


def reference_of(value: object, *, relaxed: bool) -> Reference | None:
    """Return what `value` refers to; None if it is neither URI nor object."""
    uri = uri_of(value, relaxed=relaxed)
    if is_object(value):
        kind = type_of(value.get("type", value.get("@type"))) or None
        return Reference(uri.text if uri else None, kind, value) if value else None
    return Reference(uri.text) if uri else None


def require_one_meaning(document: Document) -> None:
    """Raise Malformed if a member stands there in a short and a long spelling that differ. V-S05."""
    for key in document:
        if key in _PLAIN_MEMBERS:
            continue
        if key.startswith(("as:", _AS)):
            short = _short(key)
        elif key in {"@id", "@type"}:
            short = key[1:]
        else:
            continue
        if short in document and document[short] != document[key]:
            raise Malformed(f"{short[:80]} is given twice with different values")


@dataclass(frozen=True, slots=True)
class Fields:
    """One foreign object and how strictly its URIs are read (`relaxed` = development)."""

    document: Document
    relaxed: bool

    def get(self, name: str) -> object:
        """Return the raw member, None if absent."""
        return self.document.get(name)

    def inner(self, name: str) -> "Fields":
        """Return the object in member `name`, an empty one if it is something else."""
        value = self.document.get(name)
        return Fields(value if is_object(value) else {}, self.relaxed)

    def text(self, name: str, limit: int) -> str:
        """Return a text, of `nameMap` the first, if `name` has none; "" if there is none."""
        for value in as_list(self.document.get(name), 1):
            text = clean(value, limit)
            if text:
                return text
        variants = self.document.get(f"{name}Map")
        if not is_object(variants):
            return ""
        return next((text for each in _few(variants) if (text := clean(variants[each], limit))), "")

    def code(self, name: str) -> str:
        """Return a short text without markup, such as one word of a closed list."""
        return self.text(name, limits.CODE_CHARACTERS).strip()

    def language(self) -> str | None:
        """Return the language of the text as its maps tell, else as the object says of itself."""
        for name in ("contentMap", "nameMap", "summaryMap"):
            variants = self.document.get(name)
            tag = language_tag(next(iter(variants), None)) if is_object(variants) else None
            if tag:
                return tag
        given = self.document.get("language")
        named = given.get("identifier") if is_object(given) else given
        return language_tag(self.document.get("inLanguage")) or language_tag(named)

    def id(self) -> Uri:
        """Return the canonical `id`.

        Raises:
            Malformed: missing, relative, overlong or not https.
        """
        return canonical_uri(self.document.get("id", self.document.get("@id")), relaxed=self.relaxed)

    def optional_id(self) -> str | None:
        """Return the canonical `id`, None if there is none to use."""
        return self.uri("id") or self.uri("@id")

    def uri(self, name: str) -> str | None:
        """Return the first URI of a member that may be a string, an object or a list of them."""
        for value in as_list(self.document.get(name), limits.ITEMS):
            uri = uri_of(value, relaxed=self.relaxed)
            if uri:
                return uri.text
        return None

    def uris(self, name: str, limit: int) -> tuple[str, ...]:
        """Return all URIs of a member, at most `limit`, each once."""
        found = (uri_of(value, relaxed=self.relaxed) for value in as_list(self.document.get(name), limit))
        return tuple(dict.fromkeys(uri.text for uri in found if uri))

    def sibling(self, name: str, owner: Uri) -> str | None:
        """Return the URI in `name` if it lives on the owner's origin. V-M19, T-100."""
        uri = uri_of(self.document.get(name), relaxed=self.relaxed)
        return uri.text if uri and uri.origin == owner.origin else None

    def recipients(self, name: str, limit: int = limits.RECIPIENTS) -> tuple[str, ...]:
        """Return the addressees in `name`, at most `limit`, each once, Public in its long form."""
        found = (self._recipient(value) for value in as_list(self.document.get(name), limit))
        return tuple(dict.fromkeys(each for each in found if each))

    def _recipient(self, value: object) -> str | None:
        if isinstance(value, str) and is_public(value):
            return PUBLIC
        uri = uri_of(value, relaxed=self.relaxed)
        return uri.text if uri else None

    def addressing(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return `to` and `cc`, together within the cap. T-25."""
        to = self.recipients("to")
        return to, self.recipients("cc", limits.RECIPIENTS - len(to))

    def reference(self, name: str) -> Reference | None:
        """Return the first thing that member `name` refers to."""
        return next(iter(self.references(name, limits.ITEMS)), None)

    def references(self, name: str, limit: int = limits.ITEMS) -> tuple[Reference, ...]:
        """Return everything that member `name` refers to, at most `limit`."""
        found = (reference_of(each, relaxed=self.relaxed) for each in as_list(self.document.get(name), limit))
        return tuple(each for each in found if each)

    def moment(self, name: str, zone: tzinfo = UTC) -> datetime | None:
        """Return a time in UTC; one without zone is read in `zone`."""
        return moment_of(self.document.get(name), zone)

    def flag(self, name: str, *, absent: bool = False) -> bool:
        """Return a true or false; anything else counts as absent."""
        value = self.document.get(name)
        return value if isinstance(value, bool) else absent

    def number(self, name: str) -> int | None:
        """Return a count of zero or more that a database can hold."""
        value = self.document.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return value if 0 <= value <= limits.INTEGER_MAXIMUM else None

    def decimal(self, name: str) -> float | None:
        """Return a finite number."""
        return decimal_of(self.document.get(name))

    def link(self, name: str) -> str | None:
        """Return the link for people in `name`: a string, a Link or a list, HTML preferred."""
        for value in as_list(self.document.get(name), limits.ITEMS):
            if is_object(value):
                kind = value.get("mediaType", value.get("mimeType"))
                if isinstance(kind, str) and kind.partition(";")[0] not in _HTML_TYPES:
                    continue
                value = value.get("href", value.get("url"))
            link = web_link(value, relaxed=self.relaxed)
            if link:
                return link
        return None


def decimal_of(value: object) -> float | None:
    """Return `value` as a finite float, None if it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= limits.INTEGER_MAXIMUM and math.isfinite(value) else None


def _few(variants: Document) -> Iterator[str]:
    return islice(iter(variants), limits.ITEMS)
