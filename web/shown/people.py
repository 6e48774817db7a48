"""People and Groups as pages show them: the full handle always beside the name of somebody from elsewhere."""

from dataclasses import dataclass

from federation.errors import ProtocolError
from federation.names import canonical_uri, host_of
from node.community.kinds import ActorKind
from node.community.views import ActorView
from web.context import here
from web.pictures import foreign_image

OUR_PICTURES = "/media/"


@dataclass(frozen=True, slots=True)
class PersonShown:
    """One actor.

    Args:
        handle: `@anna` for ours, the full handle for everybody else.
        full_handle: `@anna@home.example`.
        path: our page about them.
        url: their own page.
        avatar: a small picture that this node serves, empty for none.
        portrait: the same, larger.
        initial: what stands where the picture would, and below one that has to be fetched first.
    """

    uri: str
    name: str
    handle: str
    full_handle: str
    host: str
    path: str
    url: str
    is_local: bool
    is_group: bool
    avatar: str
    portrait: str
    initial: str


def person(actor: ActorView) -> PersonShown:
    """Return an actor as pages show it."""
    settings = here().settings
    own = own_picture(actor.avatar_url)
    full = f"@{actor.name}@{settings.account_domain}" if actor.is_local else actor.handle
    return PersonShown(
        uri=actor.uri,
        name=actor.display_name,
        handle=f"@{actor.name}" if actor.is_local else full,
        full_handle=full,
        host=actor.host,
        path=actor.path,
        url=web_address(actor.url),
        is_local=actor.is_local,
        is_group=actor.kind is ActorKind.GROUP,
        avatar=own if actor.is_local else own or foreign_image(actor.avatar_url, actor.host, "face"),
        portrait=own if actor.is_local else own or foreign_image(actor.avatar_url, actor.host, "portrait"),
        initial=initial_of(actor.display_name),
    )


def own_picture(url: str | None) -> str:
    """Return the address of a picture that this node serves, empty for one that it doesn't."""
    settings = here().settings
    ours = tuple(f"{origin}{OUR_PICTURES}" for origin in (settings.public_url, settings.media_url) if origin)
    return url if url and url.startswith(ours) else ""


def web_address(url: str) -> str:
    """Return a foreign address as a link may hold it, empty for anything but a plain web address."""
    try:
        return canonical_uri(url, relaxed=here().settings.development).text
    except ProtocolError:
        return ""


def open_address(url: str) -> str:
    """Return a foreign address as `web_address`, empty also where an entry of the policy shuts its server out.

    Spec: security V-K11.
    """
    at, address = here(), web_address(url)
    if not address:
        return ""
    host = host_of(canonical_uri(address, relaxed=at.settings.development))
    decision = at.house.doors.registry.decide(host, now=at.now)
    return address if decision.is_admitted or decision.entry is None else ""


def initial_of(name: str) -> str:
    """Return the first letter or digit of a name, in capitals; `@` if there is none."""
    return next((char.upper() for char in name if char.isalnum()), "@")[:1]
