"""The line-status feed over MQTT."""
