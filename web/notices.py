"""What a page says once after something was done. The text is named by a code in a short-lived cookie."""

from node.i18n import mark as _

NOTICES = {
    "saved": _("Saved."),
    "published": _("Published."),
    "withdrawn": _("Deleted."),
    "signed-in": _("You are signed in."),
    "signed-out": _("You are signed out."),
    "let-in": _("It is open to everybody now."),
    "let-in-as-link": _("Title, summary and link are open to everybody now."),
    "kept-out": _("It stays out. You find it under What was refused."),
    "left": _("Your account is closed. Thank you for what you shared."),
    "joined": _("Your account is ready. Welcome!"),
    "steps-hidden": _("The first steps are put away. You find them under Your account."),
    "event-cancelled": _("Marked as cancelled. Everybody who has it is told."),
    "follow-asked": _("Done. If they approve their followers by hand, it takes until they have said yes."),
    "pinned": _("It stands at the top of the profile now."),
    "not-pinned": _("That can't be pinned: it is not for everybody, or five things are pinned already."),
    "unpinned": _("It is no longer pinned."),
    "avoided": _("Done. You find it under Whom you keep away from."),
    "avoided-no-more": _("You no longer keep away from them."),
    "unfollowed": _("You no longer follow them."),
    "follower-accepted": _("They follow now."),
    "follower-refused": _("They were told no."),
    "password-changed": _("The new password counts from now on. All other devices are signed out."),
    "session-ended": _("Signed out there."),
    "trust-changed": _("Done. You can take it back here:"),
    "trust-undone": _("Taken back, with what it had suspended."),
    "retried": _("It is tried again now."),
    "follower-dismissed": _("They follow you no longer."),
    "quote-let": _("It may be quoted."),
    "quote-refused": _("It may not be quoted."),
    "voted": _("Your vote is counted."),
    "draft-saved": _("Kept as a draft. Only you see it."),
    "reply-sent": _("Sent. The moderators look at it once more."),
    "reporter-told": _("They are told."),
    "report-decided": _("Done. It is in the moderation log if something was changed."),
    "act-done": _("Done. It is in the moderation log."),
    "act-undone": _("Taken back."),
    "discarded": _("Discarded."),
    "link-sent": _("If that address has an account here, a sign-in link is on its way. It works for 10 minutes."),
}

LINKS = {"trust-changed": ("/admin/servers#last-changes", _("Last changes"))}
"""Where a notice leads: a path of ours and the words of the link."""
