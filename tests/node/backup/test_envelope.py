"""The encryption around a backup."""

from io import BytesIO
from pathlib import Path

import pytest

from node.backup.envelope import (
    CHUNK_BYTES,
    SALT_BYTES,
    TAG_BYTES,
    BackupRefused,
    DecryptingReader,
    EncryptingWriter,
    Secret,
)

SECRET = Secret.of("correct horse battery")
SALT = bytes(range(SALT_BYTES))
HEADER_BYTES = len(b"TALANOA BACKUP 1\n") + 1 + SALT_BYTES


def sealed(data: bytes) -> bytes:
    """Return `data` as it stands in a backup, with a cheap key."""
    target = BytesIO()
    writer = EncryptingWriter(target, SECRET, salt=SALT, cost=10)
    writer.write(data)
    writer.finish()
    return target.getvalue()


def opened(backup: bytes, secret: Secret = SECRET) -> bytes:
    """Return what is inside."""
    return DecryptingReader(BytesIO(backup), secret).read()


def test_a_wrong_passphrase_opens_nothing() -> None:
    with pytest.raises(BackupRefused, match="not the one of this backup"):
        opened(sealed(b"the private keys"), Secret.of("correct horse stapler"))


@pytest.mark.parametrize("length", [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])
def test_what_went_in_comes_out(length: int) -> None:
    data = bytes(number % 251 for number in range(length))

    assert opened(sealed(data)) == data


def test_the_content_is_not_readable_in_the_file() -> None:
    backup = sealed(b"-----BEGIN PRIVATE KEY-----" * 10)

    assert b"PRIVATE" not in backup


def test_a_file_that_was_cut_at_a_chunk_is_refused() -> None:
    backup = sealed(bytes(3 * CHUNK_BYTES))
    cut = backup[: HEADER_BYTES + 2 * (CHUNK_BYTES + TAG_BYTES)]

    with pytest.raises(BackupRefused, match="damaged or cut after 1048576 bytes"):
        opened(cut)


def test_chunks_in_another_order_are_refused() -> None:
    backup = sealed(bytes(3 * CHUNK_BYTES))
    step = CHUNK_BYTES + TAG_BYTES
    first, second = backup[HEADER_BYTES:][:step], backup[HEADER_BYTES:][step : 2 * step]

    with pytest.raises(BackupRefused):
        opened(backup[:HEADER_BYTES] + second + first + backup[HEADER_BYTES + 2 * step :])


@pytest.mark.parametrize("place", [18, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 500, -1])
def test_one_changed_bit_is_refused(place: int) -> None:
    backup = bytearray(sealed(bytes(1000)))
    backup[place] ^= 1

    with pytest.raises(BackupRefused):
        opened(bytes(backup))


@pytest.mark.parametrize("other", [b"", b"TALANOA BACKUP 1\n", b"SQLite format 3\0" + bytes(100)])
def test_another_file_is_refused_in_words(other: bytes) -> None:
    with pytest.raises(BackupRefused, match="not a backup made by talanoa backup"):
        opened(other)


def test_a_key_that_would_take_all_memory_is_refused() -> None:
    backup = bytearray(sealed(b"x"))
    backup[len(b"TALANOA BACKUP 1\n")] = 40

    with pytest.raises(BackupRefused):
        opened(bytes(backup))


def test_reading_in_small_parts_gives_the_same_bytes() -> None:
    data = bytes(range(256)) * 5000
    reader = DecryptingReader(BytesIO(sealed(data)), SECRET)
    parts = []
    while part := reader.read(70_001):
        parts.append(part)

    assert b"".join(parts) == data


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BackupRefused, match="at least 12 characters"):
        Secret.of("eleven char")


def test_a_key_file_that_everybody_reads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("a long enough key\n")
    path.chmod(0o644)

    with pytest.raises(BackupRefused, match="chmod 600"):
        Secret.from_file(path)


def test_a_secret_never_shows_itself(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("a long enough key\n")
    path.chmod(0o600)

    secret = Secret.from_file(path)

    assert (secret.text, repr(secret)) == (b"a long enough key", "Secret(...)")
