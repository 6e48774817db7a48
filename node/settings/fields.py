"""The settings themselves: each with its default, its unit and what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from node.settings import values
from node.settings.values import Address, MailServer, Network

MIB = 1024 * 1024


def _about(read: Callable[[str], object], meaning: str, unit: str = "") -> Mapping[str, object]:
    return MappingProxyType({"read": read, "meaning": meaning, "unit": unit})


def _count(meaning: str, unit: str = "", *, low: int = 1, high: int = 10**9) -> Mapping[str, object]:
    return _about(values.whole_number(low, high), meaning, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator decides. Build it with `load` or `read`."""

    public_url: str = field(
        default="",
        metadata=_about(values.web_address, "The node's address; every id starts with it for good"),
    )
    account_domain: str = field(
        default="",
        metadata=_about(
            lambda text: values.host(text) if text.strip() else "",
            "The part after the @ in members' addresses; default: the host of PUBLIC_URL",
        ),
    )
    listen: Address = field(
        default=Address("127.0.0.1", 8080),
        metadata=_about(values.address, "Where the web server listens"),
    )
    data_dir: Path = field(default=Path("data"), metadata=_about(values.folder, "Folder of database, media, secrets"))
    database_url: str = field(
        default="",
        repr=False,
        metadata=_about(
            values.database,
            "sqlite:///path or postgres://user:password@host:port/name; default: talanoa.db in DATA_DIR",
        ),
    )
    database_pool: int = field(default=10, metadata=_count("PostgreSQL connections a process", "connections", high=200))
    secret_key: str = field(
        default="",
        repr=False,
        metadata=_about(values.secret, "Wraps private keys at rest; default: the file secret-key in DATA_DIR"),
    )
    development: bool = field(
        default=False,
        metadata=_about(
            values.yes_or_no,
            "Allows http, ports and localhost in addresses, and a session cookie without Secure",
        ),
    )
    federation_mode: str = field(
        default="open",
        metadata=_about(values.federation_mode, "open or closed; seeds the first start"),
    )
    languages: tuple[str, ...] = field(
        default=("en", "fr", "ar"),
        metadata=_about(values.listed(values.language), "Languages of the pages, default first"),
    )
    trusted_proxies: tuple[Network, ...] = field(
        default=(),
        metadata=_about(values.listed(values.network), "Proxies whose X-Forwarded-For is believed (last hop)"),
    )
    allowed_networks: tuple[Network, ...] = field(
        default=(),
        metadata=_about(values.listed(values.network), "Private networks that the node may contact all the same"),
    )
    static_hosts: tuple[tuple[str, Address], ...] = field(
        default=(),
        metadata=_about(
            values.listed(values.static_host),
            "name=address:port, asked before DNS; needs ALLOWED_NETWORKS",
        ),
    )
    media_url: str = field(
        default="",
        metadata=_about(values.web_address, "Another origin for /media; default: PUBLIC_URL"),
    )
    mail_url: MailServer | None = field(
        default=None,
        repr=False,
        metadata=_about(values.mail_server, "smtp://user:password@host:port, smtps://... or none"),
    )
    mail_from: str = field(
        default="",
        metadata=_about(values.text, "Sender of mail; default: talanoa@ACCOUNT_DOMAIN"),
    )
    body_bytes: int = field(default=MIB, metadata=_count("Largest request body but for uploads", "bytes", low=1024))
    upload_bytes: int = field(default=10 * MIB, metadata=_count("Largest uploaded image", "bytes", low=1024))
    fetch_bytes: int = field(
        default=MIB, metadata=_count("Largest document read from another server", "bytes", low=1024)
    )
    fetch_seconds: int = field(
        default=10, metadata=_count("Deadline of one fetch, redirects included", "seconds", high=60)
    )
    delivery_seconds: int = field(default=20, metadata=_count("Deadline of one delivery", "seconds", high=60))
    deliveries_at_once: int = field(default=128, metadata=_count("Hosts that one process tells at once", high=1000))
    delivery_connections: int = field(
        default=512, metadata=_count("Connections to inboxes that one process holds open", high=10_000)
    )
    deliveries_per_host: int = field(
        default=2, metadata=_count("Deliveries under way to one host in one process", high=16)
    )
    connections: int = field(default=1000, metadata=_count("Open connections that the web server holds", high=100_000))
    connections_per_address: int = field(
        default=100, metadata=_count("Open connections from one address", high=100_000)
    )
    inbox_rate: int = field(default=50, metadata=_count("Activities accepted from one host, sustained", "per second"))
    inbox_burst: int = field(default=500, metadata=_count("Activities accepted from one host at once", "activities"))
    inbox_daily_activities: int = field(
        default=100_000,
        metadata=_count("Activities accepted from one host in a day; tenfold if policy names it", "activities"),
    )
    inbox_daily_mib: int = field(
        default=500,
        metadata=_count("Room for activities accepted from one host in a day; tenfold if policy names it", "MiB"),
    )
    inbox_waiting: int = field(
        default=100_000,
        metadata=_count("Received activities that may wait before 503 is answered", "activities"),
    )
    foreign_pictures: bool = field(
        default=True,
        metadata=_about(
            values.yes_or_no,
            "Pictures of other servers are kept and shown here; false: they are links",
        ),
    )
    foreign_picture_bytes: int = field(
        default=8 * MIB,
        metadata=_count("Largest picture read from another server", "bytes", low=1024, high=16 * MIB),
    )
    foreign_picture_days: int = field(
        default=30,
        metadata=_count("A picture of another server that nobody looked at goes after; 0: never", "days", low=0),
    )
    foreign_picture_mib: int = field(
        default=2000,
        metadata=_count("Room for pictures of other servers; the longest unseen go first; 0: no bound", "MiB", low=0),
    )
    keep_received_days: int = field(
        default=30,
        metadata=_about(
            values.days_or_for_ever(30),
            "Received activities, raw, go after; at least 30, for a repeat is known by them; 0: never",
            "days",
        ),
    )
    keep_posts_days: int = field(
        default=180,
        metadata=_count("Posts of other servers that nobody here has to do with go after; 0: never", "days", low=0),
    )
    keep_people_days: int = field(
        default=180,
        metadata=_count("People of other servers whom nothing here names go after; 0: never", "days", low=0),
    )
    keep_deliveries_days: int = field(default=90, metadata=_count("Ended deliveries go after; 0: never", "days", low=0))
    keep_jobs_days: int = field(default=30, metadata=_count("Ended jobs go after; 0: never", "days", low=0))
    keep_letters_days: int = field(
        default=90, metadata=_count("Letters that were sent go after; 0: never", "days", low=0)
    )
    keep_notices_days: int = field(default=365, metadata=_count("Notices of members go after; 0: never", "days", low=0))
    page_rate: int = field(default=20, metadata=_count("Requests from one address, sustained", "per second"))
    page_burst: int = field(default=200, metadata=_count("Requests from one address at once", "requests"))
    sign_in_attempts: int = field(
        default=5,
        metadata=_count("Tries of sign-in for one account from one address, or mailed links, in 15 minutes", "tries"),
    )
    session_days: int = field(default=30, metadata=_count("Life of a sign-in that is used", "days", high=400))
    metrics_token: str = field(
        default="",
        repr=False,
        metadata=_about(values.text, "Bearer token that opens /metrics to Prometheus; without it there is none"),
    )
    drain_seconds: int = field(default=25, metadata=_count("Time to finish work after SIGTERM", "seconds", high=300))

    @property
    def origin(self) -> str:
        """Return scheme, host and port; the same as `public_url`, which has no path."""
        return self.public_url

    @property
    def host(self) -> str:
        """Return the host of all ids, with the port if `public_url` has one."""
        return self.public_url.partition("://")[2]

    @property
    def cookie_name(self) -> str:
        """Return the name of the session cookie."""
        return "session" if self.development else "__Host-session"

    @property
    def cookie_secure(self) -> bool:
        """Tell whether cookies travel over TLS only."""
        return not self.development
