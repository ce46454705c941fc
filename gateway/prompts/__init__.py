"""Texts to recordings."""
