"""A whole gateway under calls of every kind for minutes, and whether anything of it grows."""
