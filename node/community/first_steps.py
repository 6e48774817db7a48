"""The five first steps of a new node, each with how far it got."""

from dataclasses import dataclass

from node.community import node_profile
from node.models import Event, LinkPurpose, Member, MemberState, OneTimeLink, PolicyEntry, Practice

WANTED_INVITATIONS = 3
PARTNER_PRESETS = ("T3", "T4", "T5")


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """How many there are of each.

    Args:
        described: whether the network says what it is.
        practices, events: of our own, drafts included.
        invited: members beside the first, and invitations that were made.
        partners: hosts that somebody here admitted.
    """

    described: bool
    practices: int
    events: int
    invited: int
    partners: int


async def count() -> FirstSteps:
    """Count what the node has of each step."""
    profile = await node_profile.read()
    ours = {"is_local": True, "withdrawn_at__isnull": True}
    members = await Member.filter(state=MemberState.ACTIVE).count()
    waiting = await OneTimeLink.filter(purpose=LinkPurpose.INVITATION, used_at__isnull=True).count()
    partners = PolicyEntry.filter(ended_at__isnull=True, preset__in=PARTNER_PRESETS)
    return FirstSteps(
        described=profile is not None and bool(profile.description.strip()),
        practices=await Practice.filter(**ours).count(),
        events=await Event.filter(**ours).count(),
        invited=max(members - 1, 0) + waiting,
        partners=await partners.count(),
    )
