"""Recordings: every prompt that a caller may hear is there and can be played, or a voice can speak it."""

from gateway.config import ConfigErrors, Fault
from gateway.dialplan import Dialplan, load_for
from gateway.doctor.finding import Finding, fault, ok
from gateway.doctor.scene import Scene
from gateway.prompts import missing_recordings, recording_faults
from gateway.prompts.folders import OwnRecordings

CHECK = "recordings"
NAMED = 5
"""Missing recordings that are named; `sansheng prompts list` names all."""


def check_recordings(scene: Scene) -> list[Finding]:
    """As `sansheng check` finds them, and the gateway at its start; nothing is made."""
    if scene.config is None:
        return []
    try:
        dialplan = load_for(scene.config)
    except ConfigErrors:
        return []  # told as the config's
    missing = missing_recordings(dialplan)
    agents = [agent.number for agent in scene.config.agents]
    others = [found for found in recording_faults(dialplan, agents) if found not in missing]
    config = str(scene.config.document.file)
    findings = [_unusable(found, config) for found in dict.fromkeys(others)]
    if missing:
        findings.append(_missing(dialplan, config))
    return findings or [ok(CHECK, dialplan.name, "all there, or spoken by the voice")]


def _missing(dialplan: Dialplan, config: str) -> Finding:
    own = OwnRecordings(dialplan)
    names = [f"{segment.key}.wav" for segment in own.segments if own.file(segment) is None]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    found = f"{len(names)} of {len(own.segments)} are missing: {', '.join(names[:NAMED])}{more}"
    return fault(
        CHECK,
        dialplan.name,
        found,
        f"what is to be recorded: sansheng prompts list -c {config}",
        f"then: sansheng prompts import FOLDER -c {config}",
        'or let the computer speak, in dialplan.toml: voice = "cmn"',
    )


def _unusable(found: Fault, config: str) -> Finding:
    return fault(CHECK, found.key, str(found), f"measure them all: sansheng prompts check -c {config}")
