# Two commands matter: `make demo` shows the main job, `make test` proves it. Both do all their own set-up.
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready
BENCH_VENV ?= .venv-bench
MODEM_VENV ?= .venv-hw
HOME_ASSISTANT ?= .venv-home-assistant

.PHONY: demo test check tools kills home-assistant properties bench-hearing bench-modem bench-short clean

demo: $(READY)
	$(BIN)/sansheng demo

# First what computes, and what waits for real servers; then what waits for telephones to ring, in real time, eight files
# at once; at last whole gateways with a dozen calls at once, and the wallboard in a browser, two at a time.
test: $(READY) tools
	$(BIN)/python -m pytest -m "unit or service" -n 4 $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m "not unit and not service and not process and not browser" -n 8 --dist loadfile $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m "process or browser" -n 2 --dist loadfile $(PYTEST_ARGS)

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sansheng check

# Debian packages that the tests call: installed when root, named in one line otherwise.
tools:
	@deploy/test-tools.sh

# The records' process killed so many times in mid-traffic; .ci/run does it 50 times.
#   make kills · make kills KILLS=200 URL=postgresql://gateway@127.0.0.1/kills
KILLS ?= 1000
kills: $(READY)
	$(BIN)/python -m tests.kills --kills $(KILLS) $(if $(URL),--url $(URL))

# What must hold for any input, tried with so many times as many inputs as `make test` does; .ci/run does it twice.
EXAMPLES ?= 20
properties: $(READY)
	EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 2 --timeout 3600 \
	    $$(grep -rl --include=*.py "tests.examples import" tests) $(PYTEST_ARGS)

# What a real Home Assistant shows of a gateway; docs/home-assistant.md tells what it needs. Not part of `make test`: it
# takes minutes and over a gigabyte to install.
home-assistant: $(READY) tools $(HOME_ASSISTANT)/.ready
	$(BIN)/python -m tests.home_assistant $(HOME_ASSISTANT)

$(HOME_ASSISTANT)/.ready: tests/home_assistant/set_up.sh tests/home_assistant/requirements.txt
	@tests/home_assistant/set_up.sh $(HOME_ASSISTANT)
	@touch $@

# How well the ears hear, on the held-out half of the corpus and beside their peers: about half an hour on two cores.
# Debian's libspandsp2 and libc++1 (for TEN VAD) join in if they are installed.
# In an environment of its own, as not every peer's licence goes with the product's.
bench-hearing: $(BENCH_VENV)/.ready
	$(BENCH_VENV)/bin/python -m benchmarks.hearing --hours 20 --write docs/hearing-figures.md --summary-in README.md

$(BENCH_VENV)/.ready: pyproject.toml deploy/venv.sh benchmarks/requirements.txt
	@PYTHON=$(PYTHON) deploy/venv.sh $(BENCH_VENV)
	@$(BENCH_VENV)/bin/pip install --quiet --disable-pip-version-check --requirement benchmarks/requirements.txt
	@touch $@

# A voice modem proved on its line; hw_tests/README.md tells how. The report is named at the end.
#   make bench-modem                                      a rehearsal with the emulated modem
#   make bench-modem PORT=/dev/serial/by-path/…           your modem, and you at another telephone
#   make bench-modem PORT=… SECOND=/dev/… NUMBER=8001     a second modem calls the first, under this number
# ENV=file.yaml: another environment file · CALLS=100: so many calls in a row · REPORT=folder
BENCHES := hw_tests/environments
ENV ?= $(BENCHES)/$(if $(SECOND),two-modems,$(if $(PORT),one-modem,emulated)).yaml
# Eight emulated benches side by side: their tests mostly wait.
bench-modem: $(MODEM_VENV)/.ready
	$(if $(SECOND),$(if $(NUMBER),,$(error SECOND needs NUMBER, under which the second modem reaches the first)))
	LG_MODEM="$(PORT)" LG_SECOND="$(SECOND)" LG_NUMBER="$(NUMBER)" $(MODEM_VENV)/bin/python -m pytest hw_tests \
	    -c hw_tests/pytest.ini --lg-env=$(ENV) $(if $(findstring /emulated,$(ENV)),-n 8 --maxschedchunk 1) \
	    $(if $(CALLS),--calls=$(CALLS)) $(if $(REPORT),--report=$(REPORT)) $(PYTEST_ARGS)

# The other emulated benches, in short; with -j side by side.
bench-short: bench-short-usr5637 bench-short-two bench-short-half-duplex

bench-short-usr5637: SHORT = heard_whole or in_a_row
bench-short-two bench-short-half-duplex: SHORT = audio
bench-short-%: $(MODEM_VENV)/.ready
	@$(MAKE) bench-modem REPORT=var/bench/$* ENV=$(BENCHES)/emulated-$*.yaml CALLS=1 PYTEST_ARGS="-n 2 -k '$(SHORT)'"

$(MODEM_VENV)/.ready: pyproject.toml deploy/venv.sh hw_tests/set_up.sh hw_tests/requirements.txt
	@PYTHON=$(PYTHON) hw_tests/set_up.sh $(MODEM_VENV)
	@touch $@

$(READY): pyproject.toml deploy/venv.sh
	@PYTHON=$(PYTHON) deploy/venv.sh $(VENV)
	@touch $@

clean:
	rm -rf $(VENV) $(BENCH_VENV) $(MODEM_VENV) $(HOME_ASSISTANT) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
