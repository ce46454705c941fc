"""The base of tables that may name a password."""

from pydantic import Field, PrivateAttr

from gateway.config.forms import PlainPath
from gateway.config.table import Table


class SecretTable(Table):
    """A table that may name a password."""

    password_file: PlainPath | None = Field(
        None, description="the path of a file that holds the password and nothing else"
    )
    _password: str | None = PrivateAttr(default=None)

    @property
    def password(self) -> str | None:
        """The secret, from `password_file` or the environment. Never log it."""
        return self._password
