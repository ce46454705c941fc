"""What tests of the corpus need of the machine."""

import os

import pytest

from benchmarks.corpus import Split
from benchmarks.corpus.packages import MUSIC, SPEAKERS, RecordingsError, folder_of


@pytest.fixture(scope="module")
def recordings() -> None:
    """Debian's packages with recordings, installed by deploy/test-tools.sh or to be downloaded."""
    try:
        for package in (*SPEAKERS[Split.TRAIN], *SPEAKERS[Split.HELD_OUT], MUSIC):
            folder_of(package)
    except RecordingsError as error:
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
