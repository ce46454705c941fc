"""What tests of the corpus need of the machine."""

import os

import pytest

from benchmarks.corpus import Split
from benchmarks.corpus.packages import MUSIC, SPEAKERS, RecordingsError, folder_of
from benchmarks.material import SENTENCES, babble, speech

# espeak-ng says a sentence a little otherwise after other ones: these are said before any test has spoken, so that
# what they are does not hang on which tests have run before in this process.
for _voice in SENTENCES:
    speech(0.1, voice=_voice)
babble(0.1, -20.0, 12)


@pytest.fixture(scope="module")
def recordings() -> None:
    """Debian's packages with recordings, installed by deploy/test-tools.sh or to be downloaded."""
    try:
        for package in (*SPEAKERS[Split.TRAIN], *SPEAKERS[Split.HELD_OUT], MUSIC):
            folder_of(package)
    except RecordingsError as error:
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))
