"""What a form held when it could not be taken, so that nobody types twice (W6). Pure."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import orjson
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from web.forms.posted import OWN_FIELDS

MOST_BYTES = 200_000
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """One field of the form that could not be taken."""

    name: str
    value: str

    @property
    def is_long(self) -> bool:
        """Say whether it is shown in a box of several lines."""
        return len(self.value) > 80 or "\n" in self.value


def keep(pairs: Iterable[tuple[str, str]]) -> tuple[Kept, ...]:
    """Return the fields worth keeping: no passwords, none of our own, within bounds."""
    kept: list[Kept] = []
    size = 0
    for name, value in pairs:
        size += len(name) + len(value)
        if size > MOST_BYTES or len(kept) >= MOST_FIELDS:
            break
        if name not in OWN_FIELDS and "password" not in name and value:
            kept.append(Kept(name, value))
    return tuple(kept)


def packed(kept: tuple[Kept, ...]) -> str:
    """Return kept fields as one hidden value."""
    if not kept:
        return ""
    return base64.urlsafe_b64encode(orjson.dumps([[field.name, field.value] for field in kept])).decode()


def unpacked(text: str) -> tuple[Kept, ...]:
    """Return what `packed` was given; nothing for anything else."""
    try:
        pairs = orjson.loads(base64.urlsafe_b64decode(text)) if text else []
        return keep((str(name), str(value)) for name, value in pairs)
    except (ValueError, TypeError):
        return ()


def fields_in(start: bytes, kind: str, boundary: str) -> list[tuple[str, str]]:
    """Return the fields that came whole in the start of a form whose end is missing.

    Args:
        kind: the media type of the form.
        boundary: what stands between the parts, for multipart.
    """
    if kind == "application/x-www-form-urlencoded":
        whole = start.rpartition(b"&")[0].decode("utf-8", "replace")
        return parse_qsl(whole, keep_blank_values=True)
    if kind != "multipart/form-data" or not boundary or not boundary.isascii():
        return []
    found: list[tuple[str, str]] = []
    try:
        _take_parts(MultipartDecoder(boundary.encode(), max_parts=MOST_FIELDS), start, found)
    except (ValueError, HTTPException):
        return found
    return found


def _take_parts(decoder: MultipartDecoder, start: bytes, found: list[tuple[str, str]]) -> None:
    decoder.receive_data(start)
    part: Field | File | None = None
    value = bytearray()
    while not isinstance(event := decoder.next_event(), NeedData | Epilogue):
        if isinstance(event, Field | File):
            part, value = event, bytearray()
        elif isinstance(event, Data) and isinstance(part, Field):
            value += event.data
            if not event.more_data:
                found.append((part.name, value.decode("utf-8", "replace")))
