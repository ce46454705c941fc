"""What the feed tells of agents, in words. Pure."""

from collections.abc import Mapping
from typing import Any

_EVENTS = {
    "agent_ringing": "{agent} rings",
    "agent_missed": "{agent} did not come",
    "agent_connected": "talks to {agent}",
    "agent_left": "{agent} has left",
}
_LEFT = {"hung_up": "{agent} has hung up"}
_PRESENCE = {
    "free": "is free",
    "ringing": "rings",
    "busy": "talks",
    "after_call": "has time after the call",
    "away": "is away",
    "offline": "is not there",
}


def event_in_words(event: Mapping[str, Any]) -> str | None:
    """What has become of the agent of a call; None for an event of another kind."""
    words = _EVENTS.get(event["event"])
    if event["event"] == "agent_left":
        words = _LEFT.get(event.get("why", ""), words)
    return None if words is None else words.format(agent=event["agent"])


def presence_in_words(state: Mapping[str, Any]) -> str:
    """What an agent does, from his `agent/<number>/state`."""
    if (state["state"], state.get("why")) == ("offline", "log_out"):
        return f"{state['agent']} has logged out"
    return f"{state['agent']} {_PRESENCE.get(state['state'], state['state'])}"
