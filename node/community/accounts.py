"""Our actors as discovery shows them: by name or by address, public ones only, all others equally not found."""

from dataclasses import dataclass

from tortoise.expressions import Q

from node.community import actors
from node.errors import NotFound
from node.models import Actor, ActorKind, ActorState


@dataclass(frozen=True, slots=True)
class Account:
    """An actor of ours that can be found."""

    name: str
    uri: str
    page_url: str
    avatar_url: str | None


async def named(name: str) -> Account:
    """Return the member or Group called `name`.

    Raises:
        NotFound: nobody is.
        Withdrawn: somebody was.
    """
    actor = await actors.local(name)
    if actor.kind is ActorKind.APPLICATION:
        raise NotFound("the node is found under its host")
    return _account(actor)


async def at(address: str) -> Account:
    """Return the member or Group whose id or page is `address`. Raises NotFound."""
    public = Actor.filter(is_local=True, state=ActorState.ACTIVE)
    actor = await public.filter(Q(uri=address) | Q(url=address)).first()
    if actor is None:
        raise NotFound("no such actor")
    return _account(actor)


def _account(actor: Actor) -> Account:
    return Account(actor.name, actor.uri, actor.url or actor.uri, actor.avatar_url)
