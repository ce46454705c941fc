"""PEM files of authorities, certificates and keys: whether they can be used, told by the key that names them."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NoReturn

CertificateKey = Literal["ca_file", "certificate_file", "key_file"]


class CertificateWrong(Exception):
    """A PEM file cannot be used; the message tells what is wrong and what is allowed, never what is in it."""

    def __init__(self, key: CertificateKey, message: str) -> None:
        super().__init__(message)
        self.key: CertificateKey = key


def client_context(
    ca_file: Path | None = None, certificate_file: Path | None = None, key_file: Path | None = None
) -> ssl.SSLContext:
    """For a client who trusts the authority in `ca_file`, without one those that the system knows, and shows his
    own certificate, if he has one. Blocks: the system's authorities take some 30 ms. Raises CertificateWrong."""
    if ca_file is None:
        context = ssl.create_default_context()
    else:
        context = _trusting_nobody()
        _load_authority(context, ca_file, "ca_file")
    if certificate_file is not None and key_file is not None:
        load_pair(context, certificate_file, key_file)
    return context


def wrong_files(
    ca_file: Path | None = None, certificate_file: Path | None = None, key_file: Path | None = None
) -> Iterator[CertificateWrong]:
    """What keeps each of these files from being used; certificate and key are looked at where both are named."""
    if ca_file is not None:
        yield from _refused(lambda: _load_authority(_trusting_nobody(), ca_file, "ca_file"))
    if certificate_file is None or key_file is None:
        return
    alone = [
        *_refused(lambda: _load_authority(_trusting_nobody(), certificate_file, "certificate_file")),
        *_refused(lambda: _check_key(key_file)),
    ]
    yield from alone or _refused(lambda: load_pair(_trusting_nobody(), certificate_file, key_file))


def _refused(step: Callable[[], object]) -> Iterator[CertificateWrong]:
    try:
        step()
    except CertificateWrong as error:
        yield error


def _trusting_nobody() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def load_pair(context: ssl.SSLContext, certificate_file: Path, key_file: Path) -> None:
    """Have `context` show this certificate, and those of authorities that stand after it. Raises
    CertificateWrong."""
    _load_authority(_trusting_nobody(), certificate_file, "certificate_file")
    _check_key(key_file)
    try:
        context.load_cert_chain(certificate_file, key_file, password=_nobody_is_there)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise CertificateWrong(
                "key_file", "is not the key of certificate_file; allowed: the one that certificate was made for"
            ) from None
        raise CertificateWrong(
            "key_file", f"cannot be used with certificate_file ({error.reason}); allowed: the key in PEM"
        ) from None
    except OSError as error:  # it went away meanwhile
        raise CertificateWrong("key_file", f"cannot be read ({error.strerror}); allowed: a PEM file") from None


def _check_key(file: Path) -> None:
    key = _read(file, "key_file")
    if "PRIVATE KEY" not in key:
        raise CertificateWrong("key_file", "holds no private key; allowed: a PEM file with the certificate's key")
    if "ENCRYPTED" in key:
        raise CertificateWrong(
            "key_file",
            "the key is encrypted, and nobody is there to type its password; "
            "allowed: one without: openssl pkey -in OLD -out NEW, readable by the gateway alone",
        )


def _load_authority(context: ssl.SSLContext, file: Path, key: CertificateKey) -> None:
    _read(file, key)
    try:
        context.load_verify_locations(file)
    except OSError:  # ssl.SSLError is one
        raise CertificateWrong(key, "holds no certificate that can be read; allowed: a PEM file") from None


def _read(file: Path, key: CertificateKey) -> str:
    try:
        if file.exists() and not file.is_file():
            raise CertificateWrong(key, "is no file; allowed: a PEM file")
        return file.read_bytes().decode("ascii", "replace")
    except FileNotFoundError:
        raise CertificateWrong(key, "no such file; allowed: a PEM file") from None
    except OSError as error:
        raise CertificateWrong(
            key, f"cannot be read ({error.strerror}); allowed: a PEM file that the gateway's user may read"
        ) from None


def _nobody_is_there() -> NoReturn:
    """OpenSSL would ask at the terminal."""
    raise ssl.SSLError
