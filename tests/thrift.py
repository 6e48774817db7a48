"""What costs much and proves nothing the second time, made cheap for all tests: hashes, routes, certificates.

tests/node/community/test_passwords.py takes the real hashes back.
"""

import os
import ssl
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from werkzeug.routing.rules import Rule

from federation.client import transport
from node.community import passwords

_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
REAL = {"_HASHER": passwords._HASHER, "_NOBODYS": passwords._NOBODYS}
_compile = Rule._compile_builder
_read = transport.trusted_context
_builders: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}
_contexts: dict[tuple[object, ...], ssl.SSLContext] = {}


def _kept(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002
    """Return the function that writes addresses of `rule`, compiled once for all applications of this process."""
    if rule.defaults:
        return _compile(rule, append_unknown)
    key = (rule.rule, tuple(rule._trace), append_unknown)
    if key not in _builders:
        _builders[key] = _compile(rule, append_unknown)
    return _builders[key]


def _trusted(ca_file: str | None = None) -> ssl.SSLContext:
    """Return the context of these authorities, read once."""
    key = (ca_file, os.environ.get("SSL_CERT_FILE"))
    if key not in _contexts:
        _contexts[key] = _read(ca_file)
    return _contexts[key]


def be_thrifty(patch: pytest.MonkeyPatch) -> None:
    """Make hashes cheap; keep compiled routes and the list of authorities."""
    changed: Any = Rule
    patch.setattr(changed, "_compile_builder", _kept)
    patch.setattr(transport, "trusted_context", _trusted)
    patch.setattr(passwords, "_HASHER", _CHEAP)
    patch.setattr(passwords, "_NOBODYS", _CHEAP.hash("nobody at all, and nobody knows it"))
