"""Why a broker is not reached: how its certificate is judged, and with which of our own we come."""

import errno
import socket
import ssl
from pathlib import Path

from gateway.config.certificates import CertificateWrong, client_context
from gateway.feed.config import BrokerAddress, FeedConfig, FeedError

_EXPIRED, _NOT_YET, _SELF_SIGNED, _UNKNOWN = 10, 9, (18, 19), (2, 20, 21)
_OTHER_NAME, _OTHER_ADDRESS = 62, 64
"""What OpenSSL says of a certificate (X509_V_ERR_… in x509_vfy.h)."""


def tls_of(config: FeedConfig, address: BrokerAddress) -> ssl.SSLContext | None:
    """For a connection to this address; None where it is not encrypted. Blocks. FeedError for a bad file."""
    if not address.tls:
        return None
    files = (config.ca_file, config.certificate_file, config.key_file)
    try:
        return client_context(*(Path(file) if file is not None else None for file in files))
    except CertificateWrong as error:
        raise FeedError(f"[mqtt] {error.key} {getattr(config, error.key)}: {error}") from None


def why(error: BaseException, config: FeedConfig, address: BrokerAddress) -> str:
    """Why the broker was not reached, with the cure. `error` may have been made of the one that tells it."""
    cause = error if isinstance(error, OSError) else error.__context__
    match cause:
        case ssl.SSLCertVerificationError():
            return f"its certificate is not accepted ({cause.verify_message}): {judged(cause, address.host)}"
        case ssl.SSLError() if address.tls:
            return f"{_alert(cause, config)} ({cause.reason or cause})"
        case ConnectionRefusedError() if config.url is None:
            return "nothing listens there"  # our own: why it does not is told by what starts it
        case ConnectionRefusedError():
            return "nothing listens there; start the broker, or correct [mqtt] url"
        case socket.gaierror():
            return f"its name is not known here ({cause.strerror}); correct [mqtt] url, or the name service"
        case OSError(errno=errno.ENETUNREACH | errno.EHOSTUNREACH):
            return (
                f"no way leads there ({cause.strerror}); look at the cable and the routes, or correct [mqtt] url"
            )
        case ConnectionError() | TimeoutError() | None if address.tls:
            return f"{error}: {_hung_up(config)}"
    return str(error)


def judged(error: ssl.SSLCertVerificationError, host: str) -> str:
    """What to do about a broker's certificate that is not accepted, for a broker that is called `host`."""
    match error.verify_code:
        case code if code == _EXPIRED:
            return "it has expired; have the broker's renewed"
        case code if code == _NOT_YET:
            return "it is not valid yet; set this machine's clock by NTP"
        case code if code in (_OTHER_NAME, _OTHER_ADDRESS):
            return f"it is for another name; write one that it holds into [mqtt] url, or have one made for {host}"
        case code if code in (*_SELF_SIGNED, *_UNKNOWN):
            return "nobody we trust has signed it; put its authority into [mqtt] ca_file"
    return "have a good one made, and put its authority into [mqtt] ca_file"


def _alert(error: ssl.SSLError, config: FeedConfig) -> str:
    """What a broker says of us while the two agree on TLS."""
    reason = (error.reason or "").upper()
    if "ALERT" in reason and ("CERTIFICATE" in reason or "UNKNOWN_CA" in reason or "HANDSHAKE" in reason):
        return _hung_up(config)
    return "it does not speak TLS as it should; mqtts:// is for a TLS listener, 8883 by custom: correct [mqtt] url"


def _hung_up(config: FeedConfig) -> str:
    """A broker that does not like our certificate says so after the handshake (RFC 8446 §4.4.2.4), or hangs up."""
    if config.certificate_file is None:
        return "if it asks for a client certificate, set [mqtt] certificate_file and key_file"
    return "it may not take our certificate: look whether [mqtt] certificate_file has expired, and who signed it"
