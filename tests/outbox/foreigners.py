"""Foreign people of the tests of the way out, as rows; nobody is asked for them."""

from datetime import datetime

from node.community import follows, foreign_actors
from node.community.follows import FollowRequest
from node.community.foreign_actors import ForeignActor
from node.models import Actor, ActorKind
from node.policy.grants import FollowGrant


async def foreigner(
    name: str, host: str, *, now: datetime, shared: bool = True, kind: ActorKind = ActorKind.PERSON
) -> Actor:
    """Let the node know an actor with an inbox of its own and, unless told otherwise, a shared one."""
    uri = f"http://{host}/users/{name}"
    return await foreign_actors.remember(
        ForeignActor(
            uri=uri,
            kind=kind,
            name=name,
            host=host,
            inbox_url=f"{uri}/inbox",
            shared_inbox_url=f"http://{host}/inbox" if shared else None,
            followers_uri=f"{uri}/followers",
        ),
        now=now,
    )


async def following(follower: Actor, target: Actor, *, now: datetime) -> Actor:
    """Let `follower` be an accepted follower of one of ours; return it."""
    wanted = FollowRequest(follower, target, f"{follower.uri}#follows/{target.id}")
    await follows.request(wanted, grant=FollowGrant.YES, now=now)
    return follower
