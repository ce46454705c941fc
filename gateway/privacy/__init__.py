"""What is held on one number and how long: export, erasure, retention (WD-11)."""
