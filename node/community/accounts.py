"""Our actors as discovery shows them: by name or by address, public ones only, all others equally not found."""

from dataclasses import dataclass

from tortoise.expressions import Q

from node.community import actors
from node.errors import NotFound, Withdrawn
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
        NotFound: nobody is, or the account is suspended.
        Withdrawn: somebody was.

    Spec: security T-37.
    """
    actor = await actors.local(name)
    if actor.kind is ActorKind.APPLICATION:
        raise NotFound("the node is found under its host")
    return _account(actor)


async def at(address: str) -> Account:
    """Return the member or Group whose id or page is `address`.

    Raises:
        NotFound: nobody's.
        Withdrawn: somebody's who left.
    """
    ours = Actor.filter(is_local=True).exclude(kind=ActorKind.APPLICATION)
    actor = await ours.filter(Q(uri=address) | Q(url=address)).first()
    if actor is None or actor.state is ActorState.SUSPENDED:
        raise NotFound("no such actor")
    if actor.state is ActorState.GONE:
        raise Withdrawn("this actor has left")
    return _account(actor)


def _account(actor: Actor) -> Account:
    return Account(actor.name, actor.uri, actor.url or actor.uri, actor.avatar_url)
