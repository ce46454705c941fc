"""The gateway's own MQTT broker: for a config that names none."""
