"""Every command line of the documentation, run: `make docs-test`."""
