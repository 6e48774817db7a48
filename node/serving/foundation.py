"""The first start: the node's address is fixed, its own actors get names and keys, somebody can sign in."""

from collections.abc import Callable
from datetime import datetime

from node.community import actor_keys, links, members, node_actors, node_profile
from node.community.members import NewMember
from node.community.node_profile import Description
from node.database import atomic
from node.models import LinkPurpose, Member, MemberState, Mode, Role
from node.policy import registry
from node.settings import Settings

FIRST_STEWARD = "steward_1"


async def lay(settings: Settings, described: Description, *, now: datetime) -> None:
    """Found the node if it was not founded: profile, policy, own actors, their keys. Safe to repeat.

    Raises:
        Conflict: it was founded under another address.
    """
    base = settings.public_url.rstrip("/")
    async with atomic():
        await node_profile.found(base, described, now=now)
        await registry.start(Mode(settings.federation_mode), now=now)
    await node_actors.ensure_node_actors(base, now=now)
    for actor in await actor_keys.actors_without_keys():
        await actor_keys.add_keys(actor, secret_key=settings.secret_key, now=now)


async def first_steward(settings: Settings, *, now: datetime, new: NewMember | None = None) -> Member:
    """Return a steward, made if there is none.

    Args:
        new: who it is to be; an account without an address for whoever tries things out, if not given.
    """
    standing = await Member.filter(role=Role.STEWARD, state=MemberState.ACTIVE).order_by("id").first()
    if standing is not None:
        return await members.by_id(standing.id)
    new = new or NewMember(name=FIRST_STEWARD, display_name="Steward", role=Role.STEWARD)
    member = await members.add(new, base=settings.public_url.rstrip("/"), now=now)
    await actor_keys.add_keys(member.actor, secret_key=settings.secret_key, now=now)
    return member


async def sign_in_url(member: Member, settings: Settings, *, now: datetime) -> str:
    """Return an address that signs a member in once, within ten minutes."""
    secret = await links.make_for(member, LinkPurpose.SIGN_IN, now=now)
    return f"{settings.public_url.rstrip('/')}/sign-in/link/{secret}"


async def require_founded(settings: Settings) -> str:
    """Return the node's name.

    Raises:
        NotFound: nobody founded it yet.
        Conflict: it lives under another address.
    """
    profile = await node_profile.require(settings.public_url.rstrip("/"))
    return profile.name


def tell_welcome(settings: Settings, url: str, tell: Callable[[str], None]) -> None:
    """Print where the node is and how its steward gets in."""
    tell("")
    tell(f"  Talanoa is at      {settings.public_url}")
    tell(f"  Sign in (once, within ten minutes):  {url}")
    shell = " ".join(f"TALANOA_{name}={value}" for name, value in _needed(settings).items())
    tell(f"  Another link:      {shell} .venv/bin/talanoa member link {FIRST_STEWARD}")
    tell("  Stop with Ctrl-C.")
    tell("")


def _needed(settings: Settings) -> dict[str, str]:
    """Return what another command needs to know to find this node."""
    found = {"PUBLIC_URL": settings.public_url, "DATA_DIR": str(settings.data_dir)}
    return found | ({"DEVELOPMENT": "1"} if settings.development else {})
