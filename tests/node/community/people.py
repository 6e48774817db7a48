"""People and places for the community's tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from node.community import actors, foreign_actors, node_actors
from node.community.foreign_actors import ForeignActor, ForeignKey
from node.models import Actor, ActorKind, KeyKind, Member, Role

BASE = "https://home.example"
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=3)

BERTA = ForeignActor(
    uri="https://far.example/users/berta",
    kind=ActorKind.PERSON,
    name="berta",
    host="far.example",
    display_name="Berta Kim",
    bio_html="<p>Clerk</p>",
    url="https://far.example/@berta",
    inbox_url="https://far.example/users/berta/inbox",
    shared_inbox_url="https://far.example/inbox",
    followers_uri="https://far.example/users/berta/followers",
    keys=(ForeignKey("https://far.example/users/berta#main-key", KeyKind.RSA, "PEM 1"),),
    document='{"id": "https://far.example/users/berta"}',
)
CARLO = replace(
    BERTA,
    uri="https://other.example/users/carlo",
    name="carlo",
    host="other.example",
    display_name="Carlo",
    url="https://other.example/@carlo",
    inbox_url="https://other.example/users/carlo/inbox",
    shared_inbox_url=None,
    followers_uri="https://other.example/users/carlo/followers",
    keys=(ForeignKey("https://other.example/users/carlo#main-key", KeyKind.RSA, "PEM 2"),),
)


async def home() -> dict[str, Actor]:
    """Set up the node's own actors."""
    return await node_actors.ensure_node_actors(BASE, now=NOW)


async def member(name: str = "anna", display_name: str = "Anna Ngugi", role: Role = Role.MEMBER) -> Member:
    """Give somebody an account."""
    actor = await actors.create_person(name, display_name, base=BASE, now=NOW)
    row = await Member.create(actor=actor, role=role, created_at=NOW)
    return await Member.get(id=row.id).select_related("actor")


async def foreigner(draft: ForeignActor = BERTA) -> Actor:
    """Let us know somebody elsewhere."""
    return await foreign_actors.remember(draft, now=NOW)
