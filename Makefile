# Two commands matter: `make demo` shows the main job, `make test` proves it. Both do all their own set-up.
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready
BENCH_VENV ?= .venv-bench

.PHONY: demo test check tools bench-hearing clean

demo: $(READY)
	$(BIN)/sansheng demo

# First what computes, a process a core; then what mostly waits for telephones to ring, four files at a time; at last
# whole gateways with a dozen calls at once, which want the machine for themselves.
test: $(READY) tools
	$(BIN)/python -m pytest -m unit -n 2 $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m "not unit and not process" -n 4 --dist loadfile $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m process $(PYTEST_ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sansheng check

# Debian packages that the tests call: installed when root, named in one line otherwise.
tools:
	@deploy/test-tools.sh

# How well the ears hear, on the held-out half of the corpus and beside their peers: about half an hour on two cores.
# Debian's libspandsp2 and libc++1 (for TEN VAD) join in if they are installed.
# In an environment of its own, as not every peer's licence goes with the product's.
bench-hearing: $(BENCH_VENV)/.ready
	$(BENCH_VENV)/bin/python -m benchmarks.hearing --hours 20 --write docs/hearing-figures.md --summary-in README.md

$(BENCH_VENV)/.ready: pyproject.toml deploy/venv.sh benchmarks/requirements.txt
	@PYTHON=$(PYTHON) deploy/venv.sh $(BENCH_VENV)
	@$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check --requirement benchmarks/requirements.txt
	@touch $@

$(READY): pyproject.toml deploy/venv.sh
	@PYTHON=$(PYTHON) deploy/venv.sh $(VENV)
	@touch $@

clean:
	rm -rf $(VENV) $(BENCH_VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
