"""People and Groups as pages show them: the full handle always beside the name of somebody from elsewhere. Pure."""

from dataclasses import dataclass
from typing import Protocol

from web.places import profile_path

PICTURE_PREFIX = "/media/"


class Named(Protocol):
    """What this module needs to know of an actor, as the community gives it."""

    @property
    def uri(self) -> str:
        """The id on the wire."""
        ...

    @property
    def name(self) -> str:
        """preferredUsername."""
        ...

    @property
    def host(self) -> str:
        """Canonical."""
        ...

    @property
    def display_name(self) -> str:
        """As its owner writes it."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether it is one of ours."""
        ...

    @property
    def avatar_url(self) -> str | None:
        """Absolute address of the picture, ours or foreign."""
        ...


@dataclass(frozen=True, slots=True)
class PersonShown:
    """One actor.

    Args:
        handle: `@anna` for ours, the full handle for everybody else.
        full_handle: `@anna@home.example`.
        path: our page about them.
        avatar: a picture that this node serves, empty for none.
        initial: what stands where the picture would.
    """

    uri: str
    name: str
    handle: str
    full_handle: str
    host: str
    path: str
    is_local: bool
    avatar: str
    initial: str


def person(actor: Named, *, account_domain: str = "") -> PersonShown:
    """Return an actor as pages show it.

    Args:
        account_domain: the host in our own handles; empty for that of the actor.
    """
    host = account_domain if actor.is_local and account_domain else actor.host
    full = f"@{actor.name}@{host}"
    shown = actor.display_name or actor.name
    return PersonShown(
        uri=actor.uri,
        name=shown,
        handle=f"@{actor.name}" if actor.is_local else full,
        full_handle=full,
        host=host,
        path=profile_path(actor.name, actor.host, is_local=actor.is_local),
        is_local=actor.is_local,
        avatar=own_picture(actor.avatar_url) if actor.is_local else "",
        initial=initial_of(shown),
    )


def own_picture(url: str | None) -> str:
    """Return the address of a picture that this node serves, empty for one that it doesn't."""
    return url if url and PICTURE_PREFIX in url else ""


def initial_of(name: str) -> str:
    """Return the first letter or digit of a name, in capitals; `@` if there is none."""
    return next((char.upper() for char in name if char.isalnum()), "@")[:1]
