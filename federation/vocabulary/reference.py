"""A JSON object, and a reference to one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reference:
    """A URI, or an object embedded in its place.

    Args:
        id: canonical URI; None if the embedded object has none.
        type: its type, None for a bare URI.
        document: the embedded object, None for a bare URI.
    """

    id: str | None
    type: str | None = None
    document: Document | None = None
