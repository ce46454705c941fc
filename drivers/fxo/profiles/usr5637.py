"""US Robotics USR5637 and its relatives."""

from dataclasses import replace

from drivers.fxo.codecs import Coding
from drivers.fxo.dle import END_DUPLEX, END_TRANSMIT
from drivers.fxo.profiles.events import differing
from drivers.fxo.profiles.profile import FirmwareGate
from drivers.fxo.profiles.v253 import V253

USR5637 = replace(
    V253,
    name="usr5637",
    title="US Robotics USR5637",
    named_by=(r"\bU\.?S\.? ROBOTICS\b", r"\bUSR ?56", r"^5601$", r"^NPA1F01"),
    usb_ids=((0x0BAF, 0x0303),),
    # Release notes: 1.2.21 enabled voice. Other products of the maker count their versions otherwise.
    firmware_gate=FirmwareGate(r"\b56K FAX USB V?(\d+)\.(\d+)\.(\d+)", (1, 2, 21)),
    told_by=("AT+GMI", "AT+GMM", "ATI7"),
    caller_id=("AT+VCID=1",),
    default_codings=((131, Coding.ULAW), (130, Coding.ALAW), (128, Coding.UNSIGNED_8)),
    coding_forms=V253.coding_forms[:1],
    duplex_seen=True,
    end_duplex=(END_TRANSMIT, END_DUPLEX),
    # Its manual's example 7 records from 5; one driver hears nothing from 1, two others do.
    record_source=5,
    events=differing({}, without="KiJLlPpmfrtw"),
    # Firmware reports false b, d and digits while it plays and records.
    frames_digits=True,
    busy_codes_needed=3,
    false_codes_while_playing=True,
)
