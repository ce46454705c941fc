"""Texts to recordings."""

from gateway.prompts.book import Gathered, PromptBook
from gateway.prompts.check import Row, check_imported, check_recordings
from gateway.prompts.folders import missing_recordings
from gateway.prompts.importing import Import, import_folder, target_folder
from gateway.prompts.ready import recording_faults
from gateway.prompts.voice import EspeakVoice, PiperVoice, Voice, voice_of

__all__ = [
    "EspeakVoice",
    "Gathered",
    "Import",
    "PiperVoice",
    "PromptBook",
    "Row",
    "Voice",
    "check_imported",
    "check_recordings",
    "import_folder",
    "missing_recordings",
    "recording_faults",
    "target_folder",
    "voice_of",
]
