"""Another server's way of signing: written from the drafts, it shares no code with ours. Its keys are test keys."""

import base64
import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.http import Request
from federation.keys import PrivateKey, load_private_pem

NOW = datetime(2026, 8, 18, 10, 8, 46, tzinfo=UTC)
HOSTS = frozenset({"remote.example"})
BODY = b'{"hello":"world"}'
ACTOR = "https://node.example/users/a"
AS2 = "application/activity+json"

RSA_PEM = """\
-----BEGIN PRIVATE KEY-----
MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDGfo7PPrUMXo9t
sLVaKNgYN2bjTlvpXYT//a6t50XGqu0FLasATIbYp3tw/k56IK9du4K4wlpq3I6p
rYR3hMJlRMqbSDdjovfaERERqYh9+bAVjp2daW7g12LH5Zaiu3zll6Q9m0xM33Te
4M+TEEoM08YX2N3G8fBFoNXVVzf46dj9TwRJLFQhhV6wZeDkXEp3n2bEcwB0tG66
GKebx1+U+v3YOjy++rDVmBnhi0Fa8+dfZoOoe/hQkn6NuIroG8m7mqilRMA7RBe8
ks2lZdY/DUf+1boDdgAW+92+05z3BHKITUBN8ruZ3LOHaixvVpEvzyrRHD9t5SA4
rF02tdqtAgMBAAECggEAAcFcwfFPkzqmZoAl/fflm/vhcJoLdghoWgXZnn5NFP9Y
oFo1Qc75qWm1Tb/VhymfRvFeAT0oiGzyALGvPcLkH92Uwm5WZGQQG0Su7KAsEUZ1
xJ6XIq06PALICxHVlPdFQ3tlmGz8fDGL6NA3sF/p1fM0JiVk0K9aJe4mLtWvgesZ
uGyCOLIGFuY36f8Mg/G0GHKoOzPlBU4qrquAl7pC2S5+nLLX6xbr1BTqN37yXhk0
aPWlnYL8uiMkGQQvEGQ8zwGzQTv5AAayU+EhktdD5mCeuSYMlswED7nx47WjmD5O
vxm+PlZ/qdkPuY9KMPyTsTEebuYtNbpMlRoK2SzCgQKBgQDnxMWl+5ItXnWeQ1Xf
LDirdrNvZlvx5ESD5MTDwBlG+Angu89EERNkr/lPtXbYAFtU6QbaJHYLNz0rLWIK
mDsFqx14TodslOo/TSv13dzDkyowfbH8qqWJ23Ha69aWf8Hm9qaboFT0Z/cHBege
bD8eA/ukqZq2WCH1u2k8Qv/oGwKBgQDbPzVabxB6xXpJwScLZB22yhxaeO4fs+/s
OwmdU76ghAFNkMfzT2XP7MCF3jdRh73xT2ETtA0uwwLdtjOFW8TyiIJ428reDiQx
Nh6LbHcs12/CTlgsrb/i6S40jCEQCg0zMT0E1rY4Hx97cjzdM+4ej8l7JwpSWrDe
lQkKVBSE1wKBgH+gitp5KyjSoGBTYiEwH9DD39GTg0Qz2ErtGjFVQlYjVoUrxtoL
sSs8AEUVf2k44RJj9AMCGwLYG1YAesGszKu1a9gJHmf7pPbQz0loMB5+lrf3L6Ec
c2XzssHEJvnfRm6iGmMOqlmgOpbieMzv/N3RgaxOPUT2SVUhK7Uki/lLAoGAOrHk
Ta6YIdYGVAJyunj1/36CMrJXRYN9gqeXflfyG7TbSHGvJfMmlZCTRgNkmd4WOqj+
mzDDqrYoaUSi7FvSEP/8tfBZkjME+2u6p6bFDOssDz+8GVH2of+9D/JH06xtNjxD
Uq1MoR+r5PeDVdDWObZSwTaFa+C9owkRH4O87ocCgYBiQsHCRH9vwywjv21P+/8R
YqWfPIWOfWnHaAoa4m93gVly2NceldA+/Pc/LIYNwowYtXeUZP+6oHd8Ud7r3mlN
bqpUJUFe63kDV3/4mU7kRgqbEZb0QJ2zLfatm/0/JIDqmKzhB0uaCKXXWsJltk5s
SxebamrwFsRwIXHKvBKwXw==
-----END PRIVATE KEY-----
"""
ED25519_PEM = """\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIOf30JY5TdLF7XqTO9/dwC/cW8nZddeBK/1MPXrXNlQx
-----END PRIVATE KEY-----
"""


def our_rsa(key_id: str = f"{ACTOR}#main-key") -> PrivateKey:
    return load_private_pem(RSA_PEM, id=key_id, owner=ACTOR)


def our_ed25519(key_id: str = f"{ACTOR}#ed25519-key") -> PrivateKey:
    return load_private_pem(ED25519_PEM, id=key_id, owner=ACTOR)


@cache
def loaded(pem: str) -> RSAPrivateKey | Ed25519PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey | Ed25519PrivateKey)
    return key


def raw_sign(base: str, pem: str = RSA_PEM) -> str:
    key = loaded(pem)
    if isinstance(key, RSAPrivateKey):
        return base64.b64encode(key.sign(base.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    return base64.b64encode(key.sign(base.encode())).decode()


def plain_headers(body: bytes = BODY, *, at: datetime = NOW) -> dict[str, str]:
    return {
        "host": "remote.example",
        "date": format_datetime(at, usegmt=True),
        "digest": "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode(),
        "content-type": AS2,
        "content-length": str(len(body)),
        "accept": AS2,
    }


def post(headers: dict[str, str], *, path: str = "/inbox", body: bytes = BODY) -> Request:
    return Request("POST", f"https://remote.example{path}", tuple(headers.items()), body)


def get(headers: dict[str, str], *, path: str = "/ap/u/anna") -> Request:
    return Request("GET", f"https://remote.example{path}", tuple(headers.items()))


def cavage(request: Request, covered: str, *, target: str | None = None, pem: str = RSA_PEM, **params: str) -> Request:
    """Sign as draft-cavage-12 says.

    Args:
        covered: names in order, with blanks.
        target: path and query if they are to differ from those of the request.
        params: written as given, quotes included; `signature` is added.
    """
    headers = dict(request.headers)
    asked = request.url.removeprefix("https://remote.example")
    values = {
        **headers,
        "(request-target)": f"{request.method.lower()} {target or asked}",
        "(created)": params.get("created", "").strip('"'),
        "(expires)": params.get("expires", "").strip('"'),
    }
    base = "\n".join(f"{name}: {values[name]}" for name in covered.split())
    written = {"keyId": f'"{ACTOR}#main-key"', "headers": f'"{covered}"', **params}
    written["signature"] = f'"{raw_sign(base, pem)}"'
    value = ",".join(f"{name}={text}" for name, text in written.items())
    return with_header(request, "signature", value)


def with_header(request: Request, name: str, value: str) -> Request:
    return Request(request.method, request.url, (*request.headers, (name, value)), request.body)


def changed(request: Request, name: str, value: str | None) -> Request:
    """Return the request with another value for a header, or without it."""
    others = [pair for pair in request.headers if pair[0] != name]
    headers = others if value is None else [(key, value if key == name else old) for key, old in request.headers]
    return Request(request.method, request.url, tuple(headers), request.body)
