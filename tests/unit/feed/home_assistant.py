"""What of Home Assistant reads our discovery: which keys its MQTT entities take, and its templates.

The keys are those that its MQTT integration documents; that it takes them for what we mean is checked with Home
Assistant itself (`make home-assistant`). Its templates are Jinja's in a sandbox; `now` is the one function of its
own that we use. Here a template that asks for what is not there fails; there the log complains.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gateway.feed.encoding import Message
from tests.service.told import MORNING

TOPIC = re.compile(r"[^/+#]+(/[^/+#]+)*/device/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+/config")
"""What it takes for the topic of a device."""
DEVICE = {"ids", "name", "mf", "mdl", "sw", "cu", "via_device"}
ANY = {"p", "name", "uniq_id", "qos", "ic", "ent_cat", "avty", "stat_t", "val_tpl", "json_attr_t", "json_attr_tpl"}
OF_PLATFORM = {
    "sensor": ANY | {"dev_cla", "ops", "unit_of_meas", "stat_cla", "sug_dsp_prc", "exp_aft"},
    "binary_sensor": ANY | {"dev_cla", "pl_on", "pl_off"},
    "button": {"p", "name", "uniq_id", "qos", "ic", "ent_cat", "cmd_tpl"},
}
CLASSES = {"sensor": {"enum", "timestamp"}, "binary_sensor": {"problem", "connectivity"}}

_ENVIRONMENT = ImmutableSandboxedEnvironment(undefined=StrictUndefined)


class Shown:
    """One device as it is told."""

    def __init__(self, message: Message) -> None:
        assert message.retained
        assert TOPIC.fullmatch(message.topic), message.topic
        self.topic = message.topic
        self.fields = json.loads(message.payload)
        self.size = len(message.payload)
        self.entities: dict[str, dict[str, Any]] = self.fields["cmps"]

    def check(self) -> None:
        """Fails where it is none that Home Assistant takes whole."""
        fields = self.fields
        assert fields.keys() == {"dev", "o", "avty", "stat_t", "cmd_t", "cmps"}
        assert fields["dev"].keys() <= DEVICE
        assert fields["dev"]["ids"]
        assert fields["o"].keys() == {"name", "sw"}
        for key, entity in self.entities.items():
            assert re.fullmatch("[a-zA-Z0-9_-]+", key)
            if len(entity) > 1:
                self._check_entity(entity)

    def _check_entity(self, entity: Mapping[str, Any]) -> None:
        platform = entity["p"]
        assert entity.keys() <= OF_PLATFORM[platform], entity
        assert entity.keys() >= {"name", "uniq_id", "qos"}
        assert entity.get("dev_cla") in CLASSES.get(platform, set()) | {None}
        assert (entity.get("dev_cla") == "enum") == ("ops" in entity)
        assert not ("ops" in entity and entity.keys() & {"stat_cla", "unit_of_meas"})
        assert ("stat_cla" in entity) >= ("unit_of_meas" in entity)

    def shows(self, key: str, message: Message) -> str:
        """What an entity shows of a message; fails for a state that it would not take."""
        entity = self.entities[key]
        assert message.topic == entity.get("stat_t", self.fields["stat_t"])
        if "val_tpl" not in entity:
            return message.payload.decode()
        state = rendered(entity["val_tpl"], value_json=json.loads(message.payload))
        if "ops" in entity:
            assert state in (*entity["ops"], "None")
        if entity.get("dev_cla") == "timestamp":
            assert datetime.fromisoformat(state).tzinfo is not None
        return state

    def attributes(self, key: str, message: Message) -> dict[str, Any]:
        """The attributes that an entity has of a message."""
        entity = self.entities[key]
        assert message.topic == entity["json_attr_t"]
        template = entity.get("json_attr_tpl", "{{ value_json | tojson }}")
        found: dict[str, Any] = json.loads(rendered(template, value_json=json.loads(message.payload)))
        return found

    def press(self, key: str) -> bytes:
        """What is published when a button is pressed."""
        return rendered(self.entities[key]["cmd_tpl"], value="PRESS").encode()


def rendered(template: str, **values: Any) -> str:
    return _ENVIRONMENT.from_string(template).render(now=lambda: MORNING, **values)
