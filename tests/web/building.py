"""The application with doors that only note what comes through."""

from dataclasses import dataclass, field
from typing import Any, cast

from federation.client import ProtocolClient
from federation.http import Headers, Request
from node.community import members
from node.community.kinds import Role
from node.community.members import NewMember
from node.media.store import media_store
from node.policy.registry import Registry
from node.settings import Settings
from node.surroundings import Surroundings
from tests.clock import FakeClock
from tests.web.visitor import Visitor
from web.app import create_app
from web.doors import Doors

PASSWORD = "a long sentence about mats"


@dataclass(frozen=True)
class Receipt:
    """What the noting door answers."""

    status: int = 202
    headers: Headers = ()


@dataclass
class Building:
    """An application and what went through its doors."""

    settings: Settings
    clock: FakeClock
    received: list[tuple[Request, str]] = field(default_factory=list)
    asked_links: list[str] = field(default_factory=list)
    refusal: Exception | None = None
    registry: Registry = field(default_factory=lambda: Registry(own_host="home.example"))

    def __post_init__(self) -> None:
        doors = Doors(receive=self._receive, mail_sign_in_link=self._mail, registry=self.registry)
        settings = self.settings
        surroundings = Surroundings(
            settings=settings,
            clock=self.clock,
            client=cast(ProtocolClient, None),  # pages never fetch
            mailer=None,
            media=media_store(settings.data_dir, settings.public_url, settings.media_url),
        )
        self.app = create_app(surroundings, doors)

    async def _receive(self, request: Request, inbox_path: str) -> Receipt:
        if self.refusal is not None:
            raise self.refusal
        self.received.append((request, inbox_path))
        return Receipt()

    async def _mail(self, email: str) -> None:
        self.asked_links.append(email)

    def visitor(self, **headers: str) -> Visitor:
        """Return somebody who has not been here before."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Visitor(self.app, headers=named, origin=self.settings.public_url)

    async def member(self, name: str = "anna", role: Role = Role.MEMBER) -> Any:
        """Give somebody an account with PASSWORD."""
        draft = NewMember(name, name.title(), email=f"{name}@people.example", password=PASSWORD, role=role)
        return await members.add(draft, base=self.settings.public_url, now=self.clock.now())

    async def signed_in(self, name: str = "anna", role: Role = Role.MEMBER) -> Visitor:
        """Return a new member who has just signed in."""
        await self.member(name, role)
        visitor = self.visitor()
        page = await visitor.send(await visitor.get("/sign-in"), "/sign-in", name=name, password=PASSWORD)
        assert page.status == 303, page.text
        return visitor
