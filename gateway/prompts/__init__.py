"""Texts to recordings."""

from gateway.prompts.book import PromptBook
from gateway.prompts.check import check_recordings
from gateway.prompts.voice import EspeakVoice, Voice

__all__ = ["EspeakVoice", "PromptBook", "Voice", "check_recordings"]
