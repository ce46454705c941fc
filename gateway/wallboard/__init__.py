"""The web page that a supervisor looks at all day: a process of its own, fed by the gateway."""
