"""How well, how soon and at what cost the ears judge, beside their peers: `python -m benchmarks.hearing`."""
