"""NodeInfo: which software runs where, and how many use it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.documents import loads_object
from federation.errors import Malformed, Refused
from federation.names import Uri, canonical_uri, same_origin

NAMESPACE = "http://nodeinfo.diaspora.software/ns/schema/"
APPLICATION = "https://www.w3.org/ns/activitystreams#Application"
VERSIONS = ("2.1", "2.0")

INDEX_TYPE = "application/json; charset=utf-8"
WELL_KNOWN = "/.well-known/nodeinfo"
SOFTWARE = "talanoa"
LONGEST_NAME = 64
LONGEST_VERSION = 128
MOST_LINKS = 16

_NAME = re.compile(r"[a-z0-9-]+")

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Usage:
    """How many people and things; a None is left out (closed nodes tell no numbers)."""

    users: int | None = None
    active_half_year: int | None = None
    active_month: int | None = None
    posts: int | None = None
    comments: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """What we say about ourselves.

    Args:
        version: of the software.
        open_registrations: anybody may sign up without an invitation.
        metadata: a few strings or lists of strings: `nodeName`, `nodeDescription`, `staffAccounts` ...
        repository: where the source is; only told in 2.1.
    """

    version: str
    open_registrations: bool = False
    usage: Usage = Usage()
    metadata: Json = field(default_factory=dict)
    repository: str | None = None


def index_document(public_url: str) -> Json:
    """Return the list of documents, in this order: Gancio fetches the first link whatever it is.

    Spec: NodeInfo protocol; FEP-2677.
    """
    links = [{"rel": NAMESPACE + version, "href": f"{public_url}/nodeinfo/{version}"} for version in VERSIONS]
    return {"links": [*links, {"rel": APPLICATION, "href": f"{public_url}/actor"}]}


def content_type(version: str) -> str:
    """Return the content type of the document in schema `version`."""
    return f'application/json; profile="{NAMESPACE}{version}#"; charset=utf-8'


def node_document(node: Node, version: str) -> Json:
    """Return the document in schema `version`, which is 2.1 or 2.0.

    Spec: NodeInfo 2.0 and 2.1 schemas: no other members than these.
    """
    software = {"name": SOFTWARE, "version": node.version}
    if version == "2.1" and node.repository is not None:
        software["repository"] = node.repository
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": node.open_registrations,
        "usage": _usage(node.usage),
        "metadata": dict(node.metadata),
    }


def _usage(usage: Usage) -> Json:
    users = {
        "total": usage.users,
        "activeHalfyear": usage.active_half_year,
        "activeMonth": usage.active_month,
    }
    rest = {"localPosts": usage.posts, "localComments": usage.comments}
    return {"users": _known(users)} | _known(rest)


def _known(counts: Mapping[str, int | None]) -> dict[str, object]:
    return {name: count for name, count in counts.items() if count is not None}


@dataclass(frozen=True, slots=True)
class ForeignNode:
    """What another server says it runs: bounded, lower-case name; not to be trusted with anything."""

    software: str
    version: str


def index_url(host: str, *, scheme: str = "https") -> str:
    """Return where to ask which documents `host` has."""
    return f"{scheme}://{host}{WELL_KNOWN}"


def parse_index(raw: bytes, *, asked: Uri, relaxed: bool = False) -> Uri:
    """Return the newest NodeInfo document that the index names.

    Args:
        asked: the URL the index came from.

    Raises:
        Malformed: no link to a version we read, or no URL.
        Refused: the link leads to another origin (V-F08).
    """
    links = loads_object(raw).get("links")
    if not isinstance(links, list):
        raise Malformed("no links")
    by_rel = {str(link.get("rel")): link.get("href") for link in links[:MOST_LINKS] if isinstance(link, dict)}
    for version in VERSIONS:
        if NAMESPACE + version in by_rel:
            return _own(canonical_uri(by_rel[NAMESPACE + version], relaxed=relaxed), asked)
    raise Malformed("no NodeInfo 2.0 or 2.1")


def _own(uri: Uri, asked: Uri) -> Uri:
    if not same_origin(uri, asked):
        raise Refused(f"{asked.authority} names a document of {uri.authority}")
    return uri


def parse_node(raw: bytes) -> ForeignNode:
    """Return software and version from a foreign document; raise Malformed if they are not there."""
    software = loads_object(raw).get("software")
    if not isinstance(software, dict):
        raise Malformed("no software")
    name, version = software.get("name"), software.get("version")
    if not isinstance(name, str) or not isinstance(version, str):
        raise Malformed("software without name or version")
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name.lower()):
        raise Malformed("a software name that is none")
    printable = "".join(char for char in version[:LONGEST_VERSION] if char.isprintable())
    return ForeignNode(name.lower(), printable)
