"""Writing a post or an answer, changing it, and deleting it."""

from dataclasses import dataclass

from quart import Quart, Response, request

from node.community import own_quotes, polls, posts, viewer
from node.community.kinds import QuotePolicy, Visibility
from node.community.posts import LONGEST_TEXT, LONGEST_WARNING, OURS, PostDraft
from node.community.visibility import Readable, may_read
from node.errors import Invalid, NotFound
from node.i18n import gettext
from node.text.plain import plain_text, shorten
from web import choices, uploads
from web.context import here
from web.forms import Form, blank, posted
from web.parents import ParentShown, parent_of
from web.polling import poll_again, poll_days, poll_typed
from web.rendering import go, render
from web.who import me

LONGEST_EXCERPT = 300


async def show() -> Response:
    """Show the composer; `reply_to` names what is answered, `text` what it starts with.

    Raises:
        NotFound: what is to be answered or quoted isn't here, or not for this member.
    """
    given = {name: request.args.get(name, "")[:2048] for name in ("reply_to", "quote")}
    form = blank(**given, text=request.args.get("text", "")[:LONGEST_TEXT])
    parent = await _parent(form)
    actor = me().member.actor
    form.typed["language"] = [(parent.language if parent else actor.language) or here().translator.locale]
    widest = parent.visibility if parent and parent.visibility in OURS else Visibility.PUBLIC
    form.typed["visibility"] = [widest.value]
    return await _composer(form, parent)


async def publish() -> Response:
    """Publish what was written, or keep it as a draft.

    Raises:
        NotFound: what is to be answered isn't here, or not for this member.
    """
    form = await posted()
    parent = await _parent(form)
    draft = await _draft(form, parent)
    if not form.errors:
        member = me().member
        try:
            post = await posts.publish(draft, author=member.actor, now=here().now, by_member_id=member.id)
            return go(f"/posts/{post.public_id}", notice=_notice(draft))
        except Invalid as invalid:
            form.take(invalid)
    return await _composer(form, parent, status=422)


async def show_edit(public_id: str) -> Response:
    """Show a post of one's own for changing.

    Raises:
        NotFound: there is none, or it is somebody else's. Spec: security V-M25.
    """
    post = await _own(public_id)
    form = blank(text=post.text, language=post.language, warning=post.warning, visibility=post.visibility.value)
    await uploads.fill(form, post.uri)
    form.typed["quotable"] = [post.quotable.value]
    if post.visibility is Visibility.DRAFT:
        form.typed["quote"] = [await own_quotes.quoted_by(post.uri)]
        form.typed |= poll_again(await polls.draft_of(post.uri)).typed
    return await _editor(form, post)


async def edit(public_id: str) -> Response:
    """Change a post of one's own.

    Raises:
        NotFound: as `show_edit`.
    """
    post = await _own(public_id)
    form = await posted()
    draft = await _draft(form, None)
    if not form.errors:
        member = me().member
        try:
            await posts.edit(post.uri, draft, author=member.actor, now=here().now, by_member_id=member.id)
            return go(f"/posts/{public_id}", notice="saved")
        except Invalid as invalid:
            form.take(invalid)
    return await _editor(form, post, status=422)


async def show_delete(public_id: str) -> Response:
    """Ask once more before a post is deleted.

    Raises:
        NotFound: there is none that this member may delete.
    """
    post = await _deletable(public_id)
    return await render("delete_post.html", post=post)


async def delete(public_id: str) -> Response:
    """Delete a post of one's own, or as a moderator anybody's."""
    post = await _deletable(public_id)
    await posts.withdraw(post.uri, by=me().member, now=here().now)
    return go("/home", notice="withdrawn")


@dataclass(frozen=True, slots=True)
class _Standing:
    """A post that may be changed or deleted."""

    uri: str
    public_id: str
    author_id: int
    text: str
    warning: str
    language: str
    visibility: Visibility
    quotable: QuotePolicy
    excerpt: str


async def _standing(public_id: str) -> _Standing:
    post = await posts.by_public_id(public_id)
    return _Standing(
        uri=post.uri,
        public_id=public_id,
        author_id=post.author_id,
        text=post.source,
        warning=post.warning,
        language=post.language,
        visibility=post.visibility,
        quotable=post.quotable,
        excerpt=shorten(plain_text(post.content_html), LONGEST_EXCERPT),
    )


async def _own(public_id: str) -> _Standing:
    post = await _standing(public_id)
    if post.author_id != me().member.actor_id:
        raise NotFound(f"post {public_id[:40]} is somebody else's")
    return post


async def _deletable(public_id: str) -> _Standing:
    post = await _standing(public_id)
    is_own = post.author_id == me().member.actor_id
    is_seen = may_read(await viewer.of_member(me().member), Readable(post.visibility, post.author_id))
    if not is_own and not (is_seen and here().may("MODERATOR")):
        raise NotFound(f"post {public_id[:40]} is not for this member to delete")
    return post


async def _parent(form: Form) -> ParentShown | None:
    uri = form.text("reply_to", longest=2048)
    return await parent_of(uri) if uri else None


async def _draft(form: Form, parent: ParentShown | None) -> PostDraft:
    allowed = [each.value for each in choices.VISIBILITIES]
    return PostDraft(
        text=form.text("text", longest=LONGEST_TEXT),
        visibility=Visibility(form.choice("visibility", allowed, otherwise=Visibility.PUBLIC.value)),
        language=form.text("language", longest=35),
        warning=form.text("warning", longest=LONGEST_WARNING),
        in_reply_to_uri=parent.uri if parent else None,
        pictures=await uploads.several(form),
        poll=poll_typed(form),
        quotable=QuotePolicy(form.choice("quotable", choices.QUOTERS, otherwise=QuotePolicy.ANYONE.value)),
        quote_uri=form.text("quote", longest=2048) or None,
    )


def _notice(draft: PostDraft) -> str:
    return "draft-saved" if draft.visibility is Visibility.DRAFT else "published"


async def _composer(form: Form, parent: ParentShown | None, *, status: int = 200) -> Response:
    return await _page(form, "/write", status=status, parent=parent, fixed="")


async def _quoted(form: Form) -> ParentShown | None:
    uri = form.text("quote", longest=2048)
    return await parent_of(uri) if uri else None


async def _editor(form: Form, post: _Standing, *, status: int = 200) -> Response:
    is_draft = post.visibility is Visibility.DRAFT
    fixed = "" if is_draft else gettext(choices.VISIBILITIES[post.visibility])
    return await _page(form, f"/posts/{post.public_id}/edit", status=status, parent=None, fixed=fixed)


async def _page(form: Form, action: str, *, status: int, parent: ParentShown | None, fixed: str) -> Response:
    now_here = here()
    return await render(
        "write.html",
        status=status,
        form=form,
        action=action,
        parent=parent,
        fixed_visibility=fixed,
        visibility_options=choices.visibilities(),
        language_options=choices.languages(now_here.translator.locale, now_here.settings.languages),
        places=await uploads.fields_of(form),
        longest=LONGEST_TEXT,
        quoted=await _quoted(form),
        quoter_options=choices.quoters(),
        poll_options=poll_days() if not fixed else [],
        is_new=action == "/write",
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    uploads.install(app)
    app.add_url_rule("/write", "write.show", show, methods=["GET"])
    app.add_url_rule("/write", "write.publish", publish, methods=["POST"])
    app.add_url_rule("/posts/<public_id>/edit", "write.show_edit", show_edit, methods=["GET"])
    app.add_url_rule("/posts/<public_id>/edit", "write.edit", edit, methods=["POST"])
    app.add_url_rule("/posts/<public_id>/delete", "write.show_delete", show_delete, methods=["GET"])
    app.add_url_rule("/posts/<public_id>/delete", "write.delete", delete, methods=["POST"])
