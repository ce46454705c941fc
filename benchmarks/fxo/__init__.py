"""What many FXO lines cost and how exactly they count rings; run by `python -m benchmarks.fxo`."""
