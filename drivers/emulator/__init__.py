"""A voice modem with personalities on a pseudo-terminal, an exchange behind it, and callers."""
