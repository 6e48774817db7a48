"""Reporting something, and what the reported and the reporter see of what came of it."""

from urllib.parse import quote

import pytest

from node.community import addresses, departures, journal, moderation, reports
from node.community.desk import answer
from node.community.kinds import Role
from node.community.moderation import Act
from node.community.reports import NewReport
from node.models import ActKind, Concern, Member, ModerationAct, Report
from tests.web.pages.conftest import Inhabited
from tests.web.visitor import Page, Visitor

WORDS = "My telephone number is in it."


def uri_of(place: Inhabited, post: str) -> str:
    return addresses.post_uri(place.building.settings.public_url, post)


async def opened(visitor: Visitor, uri: str) -> Page:
    return await visitor.get(f"/report?uri={quote(uri, safe='')}")


async def warned(place: Inhabited) -> ModerationAct:
    now = place.building.clock.now()
    await place.building.member("mona", Role.MODERATOR)
    mona = await Member.get(actor__local_name="mona").select_related("actor")
    act = Act(
        kind=ActKind.WARN, uri=uri_of(place, place.village.warned_post), reason_code=Concern.RULES, reason="No proof."
    )
    return await moderation.act(act, by=mona, now=now)


async def test_what_a_visitor_may_not_read_can_not_be_reported(inhabited: Inhabited) -> None:
    """V-L01: the same answer for what is not for them and for what does not exist; nothing of it is shown."""
    hidden, none = uri_of(inhabited, inhabited.village.members_post), uri_of(inhabited, "0" * 26)
    visitor = inhabited.building.visitor()

    pages = [await opened(visitor, hidden), await opened(visitor, none)]

    assert [page.status for page in pages] == [404, 404]
    assert "secretariat" not in pages[0].text
    assert pages[0].shown() == pages[1].shown()


async def test_a_visitor_reports_a_post(inhabited: Inhabited) -> None:
    visitor, uri = inhabited.building.visitor(), uri_of(inhabited, inhabited.village.post)
    thread = await visitor.get(f"/posts/{inhabited.village.post}")
    assert "/report?uri=" in thread.text

    form = await opened(visitor, uri)
    inhabited.building.clock.advance(5)
    page = await visitor.send(form, "/report", category="data-protection", text=WORDS, email="eve@mail.example")

    assert (page.status, "on the moderators' desk" in page.shown()) == (200, True)
    report = await Report.get()
    assert (report.text, report.objects, report.reply_address, report.reporter_id) == (
        WORDS,
        [uri],
        "eve@mail.example",
        None,
    )


async def test_what_was_typed_is_kept_when_something_is_wrong(inhabited: Inhabited) -> None:
    visitor, uri = inhabited.building.visitor(), uri_of(inhabited, inhabited.village.post)
    form = await opened(visitor, uri)
    inhabited.building.clock.advance(5)

    page = await visitor.send(form, "/report", category="other", text=WORDS, email="nobody")

    assert (page.status, page.problems()) == (422, ["email"])
    assert page.form("/report")["text"] == WORDS
    assert await Report.all().count() == 0


async def test_many_reports_have_to_wait_and_keep_their_text(inhabited: Inhabited) -> None:
    visitor, uri = inhabited.building.visitor(), uri_of(inhabited, inhabited.village.post)
    form = await opened(visitor, uri)
    inhabited.building.clock.advance(5)

    pages = [await visitor.send(form, "/report", category="spam", text=WORDS) for _ in range(11)]

    assert [page.status for page in pages] == [200] * 10 + [429]
    assert pages[-1].form("/report")["text"] == WORDS
    assert await Report.all().count() == 10


async def test_a_decision_is_read_by_whom_it_concerns_alone(inhabited: Inhabited) -> None:
    """V-M25."""
    path = f"/moderation/{(await warned(inhabited)).public_id}"
    stranger = await inhabited.building.signed_in("bela")

    assert (await stranger.get(path)).status == 404
    assert (await inhabited.building.visitor().get(path)).status == 401


async def test_a_member_is_told_and_can_answer(inhabited: Inhabited) -> None:
    bela = await inhabited.building.signed_in("bela")
    await inhabited.building.member("mona", Role.MODERATOR)
    mona = await Member.get(actor__local_name="mona").select_related("actor")
    bela_row = await Member.get(actor__local_name="bela").select_related("actor")
    wanted = Act(kind=ActKind.WARN, uri=bela_row.actor.uri, reason_code=Concern.RULES, reason="No proof.")
    act = await moderation.act(wanted, by=mona, now=inhabited.building.clock.now())
    path = f"/moderation/{act.public_id}"

    notices = await bela.get("/notifications")
    page = await bela.get(path)
    sent = await bela.send(page, f"{path}/reply", reply="The court named them.")

    assert f'href="{path}"' in notices.text
    assert "No proof." in page.shown()
    assert not any(name in page.text for name in ("mona", "Mona"))
    assert sent.status == 303
    assert "The court named them." in (await bela.get(path)).shown()
    assert f'action="{path}/reply"' not in (await bela.get(path)).text


@pytest.mark.parametrize("name", ["bela", ""])
async def test_a_report_is_read_by_its_reporter_alone(inhabited: Inhabited, name: str) -> None:
    """V-M25."""
    cora = await inhabited.building.signed_in("cora")
    cora_row = await Member.get(actor__local_name="cora").select_related("actor")
    now = inhabited.building.clock.now()
    draft = NewReport((uri_of(inhabited, inhabited.village.post),), Concern.SPAM, WORDS)
    report = await reports.file(draft, by=cora_row, now=now)
    await inhabited.building.member("mona", Role.MODERATOR)
    mona = await Member.get(actor__local_name="mona").select_related("actor")
    await answer(report.public_id, "We asked her to take it out.", by=mona, now=now)
    path = f"/reports/{report.public_id}"
    other = await inhabited.building.signed_in(name) if name else inhabited.building.visitor()

    assert (await other.get(path)).status == (404 if name else 401)
    assert "We asked her to take it out." in (await cora.get(path)).shown()
    assert f'href="{path}"' in (await cora.get("/notifications")).text


async def test_the_log_names_nobody_who_was_warned_or_who_left(inhabited: Inhabited) -> None:
    act = await warned(inhabited)
    mona = await Member.get(actor__local_name="mona").select_related("actor")
    now = inhabited.building.clock.now()
    limit = Act(kind=ActKind.LIMIT, uri=inhabited.anna.actor.uri, reason_code=Concern.SPAM, reason="Too many links.")
    await moderation.act(limit, by=mona, now=now)
    visitor = inhabited.building.visitor()

    before = (await visitor.get("/about/moderation")).shown()
    from_then_on = await _without_anna(inhabited, visitor)

    assert ("Warned a post" in before, "Limited an account · Anna" in before, "Too many links." in before) == (
        True,
        True,
        True,
    )
    assert "No proof." not in before
    assert ("Anna" in from_then_on, "Too many links." in from_then_on, "Limited an account" in from_then_on) == (
        False,
        False,
        True,
    )
    assert await ModerationAct.filter(id=act.id, target_id=None).count() == 1


async def _without_anna(place: Inhabited, visitor: Visitor) -> str:
    anna = await Member.get(id=place.anna.id).select_related("actor")
    await departures.leave(anna.actor, now=place.building.clock.now())
    assert await journal.verify_chain() == 2
    return (await visitor.get("/about/moderation")).shown()
