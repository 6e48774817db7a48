"""What the building asks of others: the seams that `create_app` is given."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from federation.http import Headers, Request
from node.policy.registry import Registry


class Receipt(Protocol):
    """What the way in answers to a delivery."""

    @property
    def status(self) -> int:
        """The HTTP status."""
        ...

    @property
    def headers(self) -> Headers:
        """Headers such as Retry-After."""
        ...


@dataclass(frozen=True, slots=True)
class Doors:
    """Where requests go that pages don't answer themselves.

    Args:
        receive: takes a delivery and the path of the inbox; raises ProtocolError or CommunityError.
        registry: tells what each other server may do.
        mail_sign_in_link: mails a sign-in link to an address if it has an account; says nothing either way.
    """

    receive: Callable[[Request, str], Awaitable[Receipt]]
    mail_sign_in_link: Callable[[str], Awaitable[None]]
    registry: Registry
