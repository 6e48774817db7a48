"""What a request knows: who asks, in which language, when, and how a form proves itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from urllib.parse import quote

from jinja2 import Environment
from quart import current_app, g

from node.community.sessions import SignedIn
from node.i18n import Translator
from node.settings import Settings
from node.surroundings import Surroundings
from web.access import Need
from web.doors import Doors
from web.node_name import NodeName
from web.secrecy import MASK_BYTES, form_token, token_text, visitor_secret
from web.static import StaticFiles
from web.throttle import AccountTries, Throttle
from web.wishes import Wishes

EXTENSION = "talanoa"


@dataclass(frozen=True, slots=True)
class House:
    """What the application holds while it runs.

    Args:
        surroundings: settings, clock and the doors to the outside.
        doors: where requests go that pages don't answer themselves.
        files: stylesheet and icons, by hashed name.
        templates: the template engine.
        entropy: returns that many random bytes.
        account_tries: passwords tried for one account.
        link_tries: links mailed to one address.
        address_tries: sign-ins from one address.
        report_tries: reports by one member, or from one address.
        used_sessions: ids seen since the last time they were noted.
        node_name: how the node calls itself.
        wishes: pictures of other servers that pages asked for.
    """

    surroundings: Surroundings
    doors: Doors
    files: StaticFiles
    templates: Environment
    entropy: Callable[[int], bytes]
    account_tries: AccountTries
    link_tries: Throttle
    address_tries: Throttle
    report_tries: Throttle
    used_sessions: set[int]
    node_name: NodeName
    wishes: Wishes

    @property
    def settings(self) -> Settings:
        """Return the settings of the node."""
        return self.surroundings.settings

    def now(self) -> datetime:
        """Return the present moment, aware UTC."""
        return self.surroundings.clock.now()


@dataclass(slots=True)
class Here:
    """One request.

    Args:
        house: what does not change between requests.
        now: when it came, aware UTC.
        session: who is signed in, None for a visitor.
        visitor: the visitor's cookie, empty until a form needs one.
        translator: the language of the answer.
        path: without the query.
        query: without the choice of language.
        address: of the client.
        title: the node's name.
        shows_pictures: False for a visitor who gets them only one by one.
        notice: code of what the page says once, empty for nothing.
    """

    house: House
    now: datetime
    session: SignedIn | None
    visitor: str
    translator: Translator
    path: str
    query: str
    address: str
    title: str
    notice: str = ""
    is_new_visitor: bool = False
    shows_pictures: bool = True

    @property
    def settings(self) -> Settings:
        """Return the settings of the node."""
        return self.house.settings

    @property
    def need(self) -> Need:
        """Return what the visitor is, on the scale of the route table."""
        return Need[self.session.member.role.name] if self.session else Need.ANYONE

    def may(self, name: str) -> bool:
        """Say whether the visitor is at least this role, such as `EDITOR`."""
        return self.need >= Need[name]

    def in_language(self, tag: str) -> str:
        """Return the address of this page in another language."""
        return f"{quote(self.path)}?{self.query}{'&' if self.query else ''}lang={tag}"

    def with_pictures(self, choice: str) -> str:
        """Return the address of this page with pictures shown, or on demand."""
        return f"{quote(self.path)}?{self.query}{'&' if self.query else ''}pictures={choice}"

    def form_secret(self) -> str:
        """Return what this visitor's form tokens are made with, empty where there is nothing yet."""
        if self.session is not None:
            return self.session.csrf_token
        return visitor_secret(self.settings.secret_key, self.visitor) if self.visitor else ""

    def csrf(self) -> str:
        """Return a token for a form on this page; give a new visitor the cookie that it belongs to."""
        if self.session is None and not self.visitor:
            self.visitor = token_text(self.house.entropy(32))
            self.is_new_visitor = True
        mask = self.house.entropy(MASK_BYTES) if self.session else bytes(MASK_BYTES)
        return form_token(self.form_secret(), mask)


def house() -> House:
    """Return what the running application holds."""
    return cast(House, current_app.extensions[EXTENSION])


def here() -> Here:
    """Return the request at hand."""
    return cast(Here, g.here)


def has_context() -> bool:
    """Say whether the request at hand came far enough to have one."""
    return "here" in g
