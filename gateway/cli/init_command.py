"""`sansheng init`: its options."""

from pathlib import Path
from typing import Annotated, Any

import typer

Text = str | None
"""An answer that may be given by option."""


def _option(name: str, text: str) -> Any:
    return typer.Option(name, help=text, show_default=False)


def init(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", help="Where gateway.toml shall be; default: /etc/sansheng for root, else this folder."
        ),
    ] = None,
    yes: Annotated[bool, _option("--yes", "Ask nothing: what no option answers has its default.")] = False,
    dry_run: Annotated[bool, _option("--dry-run", "Show what would be written, and write nothing.")] = False,
    replace: Annotated[bool, _option("--replace", "Keep files that differ as .bak, and write new ones.")] = False,
    no_doctor: Annotated[bool, _option("--no-doctor", "Do not look at the machine at the end.")] = False,
    lang: Annotated[Text, _option("--lang", "zh or en; default: by LANG.")] = None,
    site: Annotated[Text, _option("--site", "This site's name.")] = None,
    dialplan: Annotated[Text, _option("--dialplan", "The service standard, by its shipped name.")] = None,
    parameter: Annotated[
        list[str] | None, _option("--parameter", "NAME=TEXT of the standard; may be repeated.")
    ] = None,
    sip: Annotated[Text, _option("--sip", "register (as an extension), direct (a trunk) or none.")] = None,
    pbx: Annotated[Text, _option("--pbx", "The PBX: host[:port].")] = None,
    listen: Annotated[Text, _option("--listen", "Our own IPv4 address:port for SIP.")] = None,
    sip_user: Annotated[Text, _option("--sip-user", "Our extension, or the number we are called by.")] = None,
    sip_password_file: Annotated[
        Path | None, _option("--sip-password-file", "The extension's password; or SANSHENG_SIP1_PASSWORD.")
    ] = None,
    callers: Annotated[Text, _option("--callers", "SIP callers at the same time.")] = None,
    modem: Annotated[
        list[str] | None, _option("--modem", "A modem's port; may be repeated; or auto, or none.")
    ] = None,
    agents: Annotated[Text, _option("--agents", "'801 802=sip:802@192.0.2.7'.")] = None,
    telephones: Annotated[
        Text, _option("--telephones", "pbx: agents have the PBX's extensions of their numbers; or none.")
    ] = None,
    broker: Annotated[Text, _option("--broker", "own, or mqtt://host[:port].")] = None,
    broker_user: Annotated[Text, _option("--broker-user", "Our name at the broker.")] = None,
    broker_password_file: Annotated[
        Path | None, _option("--broker-password-file", "Its password; or SANSHENG_MQTT_PASSWORD.")
    ] = None,
    wallboard: Annotated[Text, _option("--wallboard", "address:port, or none.")] = None,
    wallboard_password_file: Annotated[
        Path | None, _option("--wallboard-password-file", "The wallboard's password.")
    ] = None,
    service: Annotated[
        bool | None,
        typer.Option(
            "--service/--no-service", help="Install the systemd unit and udev rules.", show_default=False
        ),
    ] = None,
) -> None:
    """Make a gateway.toml: asks a few questions, finds the modems, checks the result, says what to do next.

    Every answer can be given by option. Files that are there are never lost; Ctrl-C leaves everything as it was.
    """
    from gateway.cli.init_options import run

    raise typer.Exit(run(context.params))
