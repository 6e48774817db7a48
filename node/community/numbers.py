"""How much there is: the counts for NodeInfo, the first steps and the about page."""

from dataclasses import dataclass

from node.models import Event, Member, MemberState, Post, Practice, Visibility


@dataclass(frozen=True, slots=True)
class NodeNumbers:
    """What this node holds of its own, public things only."""

    members: int
    posts: int
    replies: int
    practices: int
    events: int


async def of_node() -> NodeNumbers:
    """Count members and public posts, answers, records and events of ours."""
    ours = {"is_local": True, "withdrawn_at__isnull": True, "visibility": Visibility.PUBLIC}
    posts = Post.filter(**ours, is_guide=False)
    return NodeNumbers(
        members=await Member.filter(state=MemberState.ACTIVE).count(),
        posts=await posts.filter(in_reply_to_uri__isnull=True).count(),
        replies=await posts.filter(in_reply_to_uri__isnull=False).count(),
        practices=await Practice.filter(**ours, published_at__isnull=False).count(),
        events=await Event.filter(**ours, published_at__isnull=False).count(),
    )
