"""Discovery: WebFinger, host-meta and NodeInfo, answered at the front for everybody, in every mode."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import parse_qs

import orjson

from federation import nodeinfo, webfinger
from federation.names import canonical_uri
from federation.nodeinfo import Node, Usage
from federation.webfinger import Account, AccountQuery, ServiceQuery, UriQuery
from node.community import accounts, node_profile, numbers
from node.errors import NotFound
from node.media.store import MEDIA_TYPES
from node.policy.registry import Registry
from web.raw import Answer, Incoming, RawRoute

THREE_DAYS = "public, max-age=259200"
HALF_HOUR = "public, max-age=1800"
CORS = ("access-control-allow-origin", "*")


@dataclass(frozen=True, slots=True)
class Address:
    """Under which names we are found: `public_url` without slash, `account_host` in handles."""

    public_url: str
    account_host: str
    relaxed: bool


def routes(address: Address, registry: Registry) -> tuple[RawRoute, ...]:
    """Return the raw routes of discovery."""
    return (
        RawRoute("/.well-known/webfinger", "GET", _webfinger(address)),
        RawRoute("/.well-known/host-meta", "GET", _host_meta(address)),
        RawRoute("/.well-known/nodeinfo", "GET", _index(address)),
        RawRoute("/nodeinfo/<version>", "GET", _nodeinfo(registry)),
    )


def _webfinger(address: Address) -> Callable[[Incoming], Awaitable[Answer]]:
    async def answer(incoming: Incoming) -> Answer:
        query = parse_qs(incoming.request.url.partition("?")[2])
        asked = webfinger.parse_resource(
            query.get("resource", [None])[0],
            public_url=canonical_uri(address.public_url, relaxed=address.relaxed),
            account_host=address.account_host,
            relaxed=address.relaxed,
        )
        document = await _jrd(asked, address)
        headers = (("content-type", webfinger.JRD_TYPE), ("cache-control", THREE_DAYS), CORS)
        return Answer(200, headers, orjson.dumps(document), keep=True)

    return answer


async def _jrd(asked: webfinger.Query, address: Address) -> webfinger.Json:
    match asked:
        case ServiceQuery():
            return webfinger.service_document(
                public_url=address.public_url, host=address.account_host, actor_uri=f"{address.public_url}/actor"
            )
        case AccountQuery(name):
            return webfinger.account_document(_account(await accounts.named(name), address))
        case UriQuery(uri):
            return webfinger.account_document(_account(await accounts.at(uri), address))


def _account(shown: accounts.Account, address: Address) -> Account:
    return Account(
        name=shown.name,
        host=address.account_host,
        actor_uri=shown.uri,
        page_url=shown.page_url,
        public_url=address.public_url,
        avatar=(_media_type(shown.avatar_url), shown.avatar_url) if shown.avatar_url else None,
    )


def _media_type(url: str) -> str:
    return MEDIA_TYPES.get(url.rpartition(".")[2], "image/webp")


def _host_meta(address: Address) -> Callable[[Incoming], Awaitable[Answer]]:
    async def answer(_incoming: Incoming) -> Answer:
        headers = (("content-type", webfinger.XRD_TYPE), ("cache-control", THREE_DAYS), CORS)
        return Answer(200, headers, webfinger.host_meta(address.public_url).encode(), keep=True)

    return answer


def _index(address: Address) -> Callable[[Incoming], Awaitable[Answer]]:
    async def answer(_incoming: Incoming) -> Answer:
        headers = (("content-type", nodeinfo.INDEX_TYPE), ("cache-control", HALF_HOUR), CORS)
        return Answer(200, headers, orjson.dumps(nodeinfo.index_document(address.public_url)), keep=True)

    return answer


def _nodeinfo(registry: Registry) -> Callable[[Incoming], Awaitable[Answer]]:
    async def answer(incoming: Incoming) -> Answer:
        asked = incoming.parts["version"]
        if asked not in nodeinfo.VERSIONS:
            raise NotFound("no such version of NodeInfo")
        profile = await node_profile.read()
        counts = None if registry.is_closed else await numbers.of_node()
        usage = Usage() if counts is None else Usage(users=counts.members, posts=counts.posts, comments=counts.replies)
        named = {"nodeName": profile.name, "nodeDescription": profile.description} if profile else {}
        node = Node(version=software_version(), usage=usage, metadata=named)
        headers = (("content-type", nodeinfo.content_type(asked)), ("cache-control", HALF_HOUR), CORS)
        return Answer(200, headers, orjson.dumps(nodeinfo.node_document(node, asked)), keep=True)

    return answer


def software_version() -> str:
    """Return the version of this software."""
    try:
        return version("talanoa")
    except PackageNotFoundError:
        return "0.0.0"
