"""What hangs on posts in the made-up community: polls here and elsewhere, signs, quotes, emoji."""

from datetime import datetime, timedelta

from node.community import addresses, foreign_polls, foreign_posts, polls, posts, quotes, signs
from node.community.foreign_polls import ForeignPoll
from node.community.foreign_posts import ForeignPost
from node.community.kinds import QuotePolicy
from node.community.polls import PollDraft
from node.community.posts import PostDraft
from node.community.quotes import QuoteRequest
from node.community.signs import ForeignSign
from node.models import Actor, Member
from node.settings import Settings
from tests.web.village import BERTA, Village

OPTIONS = ("By SMS, one question at a time", "On the radio, Sunday after church", "Nobody asks me")


async def begin(settings: Settings, village: Village, *, now: datetime) -> dict[str, str]:
    """Let people ask, vote, react and quote; return ids for paths, by what they are."""
    base = settings.public_url
    anna = await Member.get(actor__local_name="anna").select_related("actor")
    sefa = await Member.get(actor__local_name="sefa").select_related("actor")
    berta = await Actor.get(uri=BERTA.uri)
    asked = PostDraft("How do you hear of the budget hearing?", poll=PollDraft(OPTIONS, timedelta(days=7)))
    poll = await posts.publish(asked, author=anna.actor, now=now)
    await polls.vote(poll.uri, [0], by=sefa.actor, now=now)
    far = f"{BERTA.uri}/statuses/poll"
    await foreign_posts.receive(_question(far, now), now=now)
    told = ForeignPoll((("Yes", 12), ("No", 30), ("Some of it", 7)), True, now + timedelta(days=1), None, 41)
    await foreign_polls.receive(far, told, is_newer=True)
    open_post = addresses.post_uri(base, village.post)
    for sign in ("🎉", "👏🏾", ":seedling:"):
        await signs.received(ForeignSign(berta, open_post, sign, f"{BERTA.uri}/{sign}"), now=now)
    quoting = await posts.publish(PostDraft("Read this first.", quote_uri=open_post), author=sefa.actor, now=now)
    kept = await posts.publish(PostDraft("Ask before you quote.", quotable=QuotePolicy.ASK), author=anna.actor, now=now)
    for number, quoted in enumerate((kept.uri, open_post)):
        request = QuoteRequest(
            berta, quoted, f"{BERTA.uri}/statuses/quoting-{number}", f"{BERTA.uri}/requests/{number}"
        )
        await quotes.requested(request, now=now)
    return {"poll": str(poll.public_id), "far_poll_uri": far, "quoting": str(quoting.public_id)}


def _question(uri: str, now: datetime) -> ForeignPost:
    return ForeignPost(
        uri=uri,
        author_uri=BERTA.uri,
        wire_type="Question",
        content_html="<p>Do you read the minutes? :seedling:</p>",
        emoji=((":seedling:", "https://far.example/seedling.png"),),
        language="en",
        published_at=now,
        is_solicited=True,
    )
