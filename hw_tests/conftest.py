"""The bench's plugin."""

pytest_plugins = ("hw_tests.bench.plugin",)
