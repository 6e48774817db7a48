"""The daily letter of the desk and the letters about decisions: each once, only if there is something to say."""

import asyncio
from datetime import timedelta

import pytest

from node.community import desk, moderation, reports
from node.community.moderation import Act
from node.community.reports import NewReport
from node.mail import desk_letters
from node.mail.desk_letters import Post
from node.mail.message import Sender, message_id
from node.models import (
    ActKind,
    Concern,
    DeskLetter,
    Job,
    JobState,
    Member,
    MemberState,
    OutgoingMail,
    Report,
    Role,
)
from node.settings import Settings
from tests.node.community.people import BASE, NOW, home, member

OFFICE = Post(Sender("Network", "talanoa@network.example"), BASE, "talk@home.example")
NO_MAIL = Post(None, BASE)


async def office() -> Post:
    return OFFICE


async def without_mail() -> Post:
    return NO_MAIL


async def nothing() -> int:
    return 0


async def two() -> int:
    return 2


async def staff(name: str = "mona", role: Role = Role.MODERATOR) -> Member:
    row = await member(name, name.title(), role)
    await Member.filter(id=row.id).update(email=f"{name}@people.example")
    return row


async def reported() -> Report:
    anna = await member()
    return await reports.file(
        NewReport((anna.actor.uri,), Concern.SPAM, reply_address="eve@mail.example"), by=None, now=NOW
    )


async def mails() -> list[tuple[str, str]]:
    return [(row.message_id, row.to_address) for row in await OutgoingMail.all().order_by("id")]


async def test_nobody_is_written_to_about_nothing(node_database: Settings) -> None:
    await home()
    await staff()

    assert await desk_letters.queue_daily(OFFICE, dead=two, now=NOW) == 0
    await reported()
    assert await desk_letters.queue_daily(NO_MAIL, dead=nothing, now=NOW) == 0
    assert await desk_letters.queue_daily(OFFICE, dead=nothing, now=NOW.replace(hour=5)) == 0
    await Member.filter(role=Role.MODERATOR).update(desk_letters_wanted=False)
    assert await desk_letters.queue_daily(OFFICE, dead=nothing, now=NOW) == 0
    await Member.filter(role=Role.MODERATOR).update(desk_letters_wanted=True, state=MemberState.DISABLED)
    assert await desk_letters.queue_daily(OFFICE, dead=nothing, now=NOW) == 0
    assert (await mails(), await DeskLetter.all().count()) == ([], 0)


async def test_each_of_the_staff_gets_one_letter_a_day_whoever_writes_it(database: Settings) -> None:
    """R-15, T-94, F-12: the claim is a row with a unique key, the Message-ID is made of member and day."""
    await home()
    mona, fia = await staff(), await staff("fia", Role.FEDERATION_ADMIN)
    await reported()

    done = await asyncio.gather(*(desk_letters.queue_daily(OFFICE, dead=two, now=NOW) for _ in range(4)))
    later = await desk_letters.queue_daily(OFFICE, dead=two, now=NOW + timedelta(hours=3))

    assert (sum(done), later) == (2, 0)
    host = OFFICE.sender.host if OFFICE.sender else ""
    assert await mails() == [
        (message_id("desk", f"{row.id} 2026-11-21", host), f"{name}@people.example")
        for row, name in ((mona, "mona"), (fia, "fia"))
    ]
    texts = [row.text for row in await OutgoingMail.all().order_by("id")]
    assert ["1 report" in text for text in texts] == [True, True]
    assert ["2 things given up" in text for text in texts] == [False, True]
    assert await desk_letters.queue_daily(OFFICE, dead=two, now=NOW + timedelta(days=1)) == 2


async def test_a_letter_that_could_not_be_queued_leaves_no_claim(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-12: a crash between claim and letter takes both back, so that the letter is written later."""
    await home()
    await staff()
    await reported()

    async def crash(*_: object, **__: object) -> None:
        raise RuntimeError("killed here")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(desk_letters, "post", crash)
        await desk_letters.queue_daily(OFFICE, dead=nothing, now=NOW)

    assert await DeskLetter.all().count() == 0
    assert await desk_letters.queue_daily(OFFICE, dead=nothing, now=NOW) == 1


async def test_a_decision_and_an_answer_are_mailed_once(database: Settings) -> None:
    await home()
    mona, report = await staff(), await reported()
    anna = await Member.get(actor__local_name="anna").select_related("actor")
    await Member.filter(id=anna.id).update(email="anna@people.example")
    wanted = Act(kind=ActKind.SUSPEND, uri=anna.actor.uri, reason_code=Concern.SPAM, reason="Forty links a day.")
    await moderation.act(wanted, by=mona, now=NOW)
    await desk.answer(report.public_id, "The account is closed.", by=mona, now=NOW)

    while await desk_letters.step(office, clock=lambda: NOW):
        pass

    found = {row.to_address: row.text for row in await OutgoingMail.all()}
    assert set(found) == {"anna@people.example", "eve@mail.example"}
    assert "Forty links a day." in found["anna@people.example"] and "talk@home.example" in found["anna@people.example"]
    assert "The account is closed." in found["eve@mail.example"]
    assert "eve@mail.example" not in found["anna@people.example"]
    assert await Job.filter(kind="desk-letter", state=JobState.DONE).count() == 2


async def test_without_a_mail_server_the_work_ends_with_a_reason(node_database: Settings) -> None:
    await home()
    mona, report = await staff(), await reported()
    await desk.answer(report.public_id, "Closed.", by=mona, now=NOW)

    await desk_letters.step(without_mail, clock=lambda: NOW)

    assert await Job.filter(kind="desk-letter").values_list("state", "reason") == [(JobState.DONE, "no mail server")]
