"""`sansheng init`: from the command line's options to answers."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from gateway.cli.exits import USAGE, complain
from gateway.cli.init import InitOptions, init
from gateway.init.answers import ETC
from gateway.init.words import Language, Words, language_of

_TEXTS = (
    *("site", "dialplan", "sip", "pbx", "listen", "sip_user", "callers", "agents", "telephones"),
    *("broker", "broker_user", "wallboard"),
)
_SECRETS = ("sip_password", "broker_password", "wallboard_password")


def run(said: Mapping[str, Any]) -> int:
    """Run the command with the values of its options by their names. Gives the exit code."""
    language = said["lang"] or language_of(os.environ)
    if language not in get_args(Language):
        return complain(f"--lang: {language!r}: allowed: zh, en", USAGE)
    given = {name.replace("_", "-"): said[name] for name in _TEXTS if said[name] is not None}
    if said["modem"]:
        given["modem"] = " ".join(said["modem"])
    if said["service"] is not None:
        given["service"] = "y" if said["service"] else "n"
    pairs = [text.partition("=") for text in said["parameter"] or ()]
    if not all(equals for _, equals, _ in pairs):
        return complain("--parameter: allowed: NAME=TEXT", USAGE)
    folder = said["folder"] or (ETC if os.geteuid() == 0 else Path())
    files = {name.replace("_", "-"): said[f"{name}_file"] for name in _SECRETS}
    options = InitOptions(
        folder=folder.absolute(),
        words=Words(language),
        given=given,
        secret_files={name: file for name, file in files.items() if file is not None},
        parameters={name: text for name, _, text in pairs},
        take_defaults=said["yes"],
        dry_run=said["dry_run"],
        replace=said["replace"],
        doctor=not said["no_doctor"],
    )
    return init(options)
