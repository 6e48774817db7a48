"""The only place with a network: how this node speaks to others."""

import federation.client.lean  # noqa: F401  # before all that imports httpx
from federation.client.protocol_client import ProtocolClient
from federation.client.values import (
    ACCEPT_ACTIVITY,
    ACCEPT_JRD,
    ACCEPT_JSON,
    ACTIVITY_TYPE,
    JRD_BYTES,
    JSON_BYTES,
    Admit,
    Answer,
    Budget,
    ClientSettings,
    Deadlines,
    Document,
    Signing,
    user_agent,
)

__all__ = [
    "ACCEPT_ACTIVITY",
    "ACCEPT_JRD",
    "ACCEPT_JSON",
    "ACTIVITY_TYPE",
    "JRD_BYTES",
    "JSON_BYTES",
    "Admit",
    "Answer",
    "Budget",
    "ClientSettings",
    "Deadlines",
    "Document",
    "ProtocolClient",
    "Signing",
    "user_agent",
]
