"""Building a node: everything that is made once a process, handed down from here.

The database must be open; nothing is contacted and nothing is started here.
"""

import asyncio
from dataclasses import dataclass

from quart import Quart

from federation.client import ClientSettings, Deadlines, ProtocolClient, user_agent
from federation.http import Request
from federation.keys import PrivateKey
from federation.names import canonical_uri, host_of
from inbox.budget import Budget
from inbox.fetch import Fetcher, Signer
from inbox.keys import KeyRing
from inbox.pictures import Gallery
from inbox.quota import Quota
from inbox.reading import Reading, proven_origin, reading
from inbox.receive import Receipt, Reception, receive
from inbox.store import Store
from inbox.worker import Bench
from node.chance import jitter
from node.clock import Clock, SystemClock
from node.community import addresses
from node.mail.mailer import mailer_for
from node.mail.message import Sender
from node.mail.worker import sender_of
from node.media.processing import ImageProcessor
from node.media.store import elsewhere_store, media_store
from node.models import Actor, KeyKind
from node.policy.registry import Registry
from node.serving.letters import mail_sign_in_link
from node.settings import Settings
from node.surroundings import Surroundings
from outbox.bridge import Bridge
from outbox.deliver import Van
from outbox.documents import Archive
from outbox.keys import SigningKeys
from outbox.worker import Worker
from web import activitypub, wellknown
from web.app import create_app
from web.doors import Doors


@dataclass(frozen=True, slots=True)
class Wakes:
    """Events that save the workers of this process the wait until their next look."""

    inbox: asyncio.Event
    outbox: asyncio.Event
    deliveries: asyncio.Event


@dataclass(frozen=True, slots=True)
class Node:
    """A node in this process. `base` is the public URL without a trailing slash."""

    surroundings: Surroundings
    registry: Registry
    reception: Reception
    bench: Bench
    gallery: Gallery
    bridge: Bridge
    van: Van
    worker: Worker
    archive: Archive
    sender: Sender
    wakes: Wakes
    base: str

    @property
    def settings(self) -> Settings:
        """Return what the operator decided."""
        return self.surroundings.settings

    @property
    def clock(self) -> Clock:
        """Return what tells the time."""
        return self.surroundings.clock


def assemble(settings: Settings, *, name: str, clock: Clock | None = None) -> Node:
    """Return a node that is ready to serve and to work.

    Args:
        settings: complete, secret key included.
        name: how the node calls itself, for its mail.
        clock: the machine's unless a test brings another.
    """
    base = settings.public_url.rstrip("/")
    clock = clock or SystemClock()
    relaxed = settings.development
    registry = Registry(own_host=host_of(canonical_uri(base, relaxed=relaxed)), relaxed=relaxed)
    client = ProtocolClient(client_settings(settings))
    keys = SigningKeys(secret_key=settings.secret_key)
    fetcher = Fetcher(client=client, signer=_signer(base, keys), registry=registry, relaxed=relaxed)
    wakes = Wakes(asyncio.Event(), asyncio.Event(), asyncio.Event())
    reception = Reception(
        keys=KeyRing(fetcher, jitter=jitter),
        store=Store(wake=wakes.inbox, most_pending=settings.inbox_waiting),
        registry=registry,
        clock=clock,
        budget=Budget(rate=settings.inbox_rate, burst=settings.inbox_burst),
        quota=Quota(rows=settings.inbox_daily_activities, mib=settings.inbox_daily_mib),
        hosts=frozenset({registry.book.own_host}),
        relaxed=relaxed,
    )
    van = Van(client=client, keys=keys, registry=registry, clock=clock, jitter=jitter)
    return Node(
        surroundings=Surroundings(
            settings=settings,
            clock=clock,
            client=client,
            mailer=mailer_for(settings.mail_url),
            media=media_store(settings.data_dir, base, settings.media_url),
        ),
        registry=registry,
        reception=reception,
        bench=Bench(fetcher, registry, clock, wakes.outbox, relaxed),
        gallery=_gallery(settings, client, registry, clock),
        bridge=Bridge(keys, registry, clock, base, relaxed),
        van=van,
        worker=Worker(
            van,
            wake=wakes.deliveries,
            hosts_at_once=settings.deliveries_at_once,
            per_host=settings.deliveries_per_host,
        ),
        archive=Archive(keys, clock, base),
        sender=sender_of(settings, name),
        wakes=wakes,
        base=base,
    )


def web_of(node: Node) -> Quart:
    """Return the web application of a node."""

    async def take(request: Request, path: str) -> Receipt:
        return await receive(request, inbox=path, reception=node.reception)

    async def read(request: Request) -> Reading:
        return await reading(request, node.reception)

    async def prove(request: Request) -> str:
        return await proven_origin(request, node.reception)

    async def mail_link(email: str) -> None:
        await mail_sign_in_link(email, surroundings=node.surroundings, sender=node.sender)

    settings = node.settings
    address = wellknown.Address(
        public_url=node.base,
        account_host=settings.account_domain or node.registry.book.own_host,
        relaxed=settings.development,
    )
    doors = Doors(receive=take, mail_sign_in_link=mail_link, registry=node.registry)
    routes = (*activitypub.routes(node.archive, read, node.registry, prove), *wellknown.routes(address, node.registry))
    return create_app(node.surroundings, doors, raw_routes=routes)


def _gallery(settings: Settings, client: ProtocolClient, registry: Registry, clock: Clock) -> Gallery:
    most = settings.foreign_picture_bytes
    processor, store = ImageProcessor(largest_bytes=most), elsewhere_store(settings.data_dir)
    return Gallery(client, registry, clock, processor, store, most, settings.development)


def client_settings(settings: Settings) -> ClientSettings:
    """Return how this node speaks to others."""
    return ClientSettings(
        user_agent=user_agent(wellknown.software_version(), settings.public_url),
        allowed_networks=settings.allowed_networks,
        static_hosts={name: (where.host, where.port) for name, where in settings.static_hosts},
        relaxed=settings.development,
        deadlines=Deadlines(fetch=settings.fetch_seconds, deliver=settings.delivery_seconds),
        connections=settings.delivery_connections,
        per_host=settings.deliveries_per_host * 2,
    )


def _signer(base: str, keys: SigningKeys) -> Signer:
    """Return what gives the node's own key; once made it never changes, as the row of its actor."""
    number: list[int] = []

    async def sign() -> PrivateKey:
        if not number:
            number.append((await Actor.get(uri=addresses.node_actor_uri(base))).id)
        return await keys.of_id(number[0], KeyKind.RSA)

    return sign
