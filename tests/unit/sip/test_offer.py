"""Which offers can be spoken."""

import pytest

from drivers.sip.offer import is_spoken

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
