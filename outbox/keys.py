"""The private keys of our actors as key objects: opening one costs far more than signing with it."""

from collections import OrderedDict

from federation.keys import PrivateKey
from node.community import actor_keys
from node.models import Actor, KeyKind

REMEMBERED = 1_000


class SigningKeys:
    """This process's opened keys, the least used dropped first."""

    def __init__(self, *, secret_key: str) -> None:
        self._secret_key = secret_key
        self._open: OrderedDict[tuple[int, KeyKind], PrivateKey] = OrderedDict()

    async def of_id(self, actor_id: int, kind: KeyKind) -> PrivateKey:
        """Return the key of one of our actors, by the number of its row.

        Raises:
            NotFound: it has no such key yet.
        """
        held = self._open.get((actor_id, kind))
        if held is not None:
            self._open.move_to_end((actor_id, kind))
            return held
        return await self.of(await Actor.get(id=actor_id), kind)

    async def of(self, actor: Actor, kind: KeyKind) -> PrivateKey:
        """Return the key of one of our actors.

        Raises:
            NotFound: it has no such key yet.
        """
        held = self._open.get((actor.id, kind))
        if held is None:
            held = await actor_keys.private_key(actor, kind, secret_key=self._secret_key)
            self._open[(actor.id, kind)] = held
        self._open.move_to_end((actor.id, kind))
        if len(self._open) > REMEMBERED:
            self._open.popitem(last=False)
        return held
