"""In what the servers out there differ, as far as it has bitten somebody."""

from dataclasses import dataclass
from datetime import timedelta

from tests.peers.cavage import Style

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
SHORT_PUBLIC = "as:Public"
CAVAGE, RFC9421 = "cavage", "rfc9421"


@dataclass(frozen=True)
class Flavour:
    """How a server behaves.

    Args:
        software, version: told by NodeInfo and User-Agent.
        actor_path: where an actor lives; `{name}`; empty: its id is the bare origin.
        object_path: where its objects live; `{name}`, `{id}`.
        key_suffix: what turns the actor id into its key id.
        style: of its cavage signatures.
        schemes: signature schemes it understands, in the order in which it tries them itself.
        signed_gets: it demands a signature on every GET but that of a key.
        shared_inbox: its actors name one.
        bare_recipients: a single recipient is written without a list.
        public: how it spells the public collection.
        understands_short_public: it takes `as:Public` for public, others drop it.
        needs_user_agent: it refuses requests without one.
        answers_before_verifying: 202 first, then a look at the signature; a bad one is lost in silence.
        delete_key_must_name_author: a Delete counts only if its key id without fragment is the author.
        window: how far `Date` may be away from its clock.
        signs_key_fetches: it signs the GET of our key.
    """

    software: str
    version: str
    actor_path: str = "/users/{name}"
    object_path: str = "/users/{name}/statuses/{id}"
    key_suffix: str = "#main-key"
    style: Style = Style()
    schemes: tuple[str, ...] = (CAVAGE,)
    signed_gets: bool = False
    shared_inbox: bool = True
    bare_recipients: bool = False
    public: str = PUBLIC
    understands_short_public: bool = True
    needs_user_agent: bool = False
    answers_before_verifying: bool = False
    delete_key_must_name_author: bool = False
    window: timedelta = timedelta(hours=12)
    signs_key_fetches: bool = True


MASTODON = Flavour(
    "mastodon",
    "4.5.3",
    schemes=(CAVAGE, RFC9421),
    style=Style(post="host date digest content-type (request-target)", get="host date (request-target)"),
    window=timedelta(minutes=65),
)
GOTOSOCIAL = Flavour(
    "gotosocial",
    "0.20.0",
    key_suffix="/main-key",
    style=Style("(request-target) host date digest", "(request-target) host date", "hs2019"),
    signed_gets=True,
    shared_inbox=False,
    bare_recipients=True,
    needs_user_agent=True,
)
SNAC = Flavour(
    "snac",
    "2.73",
    actor_path="/{name}",
    object_path="/{name}/p/{id}",
    style=Style("(request-target) host digest date", "(request-target) host date"),
    shared_inbox=False,
    understands_short_public=False,
    answers_before_verifying=True,
    delete_key_must_name_author=True,
)
MICROBLOGPUB = Flavour(
    "microblogpub",
    "2.0.0",
    actor_path="",
    object_path="/o/{id}",
    style=Style("(request-target) user-agent host date digest content-type", "(request-target) host date"),
    shared_inbox=False,
    signs_key_fetches=False,
)
TAKAHE = Flavour(
    "takahe",
    "0.11.0",
    actor_path="/@{name}/",
    object_path="/@{name}/posts/{id}/",
    bare_recipients=True,
    public=SHORT_PUBLIC,
    style=Style("(request-target) host date digest content-type", "(request-target) host date"),
)
FEDIFY = Flavour(
    "fedify",
    "2.0.0",
    schemes=(RFC9421, CAVAGE),
    window=timedelta(hours=1),
)
FLAVOURS = (MASTODON, GOTOSOCIAL, SNAC, MICROBLOGPUB, TAKAHE, FEDIFY)
