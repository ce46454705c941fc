"""`sansheng init`: a few questions, the modems found, then gateway.toml, its secrets and the service's files."""
