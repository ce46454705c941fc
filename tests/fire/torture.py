"""The torture messages of RFC 4475 §3, each made after what its section says is special about it.

`{via}` stands for the sender and his port, so that answers reach him, `{target}` for the line, `{n}` for a
number of its own. `answers`: what its section asks for or allows, and of that what this line does. Where a section
lets a server be liberal (§3.1.2.9 to .12, .14, .15) it is: nothing that is wrong there is used.
"""

from dataclasses import dataclass

SDP = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 49217 RTP/AVP 8\r\n"


@dataclass(frozen=True)
class Torture:
    name: str
    section: str
    text: bytes
    answers: frozenset[int]
    """Statuses that may come; 0: none."""


REFUSED = frozenset({0, 400})
"""Most sections ask for 400. What pjsip cannot read gets no answer."""
CALL = frozenset({180})
FINE = frozenset({200})


def message(
    name: str,
    section: str,
    answers: frozenset[int],
    *,
    method: str = "INVITE",
    start: str | None = None,
    without: str = "",
    extra: str = "",
    body: str | None = None,
    raw: bytes | None = None,
    **headers: str,
) -> Torture:
    """A message that is right but for what is given; `without`: names of headers to leave out, by blanks."""
    body = SDP if body is None and method == "INVITE" else body or ""
    values = {
        "Via": "SIP/2.0/UDP {via};branch=z9hG4bKt{n}",
        "Max-Forwards": "70",
        "From": "<sip:caller@example.net>;tag=f{n}",
        "To": "<sip:8801@example.com>",
        "Call-ID": f"{name}.{{n}}",
        "CSeq": f"1 {method}",
        "Contact": "<sip:caller@{via}>",
        **({"Content-Type": "application/sdp"} if body else {}),
        "Content-Length": str(len(body)),
    }
    values |= {key.replace("_", "-"): value for key, value in headers.items()}
    left = {key.lower() for key in without.split()}
    lines = [f"{key}: {value}" for key, value in values.items() if key.lower() not in left]
    start = f"{method} {{target}} SIP/2.0" if start is None else start
    text = "\r\n".join((start, *lines)) + "\r\n" + extra + "\r\n" + body
    return Torture(name, section, text.encode() + (raw or b""), answers)


VALID = (
    message(
        *("wsinv", "3.1.1.1", CALL),
        start="INVITE sip:8801@example.com;unknownparam SIP/2.0",
        without="Via To From Max-Forwards Call-ID CSeq Content-Type Contact",
        extra=(
            "TO :\r\n sip:8801@example.com ;   tag    = 1918181833n\r\n".replace(";   tag    = 1918181833n", "")
            + 'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8{n}\r\n'
            "MaX-fOrWaRdS: 0068\r\nCall-ID: wsinv.{n}\r\ncseq: 0009\r\n  INVITE\r\n"
            "Via  : SIP  /   2.0\r\n /UDP\r\n    {via};branch=390skdjuw{n}\r\ns :\r\n"
            "NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
            "UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"
            "Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
            'm:"Quoted string \\"\\"" <sip:jdrosen@{via}> ; newparam =\r\n      newvalue ;\r\n'
            "  secondparam ; q = 0.33\r\n"
        ).replace("Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n", ""),
    ),
    message(
        *("intmeth", "3.1.1.2", frozenset({405, 501})),
        method="!interesting-Method0123456789_*+`.%indeed'~",
        start="!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;"
        "*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0",
        To='"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:1_unusual.URI~(to-be!sure)&isn\'t+it$/;;*@example.com>',
    ),
    message(
        *("esc01", "3.1.1.3", CALL),
        start="INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0",
        To="sip:%75se%72@example.com",
        From="<sip:I%20have%20spaces@example.net>;tag=938{n}",
        Contact="<sip:cal%6Cer@{via};%6C%72;n%61me=v%61lue%25%34%31>",
    ),
    message(*("escnull", "3.1.1.4", frozenset({405})), method="REGISTER", To="sip:null-%00-null@example.com"),
    message(
        *("esc02", "3.1.1.5", frozenset({405, 501})),
        method="RE%47IST%45R",
        To='"%Z%45" <sip:resource@example.com>',
    ),
    message(*("lwsdisp", "3.1.1.6", FINE), method="OPTIONS", From="caller<sip:caller@example.com>;tag=323{n}"),
    message(
        *("longreq", "3.1.1.7", CALL),
        To='"I have a user name of '
        + "extreme" * 30
        + '" <sip:user@example.com:6000;unknownparam1=very'
        + "long" * 30
        + "value;longparam"
        + "name" * 20
        + "=shortvalue>",
        F="x",
        without="F",
        extra="Unknown-" + "Long-" * 20 + "Name: unknown-" + "long-" * 20 + "value\r\n",
    ),
    message(
        *("dblreq", "3.1.1.8", frozenset({405})),
        method="REGISTER",
        raw=b"\r\nINVITE sip:joe@example.com SIP/2.0\r\nt: sip:joe@example.com\r\n\r\n",
    ),
    message(
        *("semiuri", "3.1.1.9", FINE),
        method="OPTIONS",
        start="OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0",
    ),
    message(
        *("transports", "3.1.1.10", FINE),
        method="OPTIONS",
        extra="Via: SIP/2.0/SCTP t1.example.com;branch=z9hG4bK1\r\n"
        "Via: SIP/2.0/TLS t4.example.com;branch=z9hG4bK2\r\n"
        "Via: SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bK3\r\n",
    ),
    message(
        *("mpart01", "3.1.1.11", frozenset({405})),
        method="MESSAGE",
        Content_Type="multipart/mixed;boundary=7a9cbec02ceef655",
        body="--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655\r\n"
        "Content-Type: application/octet-stream\r\n\r\n\x01\x02\x7f\r\n--7a9cbec02ceef655--",
    ),
    message(
        *("unreason", "3.1.1.12", frozenset({0})),
        start="SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e",
    ),
    message(*("noreason", "3.1.1.13", frozenset({0})), start="SIP/2.0 100 "),
)
INVALID = (
    message(
        *("badinv01", "3.1.2.1", REFUSED), Via="SIP/2.0/UDP {via};;,;,,", Contact='"Joe" <sip:joe@example.org>;;;;'
    ),
    message(*("clerr", "3.1.2.2", frozenset({400})), Content_Length="9999"),
    message(*("ncl", "3.1.2.3", REFUSED), Content_Length="-999"),
    message(
        *("scalar02", "3.1.2.4", REFUSED),
        method="REGISTER",
        CSeq="36893488147419103232 REGISTER",
        Max_Forwards="300",
        Expires="10000000000000000000000000000000000000000000",
        Contact="<sip:user@{via}>;expires=280297596632815",
    ),
    message(
        *("scalarlg", "3.1.2.5", frozenset({0})),
        start="SIP/2.0 503 Service Unavailable",
        CSeq="9292394834772304023312 OPTIONS",
        Retry_After="949302838503028349304023988",
    ),
    message(*("quotbal", "3.1.2.6", REFUSED), To='"Mr. J. User <sip:j.user@example.com>'),
    message(*("ltgtruri", "3.1.2.7", REFUSED), start="INVITE <sip:user@example.com> SIP/2.0"),
    message(*("lwsruri", "3.1.2.8", REFUSED), start="INVITE sip:user@example.com; lr SIP/2.0"),
    message(*("lwsstart", "3.1.2.9", CALL), start="INVITE  sip:user@example.com  SIP/2.0"),
    message(
        *("trws", "3.1.2.10", FINE), method="OPTIONS", start="OPTIONS sip:remote-target@example.com SIP/2.0  "
    ),
    message(
        *("escruri", "3.1.2.11", CALL), start="INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0"
    ),
    message(*("baddate", "3.1.2.12", CALL), Date="Fri, 01 Jan 2010 16:00:00 EST"),
    message(
        *("regbadct", "3.1.2.13", REFUSED),
        method="REGISTER",
        Contact="sip:user@example.com?Route=%3Csip:sip.example.com%3E",
    ),
    message(*("badaspec", "3.1.2.14", FINE), method="OPTIONS", To='"Watson, Thomas" < sip:t.watson@example.org >'),
    message(
        *("baddn", "3.1.2.15", FINE), method="OPTIONS", From="Bell, Alexander <sip:a.g.bell@example.com>;tag=43"
    ),
    message(
        *("badvers", "3.1.2.16", frozenset({0, 505})),
        method="OPTIONS",
        start="OPTIONS sip:t.watson@example.org SIP/7.0",
    ),
    message(*("mismatch01", "3.1.2.17", frozenset({400})), method="OPTIONS", CSeq="8 INVITE"),
    message(*("mismatch02", "3.1.2.18", frozenset({400, 501})), method="NEWMETHOD", CSeq="34 INVITE"),
    message(*("bigcode", "3.1.2.19", frozenset({0})), start="SIP/2.0 4294967301 better not break the receiver"),
    message(*("badbranch", "3.2.1", FINE), method="OPTIONS", Via="SIP/2.0/UDP {via};branch=z9hG4bK"),
    message(*("insuf", "3.3.1", REFUSED), without="Call-ID From To"),
    message(
        *("unkscm", "3.3.2", frozenset({0, 416})),
        method="OPTIONS",
        start="OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0",
    ),
    message(
        *("novelsc", "3.3.3", frozenset({0, 416})),
        method="OPTIONS",
        start="OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0",
    ),
    message(
        *("unksm2", "3.3.4", frozenset({405})),
        method="REGISTER",
        To="isbn:2983792873",
        From="<http://www.example.com>;tag=3",
    ),
    message(
        *("bext01", "3.3.5", frozenset({420})),
        method="OPTIONS",
        Require="nothingSupportsThis, nothingSupportsThisEither",
        Proxy_Require="noProxiesSupportThis",
    ),
    message(
        *("invut", "3.3.6", frozenset({415})),
        Content_Type="application/unknownformat",
        body="<audio>\r\n <pcmu port='443'/>\r\n</audio>\r\n",
    ),
    message(
        *("regaut01", "3.3.7", frozenset({0, 401})),
        method="REGISTER",
        Authorization="NoOneKnowsThisScheme opaque-data=here",
    ),
    message(
        *("multi01", "3.3.8", frozenset({400})),
        method="INVITE",
        extra="CSeq: 59 INVITE\r\nCall-ID: other\r\nTo: <sip:other@example.com>\r\n"
        "From: <sip:o@example.net>;tag=2\r\n"
        "Max-Forwards: 5\r\nContact: <sip:b@{via}>\r\n",
    ),
    message(*("mcl01", "3.3.9", frozenset({400})), method="OPTIONS", extra="Content-Length: 5\r\n"),
    message(
        *("bcast", "3.3.10", frozenset({0})),
        start="SIP/2.0 200 OK",
        Via="SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK",
        extra="Via: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bK\r\n",
    ),
    message(*("zeromf", "3.3.11", FINE), method="OPTIONS", Max_Forwards="0"),
    message(
        *("cparam01", "3.3.12", frozenset({405})),
        method="REGISTER",
        Contact="sip:+19725552222@gw1.example.net;unknownparam",
    ),
    message(
        *("cparam02", "3.3.13", frozenset({405})),
        method="REGISTER",
        Contact="<sip:+19725552222@gw1.example.net;unknownparam>",
    ),
    message(
        *("regescrt", "3.3.14", frozenset({405})),
        method="REGISTER",
        Contact="<sip:user@example.com?Route=%3Csip:sip.example.com%3E>",
    ),
    message(*("sdp01", "3.3.15", frozenset({406})), Accept="text/nobodyKnowsThis"),
    message(
        *("inv2543", "3.4.1", CALL),
        without="Max-Forwards",
        Via="SIP/2.0/UDP {via}",
        From="<sip:caller@example.net;user=phone>",
        To="sip:8801@example.com;user=phone",
        extra="Record-Route: <sip:8801@example.com;maddr=127.0.0.1>\r\n",
    ),
)
ALL = (*VALID, *INVALID)

SDP_HEAD = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n"
BAD_SDP = {
    "nothing": " ",
    "no audio": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 4000 RTP/AVP 31\r\n",
    "no media": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\n",
    "port 0": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 0 RTP/AVP 8\r\n",
    "port too large": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 99999 RTP/AVP 8\r\n",
    "port below 0": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio -1 RTP/AVP 8\r\n",
    "payload type below 0": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP -8\r\n",
    "payload type too large": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 999\r\n",
    "no connection": SDP_HEAD + "t=0 0\r\nm=audio 4000 RTP/AVP 8\r\n",
    "bad connection": SDP_HEAD + "c=IN IP4 999.1.2.3.4\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n",
    "other network": SDP_HEAD + "c=ATM NSAP 47\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n",
    "a name nobody has": SDP_HEAD + "c=IN IP4 nobody.invalid\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n",
    "zero bytes": SDP_HEAD + "c=IN IP4 127.0.0.1\0\r\nt=0 0\r\nm=audio 4000\0 RTP/AVP 8\r\na=\0\0\r\n",
    "100 media": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\n" + "m=video 4000 RTP/AVP 31\r\n" * 100,
    "1000 payload types": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP" + " 96" * 800 + "\r\n",
    "a long line": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\na=" + "x" * 2800 + "\r\n",
    "a bad rtpmap": SDP_HEAD
    + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96\r\na=rtpmap:\r\n",
    "a rate of 0": SDP_HEAD + "c=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 96\r\na=rtpmap:96 PCMA/0\r\n",
    "another order": "m=audio 4000 RTP/AVP 8\r\nv=0\r\nt=0 0\r\nc=IN IP4 127.0.0.1\r\n",
}


def offer(name: str, body: str) -> Torture:
    """An INVITE with this SDP."""
    return message(f"sdp-{name.replace(' ', '-')}", "SDP", frozenset({400, 488}), body=body)
