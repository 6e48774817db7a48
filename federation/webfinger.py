"""WebFinger and host-meta: what we say about our actors, and how we read what others say. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from federation.documents import loads_object
from federation.errors import Malformed, NotFound, Refused
from federation.names import Handle, Uri, canonical_uri, parse_handle, same_origin

JRD_TYPE = "application/jrd+json; charset=utf-8"
XRD_TYPE = "application/xrd+xml; charset=utf-8"

SELF = "self"
PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
AVATAR = "http://webfinger.net/rel/avatar"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
INTENT = "https://w3id.org/fep/3b86/"
SERVICE = "https://www.w3.org/ns/activitystreams#Service"

ACTIVITY_TYPE = "application/activity+json"
SELF_TYPES = frozenset({ACTIVITY_TYPE, 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'})

_PARAMETER = re.compile(r"\{([A-Za-z-]{1,40})\}")

MOST_LINKS = 64
LONGEST_TEMPLATE = 1024

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Account:
    """One of our actors, as WebFinger shows it.

    Args:
        name: the part before the `@`.
        host: the part after it (the account domain).
        actor_uri: its id.
        page_url: where people read about it.
        public_url: the base of this node, without trailing slash.
        avatar: media type and URL of its picture.
    """

    name: str
    host: str
    actor_uri: str
    page_url: str
    public_url: str
    avatar: tuple[str, str] | None = None


def account_document(account: Account) -> Json:
    """Return the JRD of a member or Group.

    The `self` link is the only one of its kind: Gancio takes the first without a look at its type.

    Spec: RFC 7033 §4.4; FEP-3b86.
    """
    follow = f"{account.public_url}/authorize_interaction?uri="
    links: list[Json] = [
        {"rel": SELF, "type": ACTIVITY_TYPE, "href": account.actor_uri},
        {"rel": PROFILE_PAGE, "type": "text/html", "href": account.page_url},
        {"rel": SUBSCRIBE, "template": f"{follow}{{uri}}"},
        {"rel": f"{INTENT}Create", "template": f"{account.public_url}/share?text={{content}}"},
        {"rel": f"{INTENT}Object", "template": f"{follow}{{object}}"},
        {"rel": f"{INTENT}Follow", "template": f"{follow}{{object}}"},
        {"rel": f"{INTENT}Join", "template": f"{follow}{{object}}"},
    ]
    if account.avatar is not None:
        kind, url = account.avatar
        links.append({"rel": AVATAR, "type": kind, "href": url})
    return {
        "subject": f"acct:{account.name}@{account.host}",
        "aliases": [account.page_url, account.actor_uri],
        "links": links,
    }


def service_document(*, public_url: str, host: str, actor_uri: str) -> Json:
    """Return the JRD of the node itself, found under `https://host/` and `acct:host@host`.

    Spec: FEP-d556.
    """
    return {
        "subject": f"acct:{host}@{host}",
        "aliases": [f"{public_url}/", actor_uri],
        "links": [
            {"rel": SELF, "type": ACTIVITY_TYPE, "href": actor_uri},
            {"rel": SERVICE, "type": ACTIVITY_TYPE, "href": actor_uri},
            {"rel": PROFILE_PAGE, "type": "text/html", "href": f"{public_url}/"},
        ],
    }


def host_meta(public_url: str) -> str:
    """Return the XRD that points to WebFinger; Mastodon asks for it after a 404. Spec: RFC 6415 §2."""
    template = quoteattr(f"{public_url}/.well-known/webfinger?resource={{uri}}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">\n'
        f'  <Link rel="lrdd" type="application/jrd+json" template={template}/>\n'
        "</XRD>\n"
    )


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """Somebody asks for a name of ours; `name` is lower-case."""

    name: str


@dataclass(frozen=True, slots=True)
class UriQuery:
    """Somebody asks with an address of ours: an actor id or a profile page."""

    uri: str


@dataclass(frozen=True, slots=True)
class ServiceQuery:
    """Somebody asks for the node itself."""


Query = AccountQuery | UriQuery | ServiceQuery


def parse_resource(resource: str | None, *, public_url: Uri, account_host: str, relaxed: bool = False) -> Query:
    """Return what an incoming WebFinger query asks for.

    Args:
        resource: the parameter, percent-decoded; with or without `acct:`, or a URL.
        public_url: the base of this node.
        account_host: the host in our handles; may differ from that of `public_url`.

    Raises:
        Malformed: missing or unreadable (400).
        NotFound: about another host (404).

    Spec: RFC 7033 §4.1; FEP-d556.
    """
    if not resource:
        raise Malformed("resource is missing")
    if "://" in resource:
        return _url_query(canonical_uri(resource, relaxed=relaxed), public_url, account_host)
    handle = parse_handle(resource, relaxed=relaxed)
    if handle.host not in (account_host, public_url.authority):
        raise NotFound(f"{handle.host} is not here")
    if handle.name.lower() in (account_host, public_url.authority):
        return ServiceQuery()
    return AccountQuery(handle.name.lower())


def _url_query(uri: Uri, public_url: Uri, account_host: str) -> Query:
    if uri.authority == account_host and uri.path in ("", "/") and uri.query is None:
        return ServiceQuery()
    if not same_origin(uri, public_url):
        raise NotFound(f"{uri.authority} is not here")
    if uri.path in ("", "/", "/actor") and uri.query is None:
        return ServiceQuery()
    return UriQuery(uri.without_fragment)


@dataclass(frozen=True, slots=True)
class ForeignAccount:
    """What another server says about one of its accounts; not proven until it round-trips.

    Args:
        handle: its subject.
        actor: the id its one `self` link names.
        page_url: its profile page.
        subscribe_template: with `{uri}`: where its owner follows and answers.
        intents: FEP-3b86 activity name, such as `Create`, to template.
    """

    handle: Handle
    actor: Uri
    page_url: str | None = None
    subscribe_template: str | None = None
    intents: Mapping[str, str] = field(default_factory=dict)


def lookup_url(handle: Handle, *, scheme: str = "https") -> str:
    """Return where to ask about `handle`. Spec: RFC 7033 §4."""
    resource = quote(f"acct:{handle.name}@{handle.host}", safe=":@")
    return f"{scheme}://{handle.host}/.well-known/webfinger?resource={resource}"


def parse_account(raw: bytes, *, relaxed: bool = False) -> ForeignAccount:
    """Return the account in a foreign JRD.

    Args:
        raw: the body; JSON, never XML.

    Raises:
        Malformed: no subject of the form acct:, or not exactly one ActivityPub `self` link.

    Spec: RFC 7033 §4.4.
    """
    document = loads_object(raw)
    links = _links(document)
    found = {str(link["href"]) for link in links if _is_actor_link(link)}
    if len(found) != 1:
        raise Malformed(f"{len(found)} links to an actor instead of one")
    return ForeignAccount(
        handle=parse_handle(document.get("subject"), relaxed=relaxed),
        actor=canonical_uri(found.pop(), relaxed=relaxed),
        page_url=_page_url(links, relaxed=relaxed),
        subscribe_template=_template(links, SUBSCRIBE, "{uri}", relaxed=relaxed),
        intents=_intents(links, relaxed=relaxed),
    )


def require_round_trip(account: ForeignAccount, *, asked: Handle) -> ForeignAccount:
    """Return `account` if its subject is the handle that was asked.

    Raises:
        Refused: another subject; the caller may ask once more, for that subject, which must name itself.
    """
    if account.handle.acct != asked.acct:
        raise Refused(f"{asked} calls itself {account.handle}")
    return account


def fill_template(template: str, **values: str) -> str:
    """Return the template with its parameters replaced by `values`, fully percent-encoded; others stay empty."""
    return _PARAMETER.sub(lambda found: quote(values.get(found[1], ""), safe=""), template)


def _links(document: Json) -> list[Json]:
    links = document.get("links")
    if not isinstance(links, list):
        raise Malformed("no links")
    return [link for link in links[:MOST_LINKS] if isinstance(link, dict)]


def _is_actor_link(link: Json) -> bool:
    return link.get("rel") == SELF and link.get("type") in SELF_TYPES and isinstance(link.get("href"), str)


def _page_url(links: list[Json], *, relaxed: bool) -> str | None:
    for link in links:
        if link.get("rel") == PROFILE_PAGE and link.get("type") in (None, "text/html"):
            return _safe_url(link.get("href"), relaxed=relaxed)
    return None


def _template(links: list[Json], rel: str, parameter: str, *, relaxed: bool) -> str | None:
    for link in links:
        template = link.get("template")
        if link.get("rel") == rel and isinstance(template, str) and len(template) <= LONGEST_TEMPLATE:
            return _safe_template(template, parameter, relaxed=relaxed)
    return None


def _intents(links: list[Json], *, relaxed: bool) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for link in links:
        rel = link.get("rel")
        if not isinstance(rel, str) or not rel.startswith(INTENT):
            continue
        parameter = "{content}" if rel == f"{INTENT}Create" else "{object}"
        template = _template([link], rel, parameter, relaxed=relaxed)
        if template is not None:
            found[rel.removeprefix(INTENT)] = template
    return found


def _safe_template(template: str, parameter: str, *, relaxed: bool) -> str | None:
    """Return a template that has the parameter we fill, and any other, only behind its host."""
    head = template.partition("{")[0]
    if parameter not in template or ("?" not in head and head.count("/") < 3):
        return None
    return template if _safe_url(_PARAMETER.sub("x", template), relaxed=relaxed) else None


def _safe_url(text: object, *, relaxed: bool) -> str | None:
    try:
        return canonical_uri(text, relaxed=relaxed).text
    except Malformed:
        return None
