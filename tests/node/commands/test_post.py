"""talanoa post: through the same verb as the web."""

import pytest

from node.community import members
from node.community.kinds import Visibility
from node.models import Job, MemberState, Post
from tests.operators import Operator


@pytest.fixture
def amina(operator: Operator) -> Operator:
    """Return an operator on whose node there is Amina."""
    operator.gets("member", "add", "amina")
    return operator


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody", "--text", "Hello"), "no member called nobody"),
        (("amina", "--text", ""), "Write something"),
        (("amina", "--text", "Yes", "--in-reply-to", "https://home.example/ap/n/none"), "none"),
    ],
)
def test_what_cannot_be_published_is_said_in_one_sentence(
    amina: Operator, arguments: tuple[str, ...], said: str
) -> None:
    assert said in amina.refused("post", *arguments)
    assert amina.knows(lambda: Post.filter(is_guide=False).count()) == 0


def test_nobody_posts_for_a_disabled_account(amina: Operator) -> None:
    async def disable() -> None:
        member = await members.by_name("amina")
        member.state = MemberState.DISABLED
        await member.save()

    amina.knows(disable)

    assert amina.refused("post", "amina", "--text", "Hello") == "The account of amina is disabled."


def test_a_post_and_its_answer_are_published_and_told_to_the_bridge(amina: Operator) -> None:
    first = amina.gets("post", "@amina", "--text", "Hello **all**", "--language", "en")
    answer = amina.gets("post", "amina", "--text", "-", "--in-reply-to", first["uri"], typed="From a pipe.\n")

    rows = amina.knows(lambda: Post.filter(is_guide=False).order_by("id"))
    assert [(row.uri, row.source.strip(), row.in_reply_to_uri, row.visibility) for row in rows] == [
        (first["uri"], "Hello **all**", None, Visibility.PUBLIC),
        (answer["uri"], "From a pipe.", first["uri"], Visibility.PUBLIC),
    ]
    assert amina.knows(lambda: Job.filter(kind="federate").count()) == 2


def test_members_only_stays_members_only(amina: Operator) -> None:
    said = amina.gets("post", "amina", "--text", "For us", "--visibility", "members")

    assert said["visibility"] == "members"
