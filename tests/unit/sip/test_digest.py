"""Passwords of callers: what is asked for, what is taken, what never is."""

import hashlib
import re

import pytest

from drivers.sip.digest import NONCE_LIFE, CallerSecret, Digest, Outcome
from tests.sip.peer.digest import authorization, response

pytestmark = pytest.mark.unit

URI = "sip:8801@192.0.2.1"
HOST = "192.0.2.7"


def secret(user: str, algorithm: str = "SHA-256", password: str = "right") -> CallerSecret:
    name = {"SHA-256": "sha256", "MD5": "md5"}[algorithm]
    ha1 = hashlib.new(name, f"{user}:hotline:{password}".encode()).hexdigest()
    return CallerSecret(user, "hotline", algorithm, ha1)


def challenge(digest: Digest, now: float = 100.0, index: int = 0, host: str = HOST) -> dict[str, str]:
    text = digest.challenges(host, now)[index].removeprefix("Digest ")
    return {name: value.strip('"') for name, _, value in (part.partition("=") for part in text.split(", "))}


def invite(*headers: str) -> bytes:
    return f"INVITE {URI} SIP/2.0\r\nCSeq: 1 INVITE\r\n{''.join(headers)}\r\n".encode()


def shown(digest: Digest, header: str, now: float = 101.0, host: str = HOST) -> Outcome:
    return digest.check(invite(header), "INVITE", host, now)


@pytest.fixture
def digest() -> Digest:
    return Digest((secret("801"),), b"k" * 32)


def test_the_peer_computes_what_rfc_7616_section_3_9_1_has() -> None:
    given = {"user": "Mufasa", "password": "Circle of Life", "realm": "http-auth@example.org", "method": "GET"}
    nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
    cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    rest = {"nonce": nonce, "cnonce": cnonce, "uri": "/dir/index.html", "nc": 1}
    sha = response(**given, **rest, algorithm="SHA-256")
    assert sha == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
    assert response(**given, **rest, algorithm="MD5") == "8ca523f5e9506fed4657c9700eebdbec"


def test_who_shows_nothing_is_asked_by_the_best_algorithm_alone(digest: Digest) -> None:
    assert shown(digest, "") is Outcome.ABSENT
    asked = [challenge(digest)["algorithm"] for _ in digest.challenges(HOST, 100.0)]
    assert asked == ["SHA-256"]


def test_md5_is_offered_second_and_only_where_a_line_of_the_file_has_it() -> None:
    digest = Digest((secret("old", "MD5"), secret("801")), b"k")
    assert [challenge(digest, index=i)["algorithm"] for i in (0, 1)] == ["SHA-256", "MD5"]
    weak = challenge(digest, index=1)
    assert shown(digest, authorization(weak, user="old", password="right", uri=URI)) is Outcome.RIGHT
    assert shown(digest, authorization(weak, user="801", password="right", uri=URI)) is Outcome.WRONG


def test_the_right_password_is_taken(digest: Digest) -> None:
    asked = challenge(digest)
    assert shown(digest, authorization(asked, user="801", password="right", uri=URI)) is Outcome.RIGHT


def test_one_right_answer_among_several_realms_is_found(digest: Digest) -> None:
    other = authorization({**challenge(digest), "realm": "pbx"}, user="801", password="x", uri=URI)
    right = authorization(challenge(digest), user="801", password="right", uri=URI)
    assert digest.check(invite(other, right), "INVITE", HOST, 101.0) is Outcome.RIGHT


@pytest.mark.parametrize(
    "other",
    [
        {"response": "0" * 64},
        {"response": ""},
        {"qop": ""},
        {"qop": "auth-int"},
        {"nc": ""},
        {"nc": "1"},
        {"cnonce": ""},
        {"uri": ""},
        {"algorithm": "MD5"},
        {"algorithm": "SHA-256-sess"},
        {"username": "802"},
        {"username": ""},
    ],
)
def test_anything_else_is_wrong(digest: Digest, other: dict[str, str]) -> None:
    header = authorization(challenge(digest), user="801", password="right", uri=URI, instead=other)
    assert shown(digest, header) is Outcome.WRONG


def test_a_nonce_put_in_afterwards_is_wrong_and_one_never_made_is_stale(digest: Digest) -> None:
    asked = challenge(digest)
    put_in = authorization(asked, user="801", password="right", uri=URI, instead={"nonce": "0" * 40})
    assert shown(digest, put_in) is Outcome.WRONG
    made_up = authorization({**asked, "nonce": "0" * 40}, user="801", password="right", uri=URI)
    assert shown(digest, made_up) is Outcome.STALE


def test_a_wrong_password_another_method_and_basic_are_wrong_or_nothing(digest: Digest) -> None:
    asked = challenge(digest)
    assert shown(digest, authorization(asked, user="801", password="wrong", uri=URI)) is Outcome.WRONG
    assert shown(digest, authorization(asked, user="802", password="", uri=URI)) is Outcome.WRONG
    register = authorization(asked, user="801", password="right", uri=URI, method="REGISTER")
    assert shown(digest, register) is Outcome.WRONG
    assert shown(digest, "Authorization: Basic ODAxOnJpZ2h0\r\n") is Outcome.ABSENT


def test_an_answer_counts_once_and_the_next_count_again(digest: Digest) -> None:
    asked = challenge(digest)
    first, second = (authorization(asked, user="801", password="right", uri=URI, nc=n) for n in (1, 2))
    assert shown(digest, second) is Outcome.RIGHT
    assert shown(digest, second) is Outcome.STALE, "a replay"
    assert shown(digest, first) is Outcome.STALE, "a count that has gone by"


def test_a_nonce_is_too_old_after_its_life_and_another_hosts_is_none(digest: Digest) -> None:
    header = authorization(challenge(digest), user="801", password="right", uri=URI)
    assert shown(digest, header, 100.0 + NONCE_LIFE + 1) is Outcome.STALE
    assert shown(digest, header, 99.0) is Outcome.STALE, "from the future"
    assert shown(digest, header, host="192.0.2.8") is Outcome.STALE
    other = Digest((secret("801"),), b"another key")
    assert shown(other, header) is Outcome.STALE
    assert "stale=true" in digest.challenges(HOST, 1.0, stale=True)[0]


def test_what_is_forgotten_of_nonces_is_not_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.sip.digest._KEPT", 2)
    digest = Digest((secret("801"),), b"k")
    headers = [
        authorization(challenge(digest, 100.0 + n), user="801", password="right", uri=URI) for n in range(4)
    ]
    assert [shown(digest, header, 104.0) for header in headers] == [Outcome.RIGHT] * 4
    assert [shown(digest, header, 104.0) for header in headers] == [Outcome.STALE] * 4


def test_what_is_folded_or_in_the_body(digest: Digest) -> None:
    header = authorization(challenge(digest), user="801", password="right", uri=URI)
    assert shown(digest, header.replace(", nonce", ",\r\n nonce")) is Outcome.RIGHT
    in_body = invite() + header.encode()
    assert digest.check(in_body, "INVITE", HOST, 101.0) is Outcome.ABSENT


def test_an_answer_for_another_realm_alone_is_none(digest: Digest) -> None:
    other = authorization({**challenge(digest), "realm": "pbx"}, user="801", password="right", uri=URI)
    assert shown(digest, other) is Outcome.ABSENT


def test_whom_nobody_knows_gets_in_by_no_hash_of_nothing(digest: Digest) -> None:
    asked = challenge(digest)
    ha2 = hashlib.sha256(f"INVITE:{URI}".encode()).hexdigest()
    due = hashlib.sha256(f":{asked['nonce']}:00000001:0a4f113b:auth:{ha2}".encode()).hexdigest()
    header = authorization(asked, user="nobody", password="x", uri=URI, instead={"response": due})
    assert shown(digest, header) is Outcome.WRONG


def test_two_calls_of_one_host_in_the_same_second_are_both_let_in(digest: Digest) -> None:
    first, second = challenge(digest), challenge(digest)
    assert first["nonce"] != second["nonce"]
    for asked in (first, second):
        header = authorization(asked, user="801", password="right", uri=URI)
        assert shown(digest, header) is Outcome.RIGHT
        assert shown(digest, header) is Outcome.STALE, "each once"


def test_the_first_of_a_parameter_counts_and_the_hash_in_either_case(digest: Digest) -> None:
    header = authorization(challenge(digest), user="801", password="right", uri=URI)
    twice = header.rstrip() + ', username="802"\r\n'
    assert shown(digest, twice) is Outcome.RIGHT
    header = authorization(challenge(digest), user="801", password="right", uri=URI)
    loud = re.sub(r'response="([^"]*)"', lambda match: f'response="{match[1].upper()}"', header)
    assert shown(digest, loud) is Outcome.RIGHT


def test_of_several_answers_a_right_one_counts_if_it_is_among_the_first(digest: Digest) -> None:
    asked = challenge(digest)
    wrong = authorization(asked, user="801", password="wrong", uri=URI)
    right = authorization(asked, user="801", password="right", uri=URI)
    assert digest.check(invite(wrong, right), "INVITE", HOST, 101.0) is Outcome.RIGHT
    late = authorization(asked, user="801", password="right", uri=URI, nc=2)
    assert digest.check(invite(*[wrong] * 4, late), "INVITE", HOST, 101.0) is Outcome.WRONG


def test_an_answer_for_another_method_is_wrong(digest: Digest) -> None:
    header = authorization(challenge(digest), user="801", password="right", uri=URI)
    assert digest.check(invite(header), "SUBSCRIBE", HOST, 101.0) is Outcome.WRONG
