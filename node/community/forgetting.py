"""What the moderators' books forget when a person is erased: names and words go, what was done stays counted."""

from node.models import JournalEntry, ModerationAct, Report, ReportState

BATCH = 500
_PERSONAL = ("target_uri", "object_uri")


async def forget(actor_id: int) -> None:
    """Take a person out of acts, reports and the audit entries about acts; the hash chain holds on.

    Must be called in the transaction that erases the person.
    """
    acts = await ModerationAct.filter(target_id=actor_id)
    entries = [entry_id for act in acts for entry_id in act.entry_ids]
    for start in range(0, len(entries), BATCH):
        for entry in await JournalEntry.filter(id__in=entries[start : start + BATCH]):
            told = {name: None if name in _PERSONAL else value for name, value in entry.payload.items()}
            await JournalEntry.filter(id=entry.id).update(payload=told, person_salt=None)
    await ModerationAct.filter(target_id=actor_id).update(
        reason="", reply="", object_uri="", before={}, standing_key=None, erase_at=None, target_id=None
    )
    about = Report.filter(target_id=actor_id)
    await Report.filter(target_id=actor_id, state=ReportState.OPEN).update(state=ReportState.RESOLVED)
    await about.update(text="", objects=[], answer="", target_id=None)
    await Report.filter(reporter_id=actor_id).update(reporter_id=None)
