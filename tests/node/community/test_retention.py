"""What nobody needs any more goes, and nothing else; counted first, in small steps, on both databases. T-30."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from inbox.models import ReceivedActivity
from node.community import foreign_pictures, foreign_posts, interactions, posts, retention
from node.community.attachments import ForeignAttachment
from node.community.foreign_pictures import Size, Wanted
from node.community.foreign_posts import ForeignPost
from node.community.once import Columns
from node.community.posts import PostDraft
from node.community.retention import Housekeeper
from node.media.processing import Processed
from node.media.store import elsewhere_store
from node.models import (
    Actor,
    Attachment,
    Follow,
    FollowState,
    ForeignPicture,
    Job,
    JobState,
    Mention,
    Post,
    RetentionRun,
    Visibility,
)
from node.settings import Settings
from node.settings.values import SettingsError, days_or_for_ever
from tests.clock import FakeClock
from tests.node.community.people import BERTA, CARLO, NOW, foreigner, home, member

LONG_AGO = NOW - timedelta(days=400)


async def no_pause(_seconds: float) -> None:
    """Let nothing wait in a test."""


def keeper(settings: Settings, **changes: Any) -> Housekeeper:
    chosen = replace(settings, **changes)
    return Housekeeper(chosen, FakeClock(NOW), elsewhere_store(chosen.data_dir), no_pause)


async def foreign_post(number: int, *, at: datetime = LONG_AGO, **changes: Any) -> str:
    uri = f"{BERTA.uri}/statuses/{number}"
    draft = ForeignPost(
        uri=uri,
        author_uri=BERTA.uri,
        visibility=Visibility.PUBLIC,
        content_html=f"<p>{number}</p>",
        published_at=at,
        is_solicited=True,
        attachments=(ForeignAttachment(f"https://far.example/{number}.png", "image/png"),),
    )
    await foreign_posts.receive(replace(draft, **changes), now=at)
    return uri


async def received(number: int, *, at: datetime, state: str = "done") -> None:
    uri = f"https://far.example/activities/{number}"
    row: Columns = {"actor_uri": BERTA.uri, "signer_uri": BERTA.uri, "type": "Create", "body": b"{}"}
    row |= {"received_at": at, "due_at": at, "state": state}
    await ReceivedActivity.create(actor_origin="https://far.example", activity_uri=uri, **row)


async def test_nothing_that_anybody_here_has_to_do_with_goes(database: Settings) -> None:
    await home()
    anna = await member()
    await foreigner()
    liked, boosted, answered, naming, young = [await foreign_post(number) for number in range(4)] + [
        await foreign_post(4, at=NOW)
    ]
    below = await foreign_post(5, in_reply_to_uri=answered)
    await interactions.like(liked, by=anna.actor, now=NOW)
    await interactions.boost(boosted, by=anna.actor, now=NOW)
    await posts.publish(PostDraft(text="Yes", in_reply_to_uri=answered), author=anna.actor, now=NOW)
    await Mention.create(object_uri=naming, actor=anna.actor)

    found = await retention.run(keeper(database), dry=False)

    assert (found.counts["foreign posts"], found.counts["foreign people"]) == (0, 0)
    assert {post.uri for post in await Post.filter(is_local=False)} == {liked, boosted, answered, naming, young, below}


async def test_posts_of_somebody_followed_stay(database: Settings) -> None:
    await home()
    anna, berta = await member(), await foreigner()
    await foreign_post(1)
    await Follow.create(follower=anna.actor, target=berta, state=FollowState.ACCEPTED, created_at=NOW)

    assert (await retention.run(keeper(database), dry=False)).counts["foreign posts"] == 0
    assert await Post.filter(is_local=False).count() == 1


async def test_what_nobody_needs_goes_with_all_that_hangs_on_it_and_then_its_author(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "WINDOW", 7)
    await home()
    anna = await member()
    ours = await posts.publish(PostDraft(text="Ours stays."), author=anna.actor, now=LONG_AGO)
    await foreigner()
    await foreigner(CARLO)
    await Actor.filter(is_local=False).update(created_at=LONG_AGO)
    for number in range(30):
        await foreign_post(number)

    dry = await retention.run(keeper(database), dry=True)
    kept_by_the_dry_run = await Post.filter(is_local=False).count()
    FakeClock().advance(1)
    done = await retention.nightly(keeper(database))

    assert (dry.counts["foreign posts"], kept_by_the_dry_run) == (30, 30)
    assert dry.counts["foreign people"] == 1, "only carlo: berta has posts as long as nothing really goes"
    assert done is not None
    assert (done.counts["foreign posts"], done.counts["foreign people"]) == (30, 2)
    assert [post.uri for post in await Post.filter(is_guide=False)] == [ours.uri]
    assert (await Attachment.all().count(), await Actor.filter(is_local=False).count()) == (0, 0)


async def test_raw_activities_stay_for_thirty_days_and_while_they_wait(database: Settings) -> None:
    for number, (days, state) in enumerate(
        ((29, "done"), (31, "done"), (31, "ignored"), (31, "dead"), (31, "pending"))
    ):
        await received(number, at=NOW - timedelta(days=days), state=state)

    found = await retention.run(keeper(database), dry=False)

    assert found.counts["received activities"] == 3
    assert sorted([row.activity_uri[-1] for row in await ReceivedActivity.all()]) == ["0", "4"]


async def test_ended_jobs_go_and_waiting_ones_never(database: Settings) -> None:
    for key, state, ended in (("a", "done", LONG_AGO), ("b", "dead", LONG_AGO), ("c", "pending", None)):
        await Job.create(kind="x", key=key, state=JobState(state), due_at=LONG_AGO, created_at=LONG_AGO, ended_at=ended)

    found = await retention.run(keeper(database), dry=False)

    assert (found.counts["ended jobs"], [job.key for job in await Job.all()]) == (2, ["c"])


async def test_pictures_go_unseen_or_for_want_of_room_with_their_files(database: Settings) -> None:
    housekeeper = keeper(database, foreign_picture_mib=1)
    made = Processed(b"w" * 700_000, b"t", 1, 1)
    for number, days in enumerate((40, 2, 1)):
        wanted, then = Wanted(f"https://far.example/{number}.png", Size.PICTURE, "far.example"), NOW
        name = await foreign_pictures.write(made, housekeeper.store, now=then)
        await foreign_pictures.keep(wanted, "far.example", made, name=name, now=NOW - timedelta(days=days))
    names = [str(row.name) for row in await ForeignPicture.all().order_by("used_at")]

    found = await retention.run(housekeeper, dry=False)

    left = [name for name in names if await ForeignPicture.exists(name=name)]
    assert found.counts["foreign pictures"] == 3
    assert left == []
    assert [
        path for folder in await housekeeper.store.folders() for path in await housekeeper.store.older(folder, NOW)
    ] == []


async def test_zero_days_keep_everything(node_database: Settings) -> None:
    await received(1, at=LONG_AGO)

    found = await retention.run(keeper(node_database, keep_received_days=0), dry=False)

    assert (found.counts["received activities"], await ReceivedActivity.all().count()) == (0, 1)


async def test_only_one_process_runs_a_night_and_each_run_is_listed(node_database: Settings) -> None:
    first, second = await retention.nightly(keeper(node_database)), await retention.nightly(keeper(node_database))

    assert (first is None, second) == (False, None)
    (listed,) = await retention.last_runs()
    assert (listed, listed.ended_at) == (first, NOW)
    await retention.forget_old_runs(now=NOW + timedelta(days=91))
    assert await RetentionRun.all().count() == 0


async def test_a_count_that_was_asked_for_is_made_once_and_deletes_nothing(database: Settings) -> None:
    await received(1, at=LONG_AGO)
    unasked = await retention.count_asked(keeper(database))
    await retention.ask_count(now=NOW)
    await retention.ask_count(now=NOW)
    asked = await retention.is_count_asked()

    counted, again = await retention.count_asked(keeper(database)), await retention.count_asked(keeper(database))

    assert (unasked, asked, await retention.is_count_asked(), again) == (None, True, False, None)
    assert counted is not None
    assert (counted.is_dry, counted.counts["received activities"], counted.ended_at) == (True, 1, NOW)
    assert await ReceivedActivity.all().count() == 1
    await retention.ask_count(now=NOW)
    assert await retention.is_count_asked(), "it can be asked for again"


async def test_a_batch_that_takes_too_long_is_followed_by_a_smaller_one(
    node_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(100):
        await received(number, at=LONG_AGO)
    housekeeper, sizes = keeper(node_database), []
    delete = retention._delete_batch

    async def slow(rule: Any, before: Any, batch: Any, keeper: Any) -> int:
        sizes.append(len(batch))
        housekeeper.clock.advance(0.06)  # type: ignore[attr-defined]
        return await delete(rule, before, batch, keeper)

    monkeypatch.setattr(retention, "_delete_batch", slow)

    assert (await retention.run(housekeeper, dry=False)).counts["received activities"] == 100
    assert sizes[:5] == [25, 12, 6, 3, 1]


def test_the_memory_of_repeats_can_not_be_cut_short() -> None:
    read = days_or_for_ever(30)

    with pytest.raises(SettingsError, match="at least 30"):
        read("29")
    assert [read(text) for text in ("0", "30", "365")] == [0, 30, 365]
