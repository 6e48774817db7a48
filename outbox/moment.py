"""When a telling happens, and under which address."""

from dataclasses import dataclass
from datetime import datetime

from federation.vocabulary.pieces import Envelope
from node.chance import public_id
from node.community import addresses
from node.models import Actor


@dataclass(frozen=True, slots=True)
class Moment:
    """When the telling happens, and under which address."""

    base: str
    now: datetime

    def activity_id(self) -> str:
        """Return a fresh id for an activity."""
        return addresses.activity_uri(self.base, public_id(self.now))

    def envelope(self, sender: Actor, to: tuple[str, ...], cc: tuple[str, ...] = (), *, uri: str = "") -> Envelope:
        """Return the outside of an activity of `sender`, under a fresh id unless `uri` is given."""
        return Envelope(uri or self.activity_id(), sender.uri, to, cc, self.now)
