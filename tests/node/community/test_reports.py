"""Reports: who may report what, and what of a Flag reaches the desk."""

from dataclasses import replace

import pytest

from node.community import foreign_posts, posts, reports
from node.community.foreign_posts import ForeignPost
from node.community.posts import PostDraft
from node.community.received import Outcome
from node.community.reports import MOST_OPEN_A_HOST, ForeignReport, NewReport
from node.errors import Invalid, NotFound
from node.models import Actor, Concern, JournalEntry, Member, Post, Report, ReportState, Visibility
from node.policy.grants import Interact
from node.settings import Settings
from tests.node.community.people import BERTA, CARLO, NOW, foreigner, home, member

SECRET = "the salary list is under the mat"
FLAG = "https://far.example/flags/1"


async def written(author: Member, visibility: Visibility = Visibility.PUBLIC) -> Post:
    return await posts.publish(PostDraft(SECRET, visibility), author=author.actor, now=NOW)


async def direct_to(reader: Member) -> str:
    uri = f"{BERTA.uri}/statuses/9"
    draft = ForeignPost(
        uri=uri,
        author_uri=BERTA.uri,
        visibility=Visibility.DIRECT,
        content_html=f"<p>{SECRET}</p>",
        mentioned_uris=(reader.actor.uri,),
    )
    assert (await foreign_posts.receive(draft, now=NOW)).outcome is Outcome.STORED
    return uri


async def flag(reporter: Actor, *uris: str, activity_uri: str = FLAG, text: str = "<p>Rude.</p>") -> Outcome:
    found = ForeignReport(reporter, activity_uri, uris, text)
    return (await reports.receive(found, now=NOW)).outcome


async def test_what_a_person_may_not_read_they_may_not_report(database: Settings) -> None:
    """V-L01: reporting is no way to read, or to learn of, a private message."""
    await home()
    await foreigner()
    anna, bela = await member(), await member("bela", "Bela")
    message, draft = await direct_to(anna), await written(anna, Visibility.DRAFT)
    inside = await written(anna, Visibility.MEMBERS)

    for uri, by in ((message, bela), (message, None), (draft.uri, bela), (inside.uri, None), (f"{message}0", bela)):
        with pytest.raises(NotFound) as refused:
            await reports.file(NewReport((uri,), Concern.SPAM), by=by, now=NOW)
        assert str(refused.value) == "nothing here that this reporter could report"

    assert await Report.all().count() == 0


async def test_whoever_got_a_private_message_may_report_it(node_database: Settings) -> None:
    await home()
    berta = await foreigner()
    anna = await member()
    message = await direct_to(anna)

    report = await reports.file(NewReport((message,), Concern.HARASSMENT), by=anna, now=NOW)

    assert (report.target_id, report.objects, report.reporter_id) == (berta.id, [message], anna.actor_id)


async def test_a_report_is_about_one_person_and_not_about_oneself(node_database: Settings) -> None:
    await home()
    anna, bela = await member(), await member("bela", "Bela")
    ours, theirs = await written(anna), await written(bela)

    with pytest.raises(NotFound):
        await reports.file(NewReport((ours.uri, theirs.uri), Concern.SPAM), by=None, now=NOW)
    with pytest.raises(NotFound):
        await reports.file(NewReport((), Concern.SPAM), by=None, now=NOW)
    with pytest.raises(Invalid):
        await reports.file(NewReport((ours.uri,), Concern.SPAM), by=anna, now=NOW)


async def test_a_report_says_what_is_wrong(node_database: Settings) -> None:
    await home()
    post = await written(await member())

    for draft in (
        NewReport((post.uri,), Concern.OTHER, "  "),
        NewReport((post.uri,), Concern.SPAM, "x" * (reports.LONGEST_TEXT + 1)),
        NewReport((post.uri,), Concern.SPAM, reply_address="nobody"),
    ):
        with pytest.raises(Invalid):
            await reports.file(draft, by=None, now=NOW)


async def test_a_visitor_reports_with_an_address_for_the_answer(database: Settings) -> None:
    await home()
    anna = await member()
    post = await written(anna)

    report = await reports.file(
        NewReport((post.uri,), Concern.OTHER, " It names my child. ", forward=True, reply_address="Eve@Mail.Example"),
        by=None,
        now=NOW,
    )

    assert (report.reporter_id, report.reply_address, report.target_id) == (None, "eve@mail.example", anna.actor_id)
    assert (report.text, report.objects, report.state) == ("It names my child.", [post.uri], ReportState.OPEN)
    assert not report.forward
    assert await JournalEntry.filter(fact="ReportForwarded").count() == 0


async def test_a_report_about_somebody_elsewhere_can_be_passed_on(database: Settings) -> None:
    await home()
    berta, anna = await foreigner(), await member()

    kept = await reports.file(NewReport((berta.uri,), Concern.SPAM), by=anna, now=NOW)
    passed = await reports.file(NewReport((berta.uri,), Concern.SPAM, forward=True), by=anna, now=NOW)

    assert [kept.forward, passed.forward] == [False, True]
    told = await JournalEntry.filter(fact="ReportForwarded").values_list("payload", flat=True)
    assert told == [{"report_id": passed.id}]


async def test_a_flag_about_nobody_of_ours_is_ignored(node_database: Settings) -> None:
    await home()
    berta, carlo, anna = await foreigner(), await foreigner(CARLO), await member()

    assert await flag(berta, carlo.uri) is Outcome.IGNORED
    assert await flag(berta) is Outcome.IGNORED
    assert await flag(berta, f"{anna.actor.uri}0", "javascript:alert(1)") is Outcome.IGNORED
    assert await flag(anna.actor, berta.uri) is Outcome.IGNORED
    found = ForeignReport(berta, FLAG, (anna.actor.uri,))
    assert (await reports.receive(found, now=NOW, grant=Interact.NONE)).outcome is Outcome.IGNORED
    assert await Report.all().count() == 0


async def test_a_flag_reaches_the_desk_once(database: Settings) -> None:
    await home()
    berta, anna = await foreigner(), await member()
    post = await written(anna)

    assert await flag(berta, anna.actor.uri, post.uri, f"{BERTA.uri}/statuses/1") is Outcome.STORED
    assert await flag(berta, anna.actor.uri, post.uri) is Outcome.UNCHANGED

    report = await Report.get()
    assert (report.target_id, report.objects, report.reporter_id) == (anna.actor_id, [post.uri], berta.id)
    assert (report.text, report.category, report.activity_uri) == ("Rude.", Concern.OTHER, FLAG)


async def test_a_flag_brings_no_private_words_of_others(node_database: Settings) -> None:
    """V-L01: a server that can't have something can't put it before the moderators either."""
    await home()
    berta, anna = await foreigner(), await member()
    hidden = [await written(anna, each) for each in (Visibility.DRAFT, Visibility.MEMBERS, Visibility.NETWORK)]

    assert await flag(berta, *(post.uri for post in hidden)) is Outcome.IGNORED
    assert await flag(berta, anna.actor.uri, *(post.uri for post in hidden)) is Outcome.STORED

    assert (await Report.get()).objects == []


async def test_one_server_cannot_flood_the_desk(node_database: Settings) -> None:
    await home()
    berta, carlo, anna = await foreigner(), await foreigner(CARLO), await member()
    same = {"reporter": berta, "target": anna.actor, "created_at": NOW}
    await Report.bulk_create([Report(public_id=f"r{number}", **same) for number in range(MOST_OPEN_A_HOST)])

    assert await flag(berta, anna.actor.uri) is Outcome.IGNORED
    assert await flag(carlo, anna.actor.uri) is Outcome.STORED


async def test_hostile_text_is_kept_as_plain_words(node_database: Settings) -> None:
    await home()
    berta, anna = await foreigner(replace(BERTA, name="berta")), await member()

    await flag(berta, anna.actor.uri, text="<script>alert(1)</script><p>Spam &lt;b&gt;</p>" + "y" * 9000)

    text = (await Report.get()).text
    assert text.startswith("Spam <b>")
    assert len(text) <= reports.LONGEST_TEXT
