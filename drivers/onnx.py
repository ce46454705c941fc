"""onnxruntime, kept quiet: its official builds report to their maker unless told not to before they are loaded.

A hotline's machine tells nobody what it does (WD-11). Whoever imports a package that needs onnxruntime (Piper's
voices, rivals of our ears in a benchmark) does so after this. The ears themselves do without it.
"""

import os
from typing import Final

_SWITCH: Final = "ORT_DISABLE_TELEMETRY"  # onnxruntime's Privacy.md, "Disabling Telemetry"


def keep_quiet() -> None:
    """To be called before a package is imported that imports onnxruntime."""
    os.environ[_SWITCH] = "1"
