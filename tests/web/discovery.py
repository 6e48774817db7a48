"""A founded node that other servers ask for names and numbers, without a socket."""

from typing import Any
from urllib.parse import quote

from node.community import members
from node.community.members import NewMember
from node.community.node_profile import Description
from node.models import Member
from node.policy.registry import Registry
from node.serving import foundation
from node.serving.assembly import assemble, web_of
from node.settings import Settings, load
from tests.clock import START, FakeClock
from tests.web.visitor import Page, exchange

HOME = "home.example"
BASE = f"https://{HOME}"
WEBFINGER = "/.well-known/webfinger"


class House:
    """A founded node with one member, `anna`, asked without a socket."""

    def __init__(self, app: Any, registry: Registry, anna: Member) -> None:
        self.app, self.registry, self.anna = app, registry, anna

    async def get(self, path: str, host: str = HOME, **headers: str) -> Page:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await exchange(self.app, "GET", path, {"host": host, **named}, b"")

    async def finger(self, resource: str, host: str = HOME) -> Page:
        return await self.get(f"{WEBFINGER}?resource={quote(resource, safe='')}", host)


async def house(database: Settings, clock: FakeClock, **changes: str) -> House:
    given = {
        "PUBLIC_URL": BASE,
        "DATA_DIR": str(database.data_dir),
        "DATABASE_URL": database.database_url,
        "SECRET_KEY": database.secret_key,
    }
    settings = load({f"TALANOA_{name}": value for name, value in (given | changes).items()}, {})
    described = Description(name="Pacific governance", description="What works & what doesn't.")
    await foundation.lay(settings, described, now=START)
    anna = await members.add(NewMember("anna", "Anna Ngugi"), base=BASE, now=START)
    node = assemble(settings, name="Pacific governance", clock=clock)
    await node.registry.refresh()
    return House(web_of(node), node.registry, anna)
