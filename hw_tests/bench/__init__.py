"""The hardware bench: a voice modem, whoever is at the far end of its line, what is measured, and the report."""
