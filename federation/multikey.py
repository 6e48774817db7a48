"""Keys as short text: base58btc and the multicodec prefixes. Pure: no clock, no network, no database."""

from federation.errors import Malformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {char: number for number, char in enumerate(_ALPHABET)}
_LONGEST = 1024  # the conversion is quadratic; an RSA-4096 key has 720 characters

ED25519_PUBLIC = b"\xed\x01"
RSA_PUBLIC = b"\x85\x24"


def encode_base58(raw: bytes) -> str:
    """Return `raw` in the Bitcoin alphabet, leading zero bytes as `1`."""
    number, digits = int.from_bytes(raw), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _ALPHABET[rest] + digits
    zeros = len(raw) - len(raw.lstrip(b"\0"))
    return _ALPHABET[0] * zeros + digits


def decode_base58(text: str) -> bytes:
    """Return the bytes of `text`; raise Malformed on a foreign character or over 1,024 characters."""
    if len(text) > _LONGEST or not all(char in _DIGITS for char in text):
        raise Malformed("not base58")
    number = 0
    for char in text:
        number = number * 58 + _DIGITS[char]
    zeros = len(text) - len(text.lstrip(_ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def encode_multibase(raw: bytes) -> str:
    """Return `z` and the base58 of `raw`. Spec: W3C Controlled Identifiers §2.4."""
    return "z" + encode_base58(raw)


def decode_multibase(text: object) -> bytes:
    """Return the bytes of a base58btc multibase value; raise Malformed on anything else."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise Malformed("not base58btc multibase")
    return decode_base58(text[1:])
