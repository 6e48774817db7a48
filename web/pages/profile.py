"""Somebody's page, ours or foreign: who they are and what they wrote. Nothing is looked up elsewhere (V-N02)."""

from quart import Quart, Response

from federation.errors import ProtocolError
from federation.names import canonical_host
from node.community import profile_views
from node.community.profile_views import ProfileView
from node.errors import NotFound
from node.text.plain import plain_name, plain_text
from node.text.sanitise import again
from web.context import here
from web.opening import Opening, page
from web.pictures import foreign_image
from web.reader import before, older_path, reader
from web.shown.lists import item_shown, thing_shown
from web.shown.people import PersonShown, own_picture, person

LONGEST_HANDLE = 320
PASSED_ON = {"network": "/posts", "posts": "/posts", "events": "/events", "practices": "/practices"}
"""Where everything is that a Group of ours passes on."""


async def profile(handle: str) -> Response:
    """Show a member, a Group, or somebody from elsewhere whom we know.

    Raises:
        NotFound: nobody of this name is known here.
        Withdrawn: they left.
    """
    name, host = split(handle)
    viewer = await reader()
    whole = await profile_views.whole(name, host, viewer, before=before())
    found, stream, pinned = whole.profile, whole.stream, whole.pinned
    who = person(found.actor)
    return await page(
        "profile.html",
        _opening(found, who),
        who=who,
        profile=found,
        most_counted=profile_views.MOST_COUNTED,
        moved_to=person(found.moved_view) if found.moved_view else None,
        bio=again(found.bio_html),
        passed_on=PASSED_ON.get(name, "") if who.is_local and who.is_group else "",
        header=own_picture(found.header_url) or foreign_image(found.header_url, who.host, "header"),
        fields_of=[(plain_name(name), again(value)) for name, value in found.fields],
        pinned=[thing_shown(thing) for thing in pinned],
        may_unpin=found.actor.id == viewer.actor_id or (who.is_local and who.is_group and here().may("EDITOR")),
        items=[item_shown(item) for item in stream.items if item.thing.uri not in {thing.uri for thing in pinned}],
        older=older_path(stream.next),
    )


def split(handle: str) -> tuple[str, str]:
    """Return name and host of what stands behind the first @; an empty host is this node.

    Raises:
        NotFound: nobody can be called so.
    """
    name, _, host = handle.partition("@")
    if not name or len(handle) > LONGEST_HANDLE:
        raise NotFound("not a handle")
    settings = here().settings
    try:
        known = canonical_host(host, relaxed=settings.development) if host else ""
    except ProtocolError as error:
        raise NotFound("not a host") from error
    return name, "" if known == settings.account_domain else known


def _opening(profile: ProfileView, who: PersonShown) -> Opening:
    return Opening(
        title=f"{who.name} ({who.full_handle})",
        path=who.path,
        uri=who.uri if who.is_local else "",
        description=plain_text(profile.bio_html),
        kind="profile",
        language=profile.language,
        image=who.avatar if who.is_local else "",
        image_alt=who.name if who.avatar and who.is_local else "",
        author=who.full_handle,
        is_listed=profile.is_listed and who.is_local and before() is None,
        feed=f"{who.path}.atom" if who.is_local else "",
    )


def register(app: Quart) -> None:
    """Add the routes of this module."""
    app.add_url_rule("/@<handle>", "profile.profile", profile, methods=["GET"])
