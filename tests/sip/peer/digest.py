"""The peer's side of SIP digest (RFC 7616 §3.4), written without a look at the line's."""

import hashlib
import re

HASHES = {"SHA-256": hashlib.sha256, "MD5": hashlib.md5}


def challenges(raw: str) -> list[dict[str, str]]:
    """The WWW-Authenticate headers of a message, in their order."""
    return [
        {
            name.lower(): quoted or bare
            for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', value)
        }
        for value in re.findall(r"^WWW-Authenticate:\s*Digest\s+(.*?)\r?$", raw, re.MULTILINE | re.IGNORECASE)
    ]


def response(
    *,
    user: str,
    password: str,
    realm: str,
    nonce: str,
    method: str,
    uri: str,
    algorithm: str,
    nc: int,
    cnonce: str,
) -> str:
    """The `response` parameter, with qop=auth."""

    def digest(text: str) -> str:
        return HASHES[algorithm](text.encode()).hexdigest()

    ha1, ha2 = digest(f"{user}:{realm}:{password}"), digest(f"{method}:{uri}")
    return digest(f"{ha1}:{nonce}:{nc:08x}:{cnonce}:auth:{ha2}")


def authorization(
    challenge: dict[str, str],
    *,
    user: str,
    password: str,
    uri: str,
    method: str = "INVITE",
    nc: int = 1,
    instead: dict[str, str] | None = None,
) -> str:
    """An Authorization header with its CRLF; parameters `instead` of the right ones, left out where empty."""
    algorithm = challenge.get("algorithm", "MD5")
    given = {"user": user, "password": password, "realm": challenge["realm"], "nonce": challenge["nonce"]}
    answer = response(**given, method=method, uri=uri, algorithm=algorithm, nc=nc, cnonce="0a4f113b")
    values = {
        "username": user,
        "realm": challenge["realm"],
        "nonce": challenge["nonce"],
        "uri": uri,
        "response": answer,
        "cnonce": "0a4f113b",
        "algorithm": algorithm,
        "qop": "auth",
        "nc": f"{nc:08x}",
        **(instead or {}),
    }
    bare = ("algorithm", "qop", "nc")
    text = ", ".join(f"{k}={v}" if k in bare else f'{k}="{v}"' for k, v in values.items() if v)
    return f"Authorization: Digest {text}\r\n"
