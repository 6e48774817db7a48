"""Rows of the community: one file a concept. Rows have no behaviour; the verbs are in node.community."""

from node.models.actor import Actor, ActorKey, ActorKind, ActorState, KeyKind
from node.models.event import Event, EventStatus
from node.models.follow import Follow, FollowState, FormerFollow
from node.models.journal import Job, JobState, JournalEntry
from node.models.mail import MailState, OutgoingMail
from node.models.media import Attachment, ForeignPicture, Media
from node.models.member import LinkPurpose, Member, MemberState, OneTimeLink, Role, Session
from node.models.moderation import ActKind, DeskLetter, ModerationAct
from node.models.notification import Notification, NotificationKind
from node.models.policy import Mode, PolicyEntry, PolicyState
from node.models.post import Boost, Hashtag, Like, Mention, Post, Visibility
from node.models.practice import Admission, Practice, PracticeVersion, Stage
from node.models.profile import NodeProfile
from node.models.relation import Avoidance, AvoidanceKind, Pin
from node.models.remote import FailedLookup, GoneObject, Host
from node.models.report import Concern, Report, ReportState
from node.models.retention import RetentionRun
from node.models.search import SearchEntry
from node.models.talk import Poll, PostEmoji, Quote, QuotePolicy, QuoteState, Reaction, Vote

__all__ = [
    "ActKind",
    "Actor",
    "ActorKey",
    "ActorKind",
    "ActorState",
    "Admission",
    "Attachment",
    "Avoidance",
    "AvoidanceKind",
    "Boost",
    "Concern",
    "DeskLetter",
    "Event",
    "EventStatus",
    "FailedLookup",
    "Follow",
    "FollowState",
    "ForeignPicture",
    "FormerFollow",
    "GoneObject",
    "Hashtag",
    "Host",
    "Job",
    "JobState",
    "JournalEntry",
    "KeyKind",
    "Like",
    "LinkPurpose",
    "MailState",
    "Media",
    "Member",
    "MemberState",
    "Mention",
    "Mode",
    "ModerationAct",
    "NodeProfile",
    "Notification",
    "NotificationKind",
    "OneTimeLink",
    "OutgoingMail",
    "Pin",
    "PolicyEntry",
    "PolicyState",
    "Poll",
    "Post",
    "PostEmoji",
    "Practice",
    "PracticeVersion",
    "Quote",
    "QuotePolicy",
    "QuoteState",
    "Reaction",
    "Report",
    "ReportState",
    "RetentionRun",
    "Role",
    "SearchEntry",
    "Session",
    "Stage",
    "Visibility",
    "Vote",
]
