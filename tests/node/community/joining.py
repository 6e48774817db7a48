"""How the tests of members join and are looked at."""

from node.community import journal, members
from node.community.facts import Fact
from node.community.members import NewMember
from node.models import JournalEntry, LinkPurpose, Member, Role
from tests.node.community.people import BASE, NOW, member

INVITATION, SIGN_IN = LinkPurpose.INVITATION, LinkPurpose.SIGN_IN
SENTENCE = "a long sentence about mats"
VAI = NewMember("vai_tala", "Vai Tala", "vai@people.example", SENTENCE)


async def add(new: NewMember) -> Member:
    return await members.add(new, base=BASE, now=NOW)


async def join(secret: str, new: NewMember = VAI) -> Member:
    return await members.accept_invitation(secret, new, base=BASE, now=NOW)


async def facts() -> list[Fact]:
    return [journal.read(entry) for entry in await JournalEntry.all().order_by("id")]


async def fresh(who: Member) -> Member:
    return await Member.get(id=who.id)


async def steward(name: str = "sina") -> Member:
    return await member(name, name.title(), Role.STEWARD)
