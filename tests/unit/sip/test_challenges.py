"""Which digest a line shows where it is asked for several."""

import pytest

from drivers.sip.challenges import weaker

pytestmark = pytest.mark.unit

SHA = 'WWW-Authenticate: Digest realm="pbx", nonce="1", algorithm=SHA-256, qop="auth"'
MD5 = 'WWW-Authenticate: Digest realm="pbx", nonce="2", algorithm=MD5'


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([MD5, SHA], [0]),
        ([SHA, MD5], [1]),
        ([SHA, MD5.replace(", algorithm=MD5", "")], [1]),
        ([MD5.replace("=MD5", '="md5-sess"'), SHA.replace("SHA", "sha")], [0]),
        ([MD5], []),
        ([MD5, MD5], []),
        ([MD5, SHA.replace("pbx", "proxy")], []),
        ([MD5, SHA.replace("SHA-256", "SHA-999")], []),
        ([MD5.replace("nonce", r'x="realm=\"pbx\"", nonce').replace("pbx", "a", 1), SHA], []),
        ([SHA, "WWW-Authenticate: Basic"], []),
    ],
)
def test_md5_is_left_out_where_the_same_realm_asks_for_sha_256(asked: list[str], expected: list[int]) -> None:
    assert weaker(asked) == expected
