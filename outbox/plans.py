"""The plan: which activities follow from a fact, by whom and for whom.

Topic Groups publish or pass on; `@network` passes everything on to those whom no topic Group reaches; the node's own
actor passes events on, so that a calendar server that follows the node gets them all.
"""

from federation.addressing import PUBLIC
from federation.vocabulary import activities
from federation.vocabulary.context import Json
from federation.vocabulary.pieces import Envelope
from node.community import addresses, apart, facts, objects
from node.models import Actor, Boost, Event, Follow, Like, Post, Practice, Visibility
from outbox.moment import Moment
from outbox.plans_of_desk import told_anew, undeletion
from outbox.plans_of_relations import plan_relation
from outbox.plans_of_talk import plan_talk
from outbox.render.actor import actor_json
from outbox.render.event import event_json
from outbox.render.parts import OUTWARD, named_in
from outbox.render.post import post_json
from outbox.render.practice import practice_json
from outbox.telling import Audience, Telling

OPEN = frozenset({Visibility.PUBLIC, Visibility.QUIET})


async def plan(fact: facts.Fact, moment: Moment) -> list[Telling]:
    """Return what is to be told of a fact; nothing if it concerns nobody outside."""
    match fact:
        case facts.PostPublished() | facts.PostEdited() | facts.PostWithdrawn():
            return await _post(fact, moment)
        case facts.PracticePublished() | facts.PracticeRevised() | facts.PracticeWithdrawn():
            return await _practice(fact, moment)
        case facts.EventPublished() | facts.EventChanged() | facts.EventWithdrawn():
            return await _event(fact, moment)
        case facts.ProfileChanged() | facts.ActorLeft():
            return await _actor(fact, moment)
        case facts.FollowAsked() | facts.FollowAccepted() | facts.FollowRefused() | facts.FollowEnded():
            return await _follow(fact, moment)
        case facts.LikeGiven() | facts.LikeTakenBack() | facts.BoostGiven() | facts.BoostTakenBack():
            return await _reaction(fact, moment)
    if restored := await told_anew(fact):
        uri, told = restored
        return [*await undeletion(uri, moment), *await plan(told, moment)]
    return [*await plan_relation(fact, moment), *await plan_talk(fact, moment)]


async def _post(fact: facts.PostPublished | facts.PostEdited | facts.PostWithdrawn, moment: Moment) -> list[Telling]:
    post = await Post.get(id=fact.post_id).select_related("author")
    if post.visibility not in OUTWARD:
        return []
    if isinstance(fact, facts.PostWithdrawn):
        return [_deletion(post.author, post.uri, post.wire_type, post.visibility, moment)]
    if post.withdrawn_at is not None:
        return []
    named = await named_in(post.uri, post.in_reply_to_uri)
    away = await apart.apart_from(post.author, [actor.id for actor in named])
    audience = Audience(
        followers_of=(post.author,) if post.visibility in OPEN else (),
        named=tuple(actor for actor in named if not actor.is_local and actor.id not in away),
        reached_by=post.uri,
        partners=post.visibility is Visibility.NETWORK,
    )
    is_new = isinstance(fact, facts.PostPublished)
    told = _publication(
        post.author, await post_json(post, now=moment.now), (post.visibility, audience), moment, is_new=is_new
    )
    is_top = post.in_reply_to_uri is None and post.visibility is Visibility.PUBLIC and post.audience_uri is not None
    return [told, *(await _passed_on(post.uri, ("posts", "network"), moment) if is_new and is_top else [])]


async def _practice(
    fact: facts.PracticePublished | facts.PracticeRevised | facts.PracticeWithdrawn, moment: Moment
) -> list[Telling]:
    practice = await Practice.get(id=fact.practice_id).select_related("publisher")
    if practice.visibility not in OUTWARD:
        return []
    if isinstance(fact, facts.PracticeWithdrawn):
        return [_deletion(practice.publisher, practice.uri, "Article", practice.visibility, moment)]
    if practice.withdrawn_at is not None:
        return []
    audience = _group_audience(practice.publisher, practice.uri, practice.visibility)
    is_new = isinstance(fact, facts.PracticePublished)
    about = (practice.visibility, audience)
    told = _publication(practice.publisher, await practice_json(practice), about, moment, is_new=is_new)
    is_open = practice.visibility is Visibility.PUBLIC
    return [told, *(await _passed_on(practice.uri, ("network",), moment) if is_new and is_open else [])]


async def _event(
    fact: facts.EventPublished | facts.EventChanged | facts.EventWithdrawn, moment: Moment
) -> list[Telling]:
    event = await Event.get(id=fact.event_id).select_related("publisher")
    if event.visibility not in OUTWARD:
        return []
    if isinstance(fact, facts.EventWithdrawn):
        return [_deletion(event.publisher, event.uri, "Event", event.visibility, moment)]
    if event.withdrawn_at is not None:
        return []
    audience = _group_audience(event.publisher, event.uri, event.visibility)
    is_new = isinstance(fact, facts.EventPublished)
    about = (event.visibility, audience)
    told = _publication(event.publisher, await event_json(event), about, moment, is_new=is_new)
    by_group = event.publisher.local_name == "events"
    passing = ("network", "actor") if by_group else ("events", "network", "actor")
    is_open = event.visibility is Visibility.PUBLIC
    return [told, *(await _passed_on(event.uri, passing, moment) if is_new and is_open else [])]


async def _actor(fact: facts.ProfileChanged | facts.ActorLeft, moment: Moment) -> list[Telling]:
    actor = await Actor.get(id=fact.actor_id)
    audience = Audience(followers_of=(actor,), acquainted=actor, reached_by=actor.uri)
    if isinstance(fact, facts.ActorLeft):
        told = activities.delete_actor(moment.activity_id(), actor.uri, published=moment.now)
    else:
        told = activities.update_actor(moment.activity_id(), await actor_json(actor), published=moment.now)
    return [Telling(actor, told, actor.uri, Visibility.PUBLIC, audience)]


async def _follow(
    fact: facts.FollowAsked | facts.FollowAccepted | facts.FollowRefused | facts.FollowEnded, moment: Moment
) -> list[Telling]:
    if isinstance(fact, facts.FollowAsked | facts.FollowAccepted):
        row = await Follow.get_or_none(id=fact.follow_id).select_related("follower", "target")
        if row is None:
            return []
        follower, target = row.follower, row.target
        uri = fact.activity_uri if isinstance(fact, facts.FollowAccepted) else row.activity_uri or moment.activity_id()
    else:
        follower, target = await Actor.get(id=fact.follower_id), await Actor.get(id=fact.target_id)
        uri = fact.activity_uri or moment.activity_id()
    original: Json = {"id": uri, "type": "Follow", "actor": follower.uri, "object": target.uri}
    match fact:
        case facts.FollowAsked():
            told = activities.follow(_to(follower, target, uri, moment), target.uri)
            return [_in_person(follower, target, told)]
        case facts.FollowAccepted():
            told = activities.accept(_to(target, follower, moment.activity_id(), moment), original)
            return [_in_person(target, follower, told)]
        case facts.FollowRefused():
            told = activities.reject(_to(target, follower, moment.activity_id(), moment), original)
            return [_in_person(target, follower, told)]
    told = activities.undo(_to(follower, target, moment.activity_id(), moment), original)
    return [_in_person(follower, target, told)]


async def _reaction(
    fact: facts.LikeGiven | facts.LikeTakenBack | facts.BoostGiven | facts.BoostTakenBack, moment: Moment
) -> list[Telling]:
    if isinstance(fact, facts.LikeGiven | facts.BoostGiven):
        row = await _given(fact)
        if row is None:
            return []
        actor, uri, activity_uri = row.actor, row.object_uri, row.activity_uri or moment.activity_id()
    else:
        actor, uri, activity_uri = await Actor.get(id=fact.actor_id), fact.object_uri, fact.activity_uri
    known = await objects.find(uri)
    if known is None or known.visibility not in OPEN:
        return []
    author = () if known.publisher.is_local else (known.publisher,)
    is_boost = isinstance(fact, facts.BoostGiven | facts.BoostTakenBack)
    audience = Audience(followers_of=(actor,) if is_boost else (), named=author)
    to, cc = ((PUBLIC,), (f"{actor.uri}/followers", known.publisher.uri)) if is_boost else ((known.publisher.uri,), ())
    envelope = Envelope(activity_uri, actor.uri, to, cc, moment.now)
    told = activities.announce(envelope, uri) if is_boost else activities.like(envelope, uri)
    if isinstance(fact, facts.LikeTakenBack | facts.BoostTakenBack):
        undo = Envelope(moment.activity_id(), actor.uri, to, cc, moment.now)
        told = activities.undo(undo, told)
    is_listed = isinstance(fact, facts.BoostGiven)
    visibility = Visibility.PUBLIC if is_boost else Visibility.DIRECT
    return [Telling(actor, told, uri, visibility, audience, is_listed, f"{actor.uri} {uri}")]


async def _given(fact: facts.LikeGiven | facts.BoostGiven) -> Like | Boost | None:
    if isinstance(fact, facts.LikeGiven):
        return await Like.get_or_none(id=fact.like_id).select_related("actor")
    return await Boost.get_or_none(id=fact.boost_id).select_related("actor")


def _publication(
    author: Actor, thing: Json, about: tuple[Visibility, Audience], moment: Moment, *, is_new: bool
) -> Telling:
    tell = activities.create if is_new else activities.update
    told = tell(moment.activity_id(), thing, published=moment.now)
    visibility, audience = about
    is_listed = is_new and visibility is Visibility.PUBLIC
    return Telling(author, told, str(thing["id"]), visibility, audience, in_outbox=is_listed)


def _deletion(author: Actor, uri: str, former_type: str, visibility: Visibility, moment: Moment) -> Telling:
    is_open = visibility in OPEN
    for_partners = (addresses.partners_uri(moment.base),) if visibility is Visibility.NETWORK else ()
    to = (PUBLIC,) if is_open else for_partners
    cc = (f"{author.uri}/followers",) if is_open else ()
    envelope = Envelope(moment.activity_id(), author.uri, to, cc, moment.now)
    told = activities.delete(envelope, uri, former_type)
    audience = Audience(followers_of=(author,) if visibility in OPEN else (), reached_by=uri)
    return Telling(author, told, uri, visibility, audience)


def _group_audience(publisher: Actor, uri: str, visibility: Visibility) -> Audience:
    is_open = visibility in OPEN
    return Audience(followers_of=(publisher,) if is_open else (), reached_by=uri, partners=not is_open)


async def _passed_on(uri: str, names: tuple[str, ...], moment: Moment) -> list[Telling]:
    """Return the Announces of a new object by the node's own actors; the way out skips inboxes that have it."""
    told = []
    for name in names:
        passer = await Actor.get(local_name=name)
        followers = (f"{passer.uri}/followers",)
        envelope = Envelope(moment.activity_id(), passer.uri, (PUBLIC,), followers, moment.now)
        activity = activities.announce(envelope, uri)
        audience = Audience(followers_of=(passer,))
        told.append(Telling(passer, activity, uri, Visibility.PUBLIC, audience, in_outbox=True))
    return told


def _to(sender: Actor, recipient: Actor, activity_uri: str, moment: Moment) -> Envelope:
    return Envelope(activity_uri, sender.uri, (recipient.uri,), (), moment.now)


def _in_person(sender: Actor, recipient: Actor, told: Json) -> Telling:
    audience = Audience(named=(recipient,))
    order = f"{sender.uri} {recipient.uri}"
    return Telling(sender, told, recipient.uri, Visibility.DIRECT, audience, ordering_key=order)
