"""How the tests of the desk act and take back."""

from node.community import moderation, posts
from node.community.moderation import Act
from node.community.posts import PostDraft
from node.models import ActKind, Concern, JournalEntry, Member, ModerationAct, Post, Role
from node.policy.registry import Registry
from tests.node.community.people import LATER, NOW, member
from tests.node.community.trusting import opened

WORDS = "tide tables for the harbour"


async def staff(role: Role = Role.MODERATOR, name: str = "mona") -> Member:
    return await member(name, name.title(), role)


async def written(author: Member, text: str = WORDS) -> Post:
    return await posts.publish(PostDraft(text), author=author.actor, now=NOW)


async def do(kind: ActKind, uri: str, by: Member, *, warning: str = "") -> ModerationAct:
    wanted = Act(kind=kind, uri=uri, reason_code=Concern.SPAM, reason="Advertising", warning=warning)
    return await moderation.act(wanted, by=by, now=NOW)


async def take_back(act: ModerationAct, by: Member, registry: Registry | None = None) -> ModerationAct:
    return await moderation.undo(act.public_id, by=by, registry=registry or await opened(), now=LATER)


async def facts() -> list[str]:
    return [row.fact for row in await JournalEntry.all().order_by("id")]
