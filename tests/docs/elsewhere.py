"""Command lines that take too long to be run once more here, and the step that runs each."""

STEPS: dict[str, tuple[str, str]] = {
    "make demo": ("tests/package/journey.py", "sansheng demo"),
    "make test": (".ci/run", "make test"),
    "make check": (".ci/run", "make check"),
    "make package": (".ci/nightly", "make package"),
    "make faults": (".ci/run", "beside faults"),
    "make kills": (".ci/nightly", "make kills"),
    "make million": (".ci/nightly", "make million"),
    "make million SHIFTS=0-1 DONE=var/million.done": (".ci/nightly", 'make million SEED="$seed" DONE='),
    "make soak": (".ci/nightly", "make soak"),
    "make cluster": (".ci/nightly", "make cluster"),
    "make cluster CLUSTER=--short": (".ci/run", "make cluster CLUSTER=--short"),
    "make load": (".ci/nightly", "make load"),
    'make load LOAD="--calls 12 --seconds 15 --rate 2 --no-growth --minute 15 --peer none"': (
        ".ci/run",
        'make load LOAD="--calls 12 --seconds 15 --rate 2 --no-growth --minute 15 --peer none"',
    ),
    "make bench-modem": (".ci/run", "bench-emulated"),
    # Two modems that are none: the emulated bench of two is what stands for them.
    "make bench-modem PORT=/dev/serial/by-path/…": (".ci/run", "bench-emulated"),
    "make bench-modem PORT=… SECOND=/dev/serial/by-path/… NUMBER=8001": (".ci/run", "bench-short"),
    "python -m pytest -m browser": ("Makefile", 'pytest -m "process or browser"'),
    "apt-get install ./dist/sansheng_0.1.0_amd64.deb": ("tests/package/root.py", "apt-get"),
    "apt-get install ./sansheng_0.1.0_amd64.deb": (".ci/run", "beside package-test"),
    "apt-get install ./sansheng_0.2.0_amd64.deb": (".ci/nightly", "make package-test"),
    "apt-get install --allow-downgrades ./sansheng_0.1.0_amd64.deb": (".ci/nightly", "make package-test"),
    "sansheng init": ("tests/docs/test_first_call.py", "init"),
    "deploy/venv.sh /opt/sansheng . && ln -s /opt/sansheng/bin/sansheng /usr/bin/sansheng": (
        "Makefile",
        "deploy/venv.sh $(VENV)",
    ),
}
"""By the command line without its remark: a file and what stands in it."""
