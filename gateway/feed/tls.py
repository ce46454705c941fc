"""How a broker's certificate is judged."""

import ssl

from gateway.feed.config import FeedError


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Trusts the authority in a PEM file, without one those that the system knows. FeedError for a bad file."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError) as error:
        raise FeedError(f"[mqtt] ca_file {ca_file}: {error}; a PEM file is needed") from error
