"""The questions in their order."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from gateway.config.forms import split_host_port
from gateway.config.places import shipped_dialplans
from gateway.dialplan import load_dialplan
from gateway.init import forms
from gateway.init.answers import (
    CALLS_OF_A_LINE,
    DESK_PORT,
    FIRST_PORT,
    USER,
    Agent,
    Answers,
    Broker,
    Pbx,
    Wallboard,
)
from gateway.init.asking import Asker, OptionWrong, Question
from gateway.init.modems import Finder, ask_modems
from gateway.init.network import address_of, is_here, own_address, split

DEFAULT_SITE, DEFAULT_DIALPLAN, DEFAULT_AGENTS = "hotline", "jihua-gas", "801"
WALLBOARD = "127.0.0.1:8080"
DEFAULT_NUMBER = "8801"
_OTHER_NETWORK = "198.51.100.1"
"""Stands for somewhere else (RFC 5737): which of our addresses others see is asked of the routing table by it."""


def interview(asker: Asker, finder: Finder, parameters: Mapping[str, str], *, service: bool) -> Answers:
    """Ask everything. `parameters` of the dialplan are given by option; `service`: whether installing one can be
    asked. Raises OptionWrong for an option that cannot be taken or is missing."""
    site = asker.ask(Question("site", asker.words("site"), DEFAULT_SITE), forms.site)
    dialplan = _dialplan(asker)
    texts = _parameters(asker, dialplan, parameters)
    pbx, modems = _lines(asker, finder)
    agents = _agents(asker, pbx)
    return Answers(
        site=site,
        dialplan=dialplan,
        parameters=texts,
        pbx=pbx,
        modems=modems,
        agents=agents,
        desk_listen=_desk_listen(pbx, agents),
        broker=_broker(asker),
        wallboard=_wallboard(asker),
        service=service and asker.whether("service", asker.words("service", user=USER), default=asker.interactive),
    )


def _lines(asker: Asker, finder: Finder) -> tuple[Pbx | None, tuple[str, ...]]:
    """The PBX and the modems' ports, of which there is one at least."""
    while True:
        how = asker.ask(Question("sip", asker.words("sip"), "3" if not asker.interactive else None), forms.sip)
        pbx = _pbx(asker, registers=how == "register") if how != "none" else None
        modems = ask_modems(asker, finder)
        if pbx is not None or modems:
            return pbx, modems
        if not asker.interactive or (asker.has("sip") and asker.has("modem")):  # nothing else would be answered
            raise OptionWrong(f"--sip, --modem: {asker.words('wrong_no_line')}")
        asker.show(f"  {asker.words('wrong_no_line')}")


def _dialplan(asker: Asker) -> str:
    shipped = shipped_dialplans()
    if not asker.has("dialplan"):
        asker.say("dialplans")
        for number, name in enumerate(shipped, 1):
            asker.show(f"  {number} {name}: {load_dialplan(name).title}")
    question = Question("dialplan", asker.words("dialplan"), DEFAULT_DIALPLAN)
    return asker.ask(question, partial(forms.dialplan, shipped=shipped))


def _parameters(asker: Asker, dialplan: str, given: Mapping[str, str]) -> dict[str, str]:
    """What differs from the standard's own texts."""
    own = load_dialplan(dialplan).parameters
    for name, text in given.items():
        if name not in own:
            wrong = asker.words("wrong_parameter", allowed=", ".join(own) or "–")
            raise OptionWrong(f"--parameter: {name!r}: {wrong}")
        try:
            forms.parameter(text)
        except forms.WrongAnswer:
            wrong = asker.words("wrong_parameter", allowed=", ".join(own))
            raise OptionWrong(f"--parameter: {name}: {wrong}") from None
    texts = {
        name: given[name]
        if name in given
        else asker.ask(Question("parameter", asker.words("parameter", name=name), text), forms.parameter)
        for name, text in own.items()
    }
    return {name: text for name, text in texts.items() if text != own[name]}


def _pbx(asker: Asker, *, registers: bool) -> Pbx:
    words = asker.words

    def known(text: str) -> tuple[str, str]:
        return forms.host(text), address_of(text)

    host, address = asker.ask(Question("pbx", words("pbx")), known)
    here = f"{own_address(address)}:{FIRST_PORT}"
    listen = partial(_listen, example=here, pbx=f"{address}:{split(host)[1]}", may_differ=asker.has("listen"))
    password = "sip_user_register" if registers else "sip_user_direct"
    asked = partial(forms.callers, registers=registers)
    return Pbx(
        host=host,
        address=address,
        listen=asker.ask(Question("listen", words("listen"), here), listen),
        user=asker.ask(Question("sip-user", words(password), DEFAULT_NUMBER), forms.user),
        callers=asker.ask(Question("callers", words("callers"), str(CALLS_OF_A_LINE)), asked),
        registers=registers,
        password=_secret(asker, "sip-password") if registers else None,
    )


def _listen(text: str, example: str, pbx: str, *, may_differ: bool) -> str:
    """`may_differ`: an option may name an address that this machine does not have yet."""
    where = forms.listen(text, example, pbx)
    address = split_host_port(where)[0]
    if not may_differ and not is_here(address):
        raise forms.WrongAnswer("wrong_listen_elsewhere", address=address, example=example)
    # Where no way leads to the PBX yet, the example is this machine's alone as well.
    if not may_differ and forms.is_loopback(where) and not forms.is_loopback(example):
        raise forms.WrongAnswer("wrong_listen_alone", address=address, example=example)
    return where


def _secret(asker: Asker, name: str) -> str:
    return asker.ask(Question(name, asker.words(name.replace("-", "_")), secret=True), forms.secret)


def _agents(asker: Asker, pbx: Pbx | None) -> tuple[Agent, ...]:
    agents = asker.ask(Question("agents", asker.words("agents"), DEFAULT_AGENTS), forms.agents)
    bare = [agent.number for agent in agents if agent.extension is None]
    if pbx is None or not bare:
        if asker.has("telephones"):
            asker.ask(Question("telephones", ""), partial(forms.telephones, pbx=pbx is not None))
        return agents
    if asker.has("telephones"):
        at_pbx = asker.ask(Question("telephones", ""), partial(forms.telephones, pbx=True))
    else:
        prompt = asker.words("telephones", number=bare[0], pbx=pbx.host)
        at_pbx = asker.whether("telephones", prompt, default=True)
    return tuple(
        replace(agent, extension=f"sip:{agent.number}@{pbx.host}") if at_pbx and agent.extension is None else agent
        for agent in agents
    )


def _desk_listen(pbx: Pbx | None, agents: tuple[Agent, ...]) -> str | None:
    """Where the desk binds: an address from which telephones elsewhere can be reached, if the line's is none."""
    elsewhere = [
        host for agent in agents if agent.extension and not (host := _host(agent.extension)).startswith("127.")
    ]
    if not elsewhere or (pbx is not None and not forms.is_loopback(pbx.listen)):
        return None
    try:
        towards = address_of(elsewhere[0])
    except forms.WrongAnswer:
        towards = _OTHER_NETWORK
    return None if towards.startswith("127.") else f"{own_address(towards)}:{DESK_PORT}"


def _host(extension: str) -> str:
    return extension.partition("@")[2].partition(":")[0]


def _broker(asker: Asker) -> Broker | None:
    url = asker.ask(Question("broker", asker.words("broker"), "own"), forms.broker)
    if url is None:
        return None
    name = asker.ask(Question("broker-user", asker.words("broker_user"), ""), forms.broker_user) or None
    return Broker(url, name, _secret(asker, "broker-password") if name else None)


def _wallboard(asker: Asker) -> Wallboard | None:
    default = WALLBOARD if asker.interactive else "none"
    listen = asker.ask(Question("wallboard", asker.words("wallboard"), default), forms.wallboard)
    if listen is None:
        return None
    needed = not forms.is_loopback(listen) or asker.has("wallboard-password")
    return Wallboard(listen, _secret(asker, "wallboard-password") if needed else None)
