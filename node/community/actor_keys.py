"""Keys of our actors: made once by a job or a command, stored wrapped, opened only to sign."""

import asyncio
import base64
from datetime import datetime

from tortoise.functions import Count

from federation import keys
from federation.keys import PrivateKey
from node import secrets
from node.chance import nonce
from node.community.once import insert_once
from node.database import atomic
from node.errors import NotFound
from node.models import Actor, ActorKey, ActorState, KeyKind

FRAGMENTS = {KeyKind.RSA: "#main-key", KeyKind.ED25519: "#ed25519-key"}


async def actors_without_keys() -> list[Actor]:
    """Find our active actors that still miss a key."""
    counted = Actor.annotate(held=Count("keys")).filter(is_local=True, state=ActorState.ACTIVE)
    return await counted.filter(held__lt=len(FRAGMENTS)).order_by("id")


async def add_keys(actor: Actor, *, secret_key: str, now: datetime) -> None:
    """Give an actor of ours the RSA and the Ed25519 key it misses; what it has stays.

    Args:
        secret_key: the node's, wraps the private halves.
    """
    held = {row.kind for row in await ActorKey.filter(actor_id=actor.id, private_wrapped__isnull=False)}
    for kind in FRAGMENTS:
        if kind not in held:
            await _keep(actor, kind, await _generated(actor, kind), secret_key=secret_key, now=now)


async def private_key(actor: Actor, kind: KeyKind, *, secret_key: str) -> PrivateKey:
    """Open a key of ours for signing.

    Raises:
        NotFound: the actor has no such key yet.
        WrongSecret: it was wrapped with another SECRET_KEY.
    """
    found = ActorKey.filter(actor_id=actor.id, kind=kind, private_wrapped__isnull=False, retired_at__isnull=True)
    row = await found.order_by("-id").first()
    if row is None or row.private_wrapped is None:
        raise NotFound(f"{actor.uri} has no {kind.value} key")
    pem = secrets.unwrap(base64.b64decode(row.private_wrapped), secret_key=secret_key, purpose=_purpose(row.key_id))
    return keys.load_private_pem(pem.decode(), id=row.key_id, owner=actor.uri)


async def public_keys(actor: Actor) -> dict[KeyKind, ActorKey]:
    """Return the actor's keys as its document shows them, the newest of each kind."""
    rows = await ActorKey.filter(actor_id=actor.id, retired_at__isnull=True).order_by("id")
    return {row.kind: row for row in rows}


async def _generated(actor: Actor, kind: KeyKind) -> PrivateKey:
    key_id = actor.uri + FRAGMENTS[kind]
    if kind is KeyKind.RSA:
        return await asyncio.to_thread(keys.generate_rsa, id=key_id, owner=actor.uri)
    return keys.generate_ed25519(id=key_id, owner=actor.uri)


async def _keep(actor: Actor, kind: KeyKind, key: PrivateKey, *, secret_key: str, now: datetime) -> None:
    sealed = secrets.wrap(key.pem.encode(), secret_key=secret_key, purpose=_purpose(key.id), nonce=nonce())
    values = {
        "actor": actor,
        "kind": kind,
        "public": key.public.pem if kind is KeyKind.RSA else key.public.multibase,
        "private_wrapped": base64.b64encode(sealed).decode(),
        "created_at": now,
    }
    async with atomic():
        await insert_once(ActorKey, {"key_id": key.id}, values)


def _purpose(key_id: str) -> str:
    return f"actor-key:{key_id}"
