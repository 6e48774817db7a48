"""The node itself: founded once with the host that all ids carry, described by its stewards."""

from dataclasses import asdict, dataclass
from datetime import datetime

from node.community import journal
from node.community.facts import NodeProfileChanged
from node.database import atomic
from node.errors import Conflict, Invalid, NotFound
from node.models import Member, NodeProfile

ROW = 1


@dataclass(frozen=True, slots=True)
class Description:
    """What stewards say about their node; plain text, `rules` one a line."""

    name: str
    description: str = ""
    steward: str = ""
    contact: str = ""
    rules: str = ""
    languages: tuple[str, ...] = ("en",)


async def read() -> NodeProfile | None:
    """Return the profile, None before the node was founded."""
    return await NodeProfile.get_or_none(id=ROW)


async def found(public_url: str, described: Description, *, now: datetime) -> NodeProfile:
    """Fix the address that every id will carry, for ever.

    Raises:
        Conflict: the node was founded before, under another address.
    """
    row = NodeProfile(id=ROW, public_url=public_url, **_columns(described), created_at=now, updated_at=now)
    async with atomic():
        await NodeProfile.bulk_create([row], ignore_conflicts=True)
        return await require(public_url)


async def require(public_url: str) -> NodeProfile:
    """Return the profile of a node that was founded under `public_url`.

    Raises:
        NotFound: nobody founded it yet.
        Conflict: it lives under another address.
    """
    return _under(public_url, await _standing())


async def describe(described: Description, *, by: Member | None, now: datetime) -> None:
    """Change what the node says about itself.

    Raises:
        Invalid: the name is empty or too long.
        NotFound: nobody founded the node yet.
    """
    if not 1 <= len(described.name.strip()) <= 120:
        raise Invalid({"name": "Give the network a name of 1 to 120 characters."})
    wanted = _columns(described)
    async with atomic():
        standing = await _standing()
        changed = tuple(name for name, value in wanted.items() if getattr(standing, name) != value)
        if not changed:
            return
        await NodeProfile.filter(id=ROW).update(**wanted, updated_at=now)
        await journal.note(NodeProfileChanged(changed), at=now, by_member_id=by.id if by else None)


async def is_held() -> bool:
    """Tell whether nothing may go out: this node was restored and nobody has looked at its queues yet."""
    return await NodeProfile.filter(id=ROW, deliveries_held=True).exists()


async def release_deliveries(*, now: datetime) -> None:
    """Let deliveries and letters go out again after a restore."""
    async with atomic():
        await NodeProfile.filter(id=ROW).update(deliveries_held=False, updated_at=now)


async def _standing() -> NodeProfile:
    standing = await read()
    if standing is None:
        raise NotFound("This node has not been set up yet: run `talanoa init`.")
    return standing


def _under(public_url: str, standing: NodeProfile) -> NodeProfile:
    if standing.public_url != public_url:
        raise Conflict(
            f"This node's ids begin with {standing.public_url}; that can't change. "
            f"Set TALANOA_PUBLIC_URL={standing.public_url}, or use another database."
        )
    return standing


def _columns(described: Description) -> dict[str, object]:
    return asdict(described) | {"name": described.name.strip(), "languages": list(described.languages)}
