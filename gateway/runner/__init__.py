"""Adapters: one Line to its call engines, facts to their listeners."""
