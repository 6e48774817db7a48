"""Whose inbox a delivery may come to: of those who are here, also right after they left."""

import pytest

from inbox import residents
from inbox.residents import Residents
from node.community import members
from node.community.members import NewMember
from node.errors import NotFound, Withdrawn
from node.models import Actor, ActorState
from node.settings import Settings
from tests.clock import START

BASE = "https://home.example"
INBOX = f"{BASE}/ap/u/anna/inbox"


async def anna() -> None:
    await members.add(NewMember("anna", "Anna Ngugi"), base=BASE, now=START)


@pytest.mark.parametrize("path", ["/ap/u/nobody/inbox", "/ap/u/ap/inbox", "/ap/u/nobody/inbox?x=/ap/inbox"])
async def test_an_inbox_of_nobody_is_not_found(node_database: Settings, path: str) -> None:
    await anna()

    with pytest.raises(NotFound):
        await Residents().require(BASE + path, at=0.0)


async def test_who_has_left_has_no_inbox_from_that_moment(node_database: Settings) -> None:
    """T-18: what was remembered doesn't outlive the change."""
    await anna()
    known = Residents()
    await known.require(f"{BASE}/ap/inbox", at=0.0)
    await known.require(INBOX, at=0.0)
    await known.require(f"{INBOX}?a=b", at=0.5)
    await Actor.filter(uri=INBOX.removesuffix("/inbox")).update(state=ActorState.GONE)

    with pytest.raises(Withdrawn):
        await known.require(INBOX, at=0.5)


async def test_somebody_s_inbox_is_looked_up_once_a_moment(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await anna()
    asked: list[str] = []
    by_uri = residents.actors.by_uri

    async def noted(uri: str) -> Actor | None:
        asked.append(uri)
        return await by_uri(uri)

    monkeypatch.setattr(residents.actors, "by_uri", noted)
    known = Residents()
    for at in (0.0, 0.9, 1.0, 1.5):
        await known.require(INBOX, at=at)

    assert asked == [f"{BASE}/ap/u/anna"] * 2


async def test_only_so_many_inboxes_are_remembered(node_database: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residents, "REMEMBERED", 0)
    await anna()
    known = Residents()

    await known.require(INBOX, at=0.0)

    assert not known._known
