"""The encryption around a backup: AES-256-GCM in chunks, the key made from a passphrase with scrypt.

Each chunk is bound to its place and the last one says that it is the last, so that a file that was cut,
reordered or changed is refused. Reads and writes streams; never holds a whole backup in memory.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from node.errors import CommunityError

MAGIC = b"TALANOA BACKUP 1\n"
CHUNK_BYTES = 1024 * 1024
SALT_BYTES = 16
TAG_BYTES = 16
SHORTEST_SECRET = 12
SCRYPT_COST = 16
"""Two to this power rounds of scrypt with r = 8: 64 MiB of memory."""
_COSTS = range(10, 19)


class BackupRefused(CommunityError):
    """A backup can't be made or read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens a backup. Its text is never shown."""

    text: bytes

    def __repr__(self) -> str:
        """Show nothing of the secret."""
        return "Secret(...)"

    @classmethod
    def of(cls, text: str) -> "Secret":
        """Return the secret in `text`, without the blanks around it.

        Raises:
            BackupRefused: it is too short to protect anything.
        """
        found = text.strip().encode()
        if len(found) < SHORTEST_SECRET:
            raise BackupRefused(f"The passphrase of a backup needs at least {SHORTEST_SECRET} characters.")
        return cls(found)

    @classmethod
    def from_file(cls, path: Path) -> "Secret":
        """Return the secret in a key file.

        Raises:
            BackupRefused: it can't be read, is too short, or everybody on this machine can read it.
        """
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BackupRefused(f"The key file {path} can't be read: {error}.") from None
        if mode & 0o007:
            raise BackupRefused(f"Everybody can read the key file {path}; run: chmod 600 {path}")
        return cls.of(text)


class EncryptingWriter:
    """A binary stream that encrypts what is written to it; call `finish` at the end."""

    def __init__(self, target: BinaryIO, secret: Secret, *, salt: bytes, cost: int = SCRYPT_COST) -> None:
        header = MAGIC + bytes([cost]) + salt
        target.write(header)
        self._target, self._header = target, header
        self._cipher = AESGCM(_key(secret, salt, cost))
        self._waiting = bytearray()
        self._count = 0

    def write(self, data: bytes) -> int:
        """Take `data`; full chunks are encrypted and written at once."""
        self._waiting += data
        while len(self._waiting) > CHUNK_BYTES:
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the rest and mark it as the end."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._count, last=last), chunk, self._header))
        self._count += 1


class DecryptingReader:
    """A binary stream of the bytes inside a backup."""

    def __init__(self, source: BinaryIO, secret: Secret) -> None:
        """Read the header and make the key.

        Raises:
            BackupRefused: the file isn't a backup of this kind.
        """
        header = source.read(len(MAGIC) + 1 + SALT_BYTES)
        cost = header[len(MAGIC)] if len(header) == len(MAGIC) + 1 + SALT_BYTES else 0
        if not header.startswith(MAGIC) or cost not in _COSTS:
            raise BackupRefused("This file is not a backup made by talanoa backup, or its beginning is damaged.")
        self._chunks = _decrypted(source, AESGCM(_key(secret, header[-SALT_BYTES:], cost)), header)
        self._ready = b""

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all for -1; b"" at the end.

        Raises:
            BackupRefused: the passphrase is wrong or the file was changed or cut.
        """
        parts = [self._ready]
        have = len(self._ready)
        while size < 0 or have < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            parts.append(chunk)
            have += len(chunk)
        found = b"".join(parts)
        end = len(found) if size < 0 else size
        self._ready = found[end:]
        return found[:end]


def _decrypted(source: BinaryIO, cipher: AESGCM, header: bytes) -> Iterator[bytes]:
    sealed_bytes = CHUNK_BYTES + TAG_BYTES
    sealed = source.read(sealed_bytes)
    count = 0
    while True:
        following = source.read(sealed_bytes)
        try:
            chunk = cipher.decrypt(_nonce(count, last=not following), sealed, header)
        except (InvalidTag, ValueError):
            first = "The passphrase or key file is not the one of this backup, or its beginning is damaged."
            later = f"The backup is damaged or cut after {count * CHUNK_BYTES} bytes; take another one."
            raise BackupRefused(later if count else first) from None
        yield chunk
        if not following:
            return
        sealed, count = following, count + 1


def _key(secret: Secret, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**cost, r=8, p=1).derive(secret.text)


def _nonce(count: int, *, last: bool) -> bytes:
    return struct.pack(">3xQ?", count, last)
