"""Lists of several kinds of things: timelines, profiles, what was found."""

from dataclasses import dataclass

from node.community.views import ActorView, EventView, PostView, PracticeView, Thing, TimelineItem
from web.shown.events import EventCard, event_card
from web.shown.people import PersonShown, person
from web.shown.posts import PostShown, post_shown
from web.shown.practices import RecordCard, record_card


@dataclass(frozen=True, slots=True)
class ItemShown:
    """One entry of a list: exactly one of the first three is there."""

    post: PostShown | None = None
    record: RecordCard | None = None
    event: EventCard | None = None
    boosted_by: PersonShown | None = None


def item_shown(item: TimelineItem) -> ItemShown:
    """Return an entry of a timeline as pages show it."""
    return thing_shown(item.thing, item.boosted_by)


def thing_shown(thing: Thing, boosted_by: ActorView | None = None) -> ItemShown:
    """Return a post, record or event as lists show it."""
    passed_on = person(boosted_by) if boosted_by else None
    match thing:
        case PostView():
            return ItemShown(post=post_shown(thing, boosted_by))
        case PracticeView():
            return ItemShown(record=record_card(thing), boosted_by=passed_on)
        case EventView():
            return ItemShown(event=event_card(thing), boosted_by=passed_on)
