"""QuoteRequest: somebody wants to quote a post of ours; and the answers to requests of ours. FEP-044f."""

from federation.names import canonical_uri, same_origin
from federation.vocabulary.types import Activity, Reference
from inbox.scene import APPLIED, Outcome, Scene, ignored, require_object_uri
from node.community import own_quotes, quotes
from node.community.quotes import QuoteRequest

KIND = "QuoteRequest"


async def handle(activity: Activity, scene: Scene) -> Outcome:
    """Answer by the policy of the post; the quoting post must live with who asks, and be theirs.

    Spec: FEP-044f.
    """
    quoted = require_object_uri(activity.object.id if activity.object else None)
    quoting = _quoting(activity.instrument, quoted, scene)
    if quoting is None:
        return ignored("it does not say which post of the speaker quotes")
    asked = QuoteRequest(scene.speaker, quoted, quoting, activity.id)
    reason = await quotes.requested(asked, now=scene.now, grant=scene.decision.grants.interact)
    return ignored(reason) if reason else APPLIED


def _quoting(instrument: Reference | None, quoted: str, scene: Scene) -> str | None:
    if instrument is None or instrument.id is None:
        return None
    speaker = canonical_uri(scene.speaker.uri, relaxed=scene.relaxed)
    if not same_origin(canonical_uri(instrument.id, relaxed=scene.relaxed), speaker):
        return None
    document = instrument.document
    if document is not None and document.get("attributedTo", speaker.text) != speaker.text:
        return None
    if document is not None and document.get("quote", quoted) != quoted:
        return None
    return instrument.id


def is_answer(activity: Activity) -> bool:
    """Tell whether an Accept or Reject answers a QuoteRequest."""
    return activity.object is not None and activity.object.type == KIND


async def answered(activity: Activity, scene: Scene, *, let: bool) -> Outcome | None:
    """Note the answer to a request of ours; None if it may answer something else.

    Spec: FEP-044f.
    """
    about = activity.object
    stamp = activity.result.id if activity.result else None
    asked = about.id if about else None
    reason = await own_quotes.answered(asked, stamp, by=scene.speaker, let=let, now=scene.now)
    if not reason:
        return APPLIED
    return ignored(reason) if is_answer(activity) else None
