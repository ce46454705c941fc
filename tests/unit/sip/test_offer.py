"""Which offers can be spoken."""

import pytest

from drivers.sip.offer import is_all_ipv6, is_spoken

pytestmark = pytest.mark.unit

HEAD = "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
VIDEO = "m=video 4002 RTP/AVP 8 0\r\n"


@pytest.mark.parametrize(
    ("media", "spoken"),
    [
        ("m=audio 4000 RTP/AVP 8 101\r\n", True),
        ("m=audio 4000 RTP/AVP 18 0\r\n", True),
        ("m=audio 4000/2 RTP/AVP 0\r\n", True),
        (VIDEO + "m=audio 4000 RTP/AVP 8\r\n", True),
        ("m=audio 4000 RTP/AVP 18\r\nm=audio 4002 RTP/AVP 8\r\n", True),
        ("m=audio 4000 RTP/AVP 18 101\r\na=rtpmap:18 G729/8000\r\n", False),
        ("m=audio 4000 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n", False),
        ("m=audio 0 RTP/AVP 8\r\n", False),
        (VIDEO, False),
        ("", False),
    ],
)
def test_audio_in_g711(media: str, spoken: bool):
    assert is_spoken(HEAD + media) is spoken


def test_no_offer_asks_for_ours():
    assert is_spoken("")


OURS = "m=audio 4000 RTP/AVP 8\r\n"
SIX = "c=IN IP6 2001:db8::7\r\n"


@pytest.mark.parametrize(
    ("sdp", "all_ipv6"),
    [
        (HEAD + OURS, False),
        (HEAD.replace("c=IN IP4 192.0.2.7\r\n", SIX) + OURS, True),
        (HEAD.replace("c=IN IP4 192.0.2.7\r\n", SIX) + OURS + "c=IN IP4 192.0.2.7\r\n", False),
        (HEAD + OURS + SIX, True),
        (HEAD + OURS + SIX.lower(), True),
        (HEAD + OURS + SIX + "m=audio 4002 RTP/AVP 8\r\n", False),
        (HEAD + OURS + SIX + "m=audio 0 RTP/AVP 8\r\n", True),
        (HEAD + OURS + VIDEO + SIX, False),
        (HEAD + VIDEO + SIX, False),
        ("v=0\r\n" + OURS, False),
        ("", False),
    ],
)
def test_audio_by_ipv6_alone(sdp: str, all_ipv6: bool):
    assert is_all_ipv6(sdp) is all_ipv6
