"""The five grants a domain can have, and the presets that combine them. Pure.

Spec: the presets T0 to T5 are named in FEDERATION.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Read(StrEnum):
    """What they may fetch from us."""

    NONE = "none"
    PUBLIC = "public"
    NETWORK = "network"


class FollowGrant(StrEnum):
    """Whether their accounts may follow ours and get deliveries."""

    NONE = "none"
    ASK = "ask"
    YES = "yes"


class Interact(StrEnum):
    """Replies, mentions, reactions, answers to events."""

    NONE = "none"
    FOLLOWED_ONLY = "followed-only"
    HOLD = "hold"
    YES = "yes"


class Records(StrEnum):
    """Whether their practices and events enter our library and search."""

    NONE = "none"
    LINK_ONLY = "link-only"
    HOLD = "hold"
    ADMIT = "admit"


class Authority(StrEnum):
    """Whether their endorsements and lists count here."""

    NONE = "none"
    ENDORSE = "endorse"
    ENDORSE_LISTS = "endorse+lists"


@dataclass(frozen=True, slots=True)
class Grants:
    """What one domain may do, each direction on its own."""

    read: Read
    follow: FollowGrant
    interact: Interact
    records: Records
    authority: Authority

    @property
    def is_nothing(self) -> bool:
        """Tell whether no request of this domain can have any effect."""
        return (self.read, self.follow, self.interact) == (Read.NONE, FollowGrant.NONE, Interact.NONE)

    @property
    def weight(self) -> int:
        """Return how much is granted in all: a number to compare by, 0 for nothing."""
        return sum(_weight(each) for each in (self.read, self.follow, self.interact, self.records, self.authority))


PRESETS: Mapping[str, Grants] = {
    "T0": Grants(Read.NONE, FollowGrant.NONE, Interact.NONE, Records.NONE, Authority.NONE),
    "T1": Grants(Read.PUBLIC, FollowGrant.ASK, Interact.FOLLOWED_ONLY, Records.NONE, Authority.NONE),
    "T2": Grants(Read.PUBLIC, FollowGrant.YES, Interact.HOLD, Records.NONE, Authority.NONE),
    "T3": Grants(Read.PUBLIC, FollowGrant.YES, Interact.YES, Records.HOLD, Authority.NONE),
    "T4": Grants(Read.NETWORK, FollowGrant.YES, Interact.YES, Records.ADMIT, Authority.ENDORSE),
    "T5": Grants(Read.NETWORK, FollowGrant.YES, Interact.YES, Records.ADMIT, Authority.ENDORSE_LISTS),
}

REASON_CODES = (
    "partner-agreement",
    "requested",
    "same-network",
    "trial",
    "spam",
    "harassment",
    "illegal-content",
    "unmoderated",
    "impersonation",
    "data-protection",
    "technical-fault",
    "dormant",
    "other",
)


def _weight(grant: Read | FollowGrant | Interact | Records | Authority) -> int:
    return list(type(grant)).index(grant)


def preset_of(grants: Grants) -> str:
    """Return the name of the preset that equals `grants`, or `custom`."""
    return next((name for name, preset in PRESETS.items() if preset == grants), "custom")
