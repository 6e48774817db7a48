"""The people and groups on a made-up server, and what they write."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from tests.peers.flavours import Flavour
from tests.peers.keys import ed25519_key, multibase_of, pem_of, rsa_key

CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]
Json = dict[str, object]


@dataclass
class PeerActor:
    """An actor on a peer; `extra` replaces or adds members of its document."""

    name: str
    base: str
    flavour: Flavour
    type: str = "Person"
    generation: int = 1
    extra: Json = field(default_factory=dict)

    @property
    def uri(self) -> str:
        """Return its id."""
        return self.base + self.flavour.actor_path.format(name=self.name)

    @property
    def inbox(self) -> str:
        """Return where it takes post of its own."""
        return f"{self.uri.rstrip('/')}/inbox"

    @property
    def shared_inbox(self) -> str | None:
        """Return the inbox of all actors there, None where the software has none."""
        return f"{self.base}/inbox" if self.flavour.shared_inbox else None

    @property
    def key_id(self) -> str:
        """Return the id of its RSA key."""
        return self.uri + self.flavour.key_suffix

    @property
    def ed25519_id(self) -> str:
        """Return the id of its Ed25519 key."""
        return f"{self.uri}#ed25519-key"

    @property
    def rsa(self) -> RSAPrivateKey:
        """Return its RSA key."""
        return rsa_key(self.uri, self.generation)

    @property
    def ed25519(self) -> Ed25519PrivateKey:
        """Return its Ed25519 key, which only Fedify shows."""
        return ed25519_key(self.uri, self.generation)

    def key_document(self) -> Json:
        """Return its RSA key as others read it."""
        return {"id": self.key_id, "owner": self.uri, "publicKeyPem": pem_of(self.rsa)}

    def stub(self) -> Json:
        """Return what GoToSocial shows to everybody: enough to check a signature, nothing more."""
        return {
            "@context": CONTEXT,
            "id": self.uri,
            "type": self.type,
            "preferredUsername": self.name,
            "publicKey": self.key_document(),
        }

    def document(self) -> Json:
        """Return the whole actor."""
        base = self.uri.rstrip("/")
        found = self.stub() | {
            "name": self.name.title(),
            "summary": f"<p>{self.name} of {self.base}</p>",
            "url": f"{self.base}/@{self.name}",
            "inbox": self.inbox,
            "outbox": f"{base}/outbox",
            "followers": f"{base}/followers",
            "following": f"{base}/following",
            "manuallyApprovesFollowers": False,
        }
        if self.shared_inbox is not None:
            found["endpoints"] = {"sharedInbox": self.shared_inbox}
        if self.flavour.software == "fedify":
            found["assertionMethod"] = [self._multikey()]
        return found | self.extra

    def _multikey(self) -> Json:
        return {
            "id": self.ed25519_id,
            "type": "Multikey",
            "controller": self.uri,
            "publicKeyMultibase": multibase_of(self.ed25519),
        }

    def recipients(self, uris: Sequence[str]) -> str | list[str]:
        """Return `to` or `cc` as this software writes it."""
        if self.flavour.bare_recipients and len(uris) == 1:
            return uris[0]
        return list(uris)
