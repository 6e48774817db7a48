"""A sign-in link by mail: only for those who have an account, and nobody can tell who has one (T-53, T-55, T-92)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from node.community import links, members
from node.community.members import NewMember
from node.community.node_profile import Description
from node.models import LinkPurpose, MemberState, OneTimeLink, OutgoingMail
from node.serving import foundation, letters
from node.serving.assembly import Node, assemble
from node.serving.letters import mail_sign_in_link
from node.settings import Settings
from tests.clock import START, FakeClock


class NoMailer:
    """Nothing is sent in these tests; that there is a mailer is enough."""

    async def send(self, message: EmailMessage) -> None:
        raise AssertionError("a page sends nothing")


class Waits:
    """Notes for how long somebody was made to wait."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Waits:
    found = Waits()
    monkeypatch.setattr("node.serving.letters.asyncio.sleep", found)
    return found


@pytest.fixture
async def node(database: Settings, clock: FakeClock) -> AsyncIterator[Node]:
    await foundation.lay(database, Description(name="Home"), now=START)
    await members.add(NewMember("anna", "Anna", "anna@people.example"), base="https://home.example", now=START)
    found = assemble(database, name="Home", clock=clock)
    yield replace(found, surroundings=replace(found.surroundings, mailer=NoMailer()))
    await found.surroundings.client.aclose()


async def ask(node: Node, email: str) -> tuple[int, int]:
    """Ask for a link; return how many letters and standing links there are."""
    await mail_sign_in_link(email, surroundings=node.surroundings, sender=node.sender)
    return await OutgoingMail.all().count(), await OneTimeLink.filter(used_at__isnull=True).count()


async def test_nobody_else_gets_a_letter(node: Node, waits: Waits) -> None:
    anna = await members.by_name("anna")
    asked = [
        await ask(node, email) for email in ("", "nobody@people.example", "anna", "anna@people.example\nx@y.example")
    ]
    await members.set_state(anna, MemberState.DISABLED, by=None, now=START)
    asked.append(await ask(node, "anna@people.example"))

    assert asked == [(0, 0)] * 5


async def test_the_letter_has_a_link_that_works_once(node: Node, waits: Waits) -> None:
    assert await ask(node, " Anna@PEOPLE.example") == (1, 1)

    letter = await OutgoingMail.get()
    secret = letter.text.partition("https://home.example/sign-in/link/")[2].split()[0]
    used = await links.use(secret, LinkPurpose.SIGN_IN, now=START)
    assert (letter.to_address, used.member.actor.name) == ("anna@people.example", "anna")


async def test_the_answer_takes_as_long_for_everybody(node: Node, clock: FakeClock, waits: Waits) -> None:
    """T-53."""
    await ask(node, "anna@people.example")
    await ask(node, "nobody@people.example")

    assert waits.seconds == [letters.ANSWER_SECONDS] * 2


async def test_too_many_letters_leave_the_last_link_as_it_is(node: Node, clock: FakeClock, waits: Waits) -> None:
    """T-92: three an hour; a stranger who asks on can't make the link in the last letter useless."""
    counts = []
    for _ in range(5):
        clock.advance(60)
        counts.append(await ask(node, "anna@people.example"))

    assert counts == [(1, 1), (2, 1), (3, 1), (3, 1), (3, 1)]
    letter = await OutgoingMail.all().order_by("-id").first()
    secret = letter.text.partition("/sign-in/link/")[2].split()[0]
    clock.advance(-120)
    assert await links.look(secret, LinkPurpose.SIGN_IN, now=clock.now())


async def test_without_mail_nothing_is_queued(node: Node, waits: Waits) -> None:
    """Settled: links are then shown to the admin."""
    silent = replace(node, surroundings=replace(node.surroundings, mailer=None))

    assert await ask(silent, "anna@people.example") == (0, 0)
