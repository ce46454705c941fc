"""Mechanism: telephone lines, how they are driven and what is heard on them. Never imports the gateway."""
