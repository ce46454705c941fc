"""From the answers to the text of gateway.toml: what was answered, and nothing that has a default."""

import json
import unicodedata
from collections.abc import Iterator

from gateway.config.forms import split_host_port
from gateway.config.places import page
from gateway.init.answers import Answers, Pbx
from gateway.init.words import Words

SIP_SECRET, BROKER_SECRET, WALLBOARD_SECRET = "sip1.password", "mqtt.password", "wallboard.password"
"""Files of secrets, beside gateway.toml: relative paths start there."""
SIP_LINE = "sip1"
_COMMENT_COLUMN = 34


def modem_id(index: int) -> str:
    """The line of the modem `index`, from 0."""
    return f"fxo{index + 1}"


def config_text(answers: Answers, words: Words, *, data_dir: str, path: str, title: str) -> str:
    """gateway.toml for `sansheng check`: valid whenever the answers came through `gateway.init.forms`. `path` is
    where it will be, `title` the standard's."""
    blocks = [
        list(_top(answers, words, data_dir, path, title)),
        *([list(_sip(answers.pbx, words))] if answers.pbx else []),
        *(list(_modem(index, port, words)) for index, port in enumerate(answers.modems)),
        *_agents(answers, words),
        *([list(_desk(answers.desk_listen, words))] if answers.desk_listen else []),
        list(_mqtt(answers, words)),
        *([list(_wallboard(answers, words))] if answers.wallboard else []),
        *([list(_parameters(answers, words))] if answers.parameters else []),
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _top(answers: Answers, words: Words, data_dir: str, path: str, title: str) -> Iterator[str]:
    yield f"# {words('toml_head', path=path, page=page('configuration.md'))}"
    yield ""
    yield _key("site", answers.site, words("toml_site"))
    yield _key("dialplan", answers.dialplan, words("toml_dialplan", title=title))
    yield _key("data_dir", data_dir, words("toml_data"))


def _sip(pbx: Pbx, words: Words) -> Iterator[str]:
    yield _table("[[lines]]", words("toml_sip_register" if pbx.registers else "toml_sip_direct"))
    yield _key("id", SIP_LINE)
    yield _key("driver", "sip")
    more = words("toml_listen") if pbx.count == 1 else words("toml_listen_many", count=pbx.count)
    yield _key("listen", pbx.listen, more)
    if pbx.registers:
        yield _key("aor", f"sip:{pbx.user}@{pbx.host}")
        yield _key("registrar", f"sip:{pbx.host}")
        yield _key("username", pbx.user)
        yield _key("password_file", SIP_SECRET)
    else:
        yield _key("aor", f"sip:{pbx.user}@{split_host_port(pbx.listen)[0]}")
    yield _key("calls", pbx.calls, words("toml_calls"))
    if pbx.count > 1:
        yield _key("count", pbx.count, words("toml_count", callers=pbx.calls * pbx.count))
    allowed = ["127.0.0.0/8", *([] if pbx.address.startswith("127.") else [pbx.address])]
    yield _key("allow", allowed, words("toml_allow"))


def _modem(index: int, port: str, words: Words) -> Iterator[str]:
    yield _table("[[lines]]", words("toml_modem"))
    yield _key("id", modem_id(index))
    yield _key("driver", "fxo")
    yield _key("port", port, words("toml_port"))


def _agents(answers: Answers, words: Words) -> Iterator[list[str]]:
    for index, agent in enumerate(answers.agents):
        block = [_table("[[agents]]", words("toml_agents") if index == 0 else "")]
        block.append(_key("number", agent.number))
        if agent.extension is not None:
            block.append(_key("extension", agent.extension))
        yield block


def _desk(listen: str, words: Words) -> Iterator[str]:
    yield _table("[desk]", words("toml_desk"))
    yield _key("listen", listen)


def _mqtt(answers: Answers, words: Words) -> Iterator[str]:
    broker = answers.broker
    yield _table("[mqtt]", "" if broker else words("toml_broker"))
    if broker is not None:
        yield _key("url", broker.url)
        if broker.username is not None:
            yield _key("username", broker.username)
        if broker.password is not None:
            yield _key("password_file", BROKER_SECRET)


def _wallboard(answers: Answers, words: Words) -> Iterator[str]:
    assert answers.wallboard is not None
    yield _table("[wallboard]", words("toml_wallboard"))
    yield _key("listen", answers.wallboard.listen)
    if answers.wallboard.password is not None:
        yield _key("password_file", WALLBOARD_SECRET)


def _parameters(answers: Answers, words: Words) -> Iterator[str]:
    yield _table("[parameters]", words("toml_parameters", names=", ".join(answers.parameters)))
    for name, text in answers.parameters.items():
        yield _key(name, text)


def _key(name: str, value: str | int | list[str], comment: str = "") -> str:
    """A TOML key; a JSON string is a TOML one (TOML 1.0, basic strings), once DEL is escaped."""
    text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return _table(f"{name} = {text}", comment)


def _table(text: str, comment: str) -> str:
    """With its comment in one column, as far as the text leaves room."""
    return f"{text}{' ' * max(2, _COMMENT_COLUMN - _width(text))}# {comment}" if comment else text


def _width(text: str) -> int:
    """Columns on a terminal: CJK letters take two (UAX #11)."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
