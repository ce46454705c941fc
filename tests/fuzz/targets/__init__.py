"""One file a target; tests.fuzz.table names them."""
