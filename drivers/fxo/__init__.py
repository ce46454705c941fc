"""FXO lines: a serial voice modem on an analogue telephone line."""
