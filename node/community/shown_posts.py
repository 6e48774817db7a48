"""Posts as pages show them, many at once in a few queries."""

from collections.abc import Sequence

from node.community import attachments, objects, post_emoji
from node.community.once import Columns
from node.community.reactions import hashtags_on, reactions_to
from node.community.roles import is_at_least
from node.community.shown_actors import actor_view
from node.community.shown_polls import polls_under
from node.community.shown_quotes import quotes_in
from node.community.views import PostView, Rights
from node.community.visibility import OPEN, Viewer
from node.models import Post, QuotePolicy, Role, Visibility

ANSWERABLE = OPEN | {Visibility.NETWORK, Visibility.MEMBERS}


async def show_posts(rows: Sequence[Post], viewer: Viewer) -> list[PostView]:
    """Return posts with everything their pages show.

    Args:
        rows: may be read by the viewer; their authors are loaded.
    """
    uris = [row.uri for row in rows]
    reactions, tags, pictures = (
        await reactions_to(uris, viewer),
        await hashtags_on(uris),
        await attachments.beside(uris),
    )
    polls = await polls_under([row for row in rows if row.wire_type == "Question"], viewer)
    emoji = await post_emoji.within(row.uri for row in rows if not row.is_local)
    quoted = await quotes_in(rows, viewer)
    parents = await objects.find_all(row.in_reply_to_uri for row in rows if row.in_reply_to_uri)
    answered = {uri: actor_view(parent.publisher) for uri, parent in parents.items()}
    return [
        PostView(
            **_common(row, viewer),
            hashtags=tags.get(row.uri, ()),
            pictures=pictures.get(row.uri, ()),
            reactions=reactions[row.uri],
            answers=answered.get(row.in_reply_to_uri or ""),
            emoji=emoji.get(row.uri, {}),
            poll=polls.get(row.uri),
            quoted=quoted.get(row.uri),
        )
        for row in rows
    ]


def _common(row: Post, viewer: Viewer) -> Columns:
    rights = _rights(row, viewer)
    same = ("id", "uri", "is_local", "visibility", "title", "content_html", "language", "published_at", "updated_at")
    more = ("wire_type", "warning", "sensitive", "in_reply_to_uri", "thread_uri", "is_guide")
    return {
        **{name: getattr(row, name) for name in same + more},
        "public_id": row.public_id or "",
        "author": actor_view(row.author),
        "url": row.url or row.uri,
        "path": f"/posts/{row.public_id}" if row.is_local else "",
        "source": row.source if rights.may_edit else "",
        "rights": rights,
        "is_listed": row.visibility is Visibility.PUBLIC and (row.is_local or row.author.indexable),
    }


def _rights(row: Post, viewer: Viewer) -> Rights:
    is_own = row.is_local and row.author_id == viewer.actor_id
    return Rights(
        may_edit=is_own,
        may_withdraw=row.is_local and (is_own or is_at_least(viewer.role, Role.MODERATOR)),
        may_answer=viewer.is_member and row.visibility in ANSWERABLE,
        may_boost=viewer.is_member and row.visibility in OPEN,
        may_quote=viewer.is_member and row.visibility in OPEN and (not row.is_local or is_own or _is_quotable(row)),
    )


def _is_quotable(row: Post) -> bool:
    return row.quotable is not QuotePolicy.NOBODY
