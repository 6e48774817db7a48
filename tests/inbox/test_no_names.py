"""F-30: the name servers are away, or lie; whoever is known goes on, nobody is led inside."""

import asyncio

import pytest

from federation.client.resolver import GuardedResolver
from federation.errors import Refused
from tests.inbox.strangers import introduce
from tests.inbox.test_door_keys import follow
from tests.standing import INBOXES, Company


async def test_a_name_with_fifty_addresses_of_which_one_leads_inside_is_refused() -> None:
    async def many(_host: str) -> list[str]:
        return [*[f"93.184.216.{number}" for number in range(1, 9)], "127.0.0.1", *["93.184.216.99"] * 41]

    resolver = GuardedResolver(lookup=many, allowed_networks=(), static_hosts={})

    with pytest.raises(Refused):
        await resolver.resolve("mixed.test", 443)


@pytest.mark.parametrize("inbox", INBOXES)
async def test_without_name_servers_known_people_are_let_in_and_strangers_asked_to_come_back(
    company: Company, monkeypatch: pytest.MonkeyPatch, inbox: str
) -> None:
    rosa = await introduce(company, company.good, "rosa", inbox)
    eve = company.evil.actor("eve")
    asked: list[str] = []

    async def dead(_self: GuardedResolver, host: str, *_arguments: object, **_named: object) -> list[object]:
        asked.append(host)
        await asyncio.sleep(0)
        raise OSError("no name server answers")

    monkeypatch.setattr(GuardedResolver, "resolve", dead)
    known = await company.home.post(company.good, follow(company.good, rosa), rosa, inbox)
    heard_of = list(asked)
    stranger = await company.home.post(company.evil, follow(company.evil, eve), eve, inbox)

    assert (known.status, heard_of, stranger.status) == (202, [], 503)
