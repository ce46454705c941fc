# Two commands matter: `make demo` shows the main job, `make test` proves it. Both do all their own set-up.
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= python3
READY := $(VENV)/.ready
BENCH_VENV ?= .venv-bench
MODEM_VENV ?= .venv-hw
HOME_ASSISTANT ?= .venv-home-assistant

# Machines that build often forbid Python to keep what it compiled: then each worker, and each gateway that a test
# starts, would compile everything anew, for seconds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check tools kills million soak cluster faults load home-assistant properties bench-hearing bench-modem bench-short package package-test clean

demo: $(READY)
	$(BIN)/sansheng demo

# First what computes, and what waits for real servers: neighbours stay together, as they share what they are tried on.
# Then what waits for telephones to ring, in real time, so many files at once; at last whole gateways with a dozen calls
# at once, and the wallboard in a browser.
RINGING ?= 10
WHOLE ?= 3
test: $(READY) tools
	$(BIN)/python -m pytest -m "unit or service" -n 4 --dist worksteal $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m "pty or sip" -n $(RINGING) --dist loadfile $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m "process or browser" -n $(WHOLE) --dist loadfile $(PYTEST_ARGS)

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

# A whole gateway under 100 callers at once, beside the peers that are on this machine; docs/load.md. Five minutes.
#   make load · make load LOAD="--calls 12 --seconds 15"
LOAD ?= --plot docs/load.png
load: $(READY) tools
	$(BIN)/python -m benchmarks.load $(LOAD)

# Torture messages, floods and scanners against a SIP line with calls up; docs/security.md tells what must hold. Two minutes.
.PHONY: fire
fire: $(READY) tools
	$(BIN)/python -m pytest tests/fire -o norecursedirs=".*" -n 2 $(PYTEST_ARGS)

# As root: every command line of the documentation, page by page, each in a room of its own of which nothing stays.
#   make docs-test PYTEST_ARGS="-k feed" runs one page's
.PHONY: docs-test
docs-test: $(READY) tools
	$(BIN)/python -m pytest tests/docs -o norecursedirs=".*" -n 4 $(PYTEST_ARGS)

# Telephones of other makers call a whole gateway; docs/interoperability.md has the table.
.PHONY: interop
interop: $(READY) tools
	$(BIN)/python -m pytest tests/interop -o norecursedirs=".*" -n 4 --dist loadfile $(PYTEST_ARGS)

# Inputs that nobody has thought of, for all that reads what comes from outside; docs/fuzzing.md.
#   make fuzz SECONDS=60 · make fuzz RUNS=1000000 · make fuzz FUZZ="modem dialplan"
FUZZ_VENV ?= .venv-fuzz
FUZZ ?=
RUNS ?=
.PHONY: fuzz audit sbom
fuzz: $(FUZZ_VENV)/.ready
	$(FUZZ_VENV)/bin/python -m tests.fuzz $(FUZZ) $(if $(RUNS),--runs $(RUNS) --jobs 2,--seconds $(SECONDS) --jobs 6)

$(FUZZ_VENV)/.ready: pyproject.toml deploy/venv.sh tests/fuzz/requirements.txt
	@PYTHON=$(PYTHON) deploy/venv.sh $(FUZZ_VENV) --editable .
	@$(FUZZ_VENV)/bin/pip install --quiet --disable-pip-version-check --requirement tests/fuzz/requirements.txt || \
	    echo "atheris cannot be had here: inputs are tried by chance" >&2
	@touch $@

# Known vulnerabilities of what is in the package. AUDIT=--strict before a release: a service that cannot be asked is then
# a fault.
SUPPLY ?= .venv-supply
AUDIT ?=
audit: $(SUPPLY)/.ready
	$(SUPPLY)/bin/python deploy/supply/audit.py deploy/supply/product.lock $(AUDIT)

# dist/sansheng-VERSION.cdx.json: what is in the package (CycloneDX), as it is also in the package itself.
sbom: $(SUPPLY)/.ready
	@SUPPLY=$(SUPPLY) deploy/debian/tree.sh
	@mkdir -p dist && cp -v var/package/tree/usr/share/doc/sansheng/sbom.cdx.json \
	    "dist/sansheng-$$(cat var/package/tree.version).cdx.json"

# Which versions are in the package, with the hashes of their files, after a change of pyproject.toml's dependencies.
#   make lock · make lock LOCK=--upgrade takes the newest that pyproject.toml allows
LOCK ?=
.PHONY: lock
lock: $(SUPPLY)/.ready
	deploy/supply/lock.sh $(SUPPLY) $(LOCK)

$(SUPPLY)/.ready: deploy/venv.sh deploy/supply/tools.lock
	@PYTHON=$(PYTHON) deploy/venv.sh $(SUPPLY) --require-hashes --only-binary :all: --requirement deploy/supply/tools.lock
	@touch $@

# Broker, database, PBX, disk, DNS, clock and network fail while customers talk; docs/faults.md tells what must hold.
faults: $(READY) tools
	$(BIN)/python -m pytest tests/faults -o norecursedirs=".*" -n 3 --dist loadfile $(PYTEST_ARGS)

# Three gateways behind a Kamailio, one of them killed, stopped, frozen; docs/scale.md. .ci/run does the short form.
CLUSTER ?=
cluster: $(READY) tools
	$(BIN)/python -m tests.cluster $(CLUSTER)

# Random calls in virtual time against every rule, and a whole gateway under calls for minutes; docs/soak.md. .ci/run
# does 16 000 of the calls, and 60 seconds. A part of the calls, noted as done so that a run that is broken off goes on:
#   make million SHIFTS=0-249 DONE=million.done
MILLION ?= 1000000
SEED ?= 1
million: $(READY)
	$(BIN)/python -m tests.million --calls $(MILLION) --seed $(SEED) $(if $(SHIFTS),--shifts $(SHIFTS)) $(if $(DONE),--done $(DONE))

SECONDS ?= 600
soak: $(READY) tools
	$(BIN)/python -m tests.soak --seconds $(SECONDS)

# dist/sansheng_VERSION_ARCH.deb, for Debian 12 and built on it; docs/install.md tells the rest.
package: $(SUPPLY)/.ready
	@SUPPLY=$(SUPPLY) deploy/debian/build.sh dist

# dist/*.deb as Debian's lintian sees it: no error, no warning without a reason (deploy/debian/lintian-overrides). Two minutes.
.PHONY: package-lint
package-lint: package
	deploy/debian/lint.sh dist/sansheng_*.deb

# As root: the package installed in a bare Debian 12, called, upgraded, rolled back and removed, with calls on record.
#   make package-test · make package-test PACKAGE=--short installs, calls and removes it alone
PACKAGE ?=
package-test: $(READY) $(SUPPLY)/.ready tools
	package=$$(LEVEL=3 SUPPLY=$(SUPPLY) deploy/debian/build.sh var/package/out) && $(BIN)/python -m tests.package $(PACKAGE) "$$package"

# What must hold for any input, tried with so many times as many inputs as `make test` does; .ci/run with three times.
EXAMPLES ?= 20
properties: $(READY)
	EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -m hypothesis -n 2 --dist worksteal --timeout 3600 \
	    $$(grep -rl --include="test_*.py" "^from hypothesis" tests) $(PYTEST_ARGS)

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

# The emulated bench whole, its own tests too: what .ci/run does.
.PHONY: bench-emulated
bench-emulated: $(MODEM_VENV)/.ready
	@$(MAKE) bench-modem REPORT=var/bench/emulated PYTEST_ARGS="-o norecursedirs="

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
