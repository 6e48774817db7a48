"""The moderators' desk through its pages: who sees what, what a decision does, what wants a fresh proof."""

from node.community import addresses, members, moderation, modlog, reports
from node.community.kinds import Role
from node.community.moderation import Act
from node.community.reports import NewReport
from node.models import ActKind, Concern, JournalEntry, Member, MemberState, ModerationAct, Post, Report, ReportState
from tests.web.pages.conftest import Inhabited
from tests.web.pages.conftest import furnished as furnished
from tests.web.pages.conftest import inhabited as inhabited
from tests.web.visitor import Visitor

QUARTER = 15 * 60
WORDS = "My telephone number is in it."
ACT = {"reason_code": "data-protection", "reason": "A number of somebody else"}


async def reported(place: Inhabited, by: Member | None = None) -> Report:
    uri = addresses.post_uri(place.building.settings.public_url, place.village.post)
    return await reports.file(NewReport((uri,), Concern.DATA_PROTECTION, WORDS), by=by, now=place.building.clock.now())


async def moderator(place: Inhabited) -> Visitor:
    return await place.building.signed_in("mona", Role.MODERATOR)


async def test_who_is_reported_sees_neither_report_nor_reporter(inhabited: Inhabited) -> None:
    """T-58: a moderator's own affairs are somebody else's."""
    mona = await moderator(inhabited)
    row = await Member.get(actor__local_name="mona").select_related("actor")
    await inhabited.building.member("cora")
    cora = await Member.get(actor__local_name="cora").select_related("actor")
    draft = NewReport((row.actor.uri,), Concern.HARASSMENT, WORDS)
    report = await reports.file(draft, by=cora, now=inhabited.building.clock.now())

    desk, page = await mona.get("/admin/desk"), await mona.get(f"/admin/reports/{report.public_id}")

    assert "1 report is about you." in desk.shown()
    assert page.status == 404
    assert not any(word in desk.text + page.text for word in (WORDS, "cora", "Cora"))


async def test_a_report_is_decided_answered_and_undone(inhabited: Inhabited) -> None:
    mona, report = await moderator(inhabited), await reported(inhabited)
    path = f"/admin/reports/{report.public_id}"

    desk = await mona.get("/admin/desk")
    page = await mona.get(path)
    done = await mona.send(page, f"{path}/decide", kind="hide", **ACT)

    assert WORDS in desk.shown() and f'href="{path}"' in desk.text
    assert "We counted the questions" in page.shown()
    assert (done.status, done.header("location")) == (303, "/admin/desk")
    assert (await Report.get()).state is ReportState.RESOLVED
    assert (await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}")).status == 410
    act = await ModerationAct.get()
    back = await mona.send(await mona.get(path), f"/admin/moderation/{act.public_id}/undo")
    assert (back.status, back.header("location")) == (303, path)
    assert (await inhabited.building.visitor().get(f"/posts/{inhabited.village.post}")).status == 200


async def test_the_strong_acts_want_a_fresh_proof(inhabited: Inhabited) -> None:
    """T-58, A-14."""
    mona, report = await moderator(inhabited), await reported(inhabited)
    path = f"/admin/reports/{report.public_id}"
    page = await mona.get(path)
    inhabited.building.clock.advance(QUARTER + 1)

    asked = await mona.send(page, f"{path}/decide", kind="suspend", uri=inhabited.anna.actor.uri, **ACT)
    mild = await mona.send(page, f"{path}/decide", kind="warn", uri=inhabited.anna.actor.uri, close="", **ACT)

    assert (asked.status, "Confirm" in asked.shown()) == (403, True)
    assert mild.status == 303
    assert (await Member.get(id=inhabited.anna.id)).state is MemberState.ACTIVE
    assert [each.kind for each in await ModerationAct.all()] == [ActKind.WARN]


async def test_a_moderator_does_not_decide_about_a_steward(inhabited: Inhabited) -> None:
    """V-S09, V-W02, V-M36."""
    mona = await moderator(inhabited)
    await Member.filter(id=inhabited.anna.id).update(role=Role.STEWARD)
    report = await reported(inhabited)
    path = f"/admin/reports/{report.public_id}"
    token = (await mona.get("/admin/moderate?uri=" + inhabited.anna.actor.uri)).form("/admin/moderate")["form_token"]

    page = await mona.get(path)
    forced = await mona.post(
        f"{path}/decide", {"form_token": token, "kind": "suspend", "uri": inhabited.anna.actor.uri, **ACT}
    )
    closed = await mona.post(f"{path}/reopen", {"form_token": token})

    assert f'action="{path}/decide"' not in page.text
    assert (forced.status, closed.status) == (422, 403)
    assert (await Member.get(id=inhabited.anna.id)).state is MemberState.ACTIVE
    assert (await Report.get()).state is ReportState.OPEN
    assert await ModerationAct.all().count() == 0


async def test_disabled_staff_loses_the_desk_at_once(inhabited: Inhabited) -> None:
    """V-M38."""
    mona, report = await moderator(inhabited), await reported(inhabited)
    row = await Member.get(actor__local_name="mona")
    page = await mona.get(f"/admin/reports/{report.public_id}")
    await members.set_state(row, MemberState.DISABLED, by=None, now=inhabited.building.clock.now())

    answers = [
        await mona.get("/admin/desk"),
        await mona.get(f"/admin/reports/{report.public_id}"),
        await mona.send(page, f"/admin/reports/{report.public_id}/decide", kind="hide", **ACT),
    ]

    assert answers[0].status == answers[1].status == 401
    assert answers[2].status in {401, 403}
    assert not any(WORDS in answer.text for answer in answers)
    assert await ModerationAct.all().count() == 0


async def test_dismissing_wants_no_reason_and_can_be_reopened(inhabited: Inhabited) -> None:
    mona, report = await moderator(inhabited), await reported(inhabited)
    path = f"/admin/reports/{report.public_id}"

    done = await mona.send(await mona.get(path), f"{path}/decide", kind="dismiss")
    listed = await mona.get("/admin/reports")
    again = await mona.send(await mona.get(path), f"{path}/reopen")

    assert (done.status, again.status) == (303, 303)
    assert f'href="{path}"' in listed.text
    assert (await Report.get()).state is ReportState.OPEN
    assert await JournalEntry.filter(fact="ReportDecided").count() == 2


async def test_a_decision_that_fails_changes_nothing(inhabited: Inhabited) -> None:
    mona, report = await moderator(inhabited), await reported(inhabited)
    path = f"/admin/reports/{report.public_id}"

    page = await mona.send(await mona.get(path), f"{path}/decide", kind="mark", **ACT)

    assert (page.status, page.problems()) == (422, ["warning"])
    assert page.form(f"{path}/decide")["reason"] == ACT["reason"]
    assert ((await Report.get()).state, await ModerationAct.all().count()) == (ReportState.OPEN, 0)
    assert await Post.filter(imposed_warning="").count() == await Post.all().count()


async def test_a_members_answer_comes_to_the_desk(inhabited: Inhabited) -> None:
    mona, now = await moderator(inhabited), inhabited.building.clock.now()
    row = await Member.get(actor__local_name="mona").select_related("actor")
    wanted = Act(kind=ActKind.WARN, uri=inhabited.anna.actor.uri, reason_code=Concern.RULES, reason="x")
    act = await moderation.act(wanted, by=row, now=now)
    await modlog.reply(inhabited.anna, act.public_id, "I can prove it.", now=now)

    desk = await mona.get("/admin/desk")
    settled = await mona.send(desk, f"/admin/moderation/{act.public_id}/settle")

    assert "I can prove it." in desk.shown()
    assert settled.status == 303
    assert "I can prove it." not in (await mona.get("/admin/desk")).shown()
