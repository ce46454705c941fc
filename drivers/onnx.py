"""onnxruntime, kept quiet: its official builds report to their maker unless told not to before they are loaded.

A hotline's machine tells nobody what it does (WD-11). Whoever needs onnxruntime, or a package that does, takes it
from here.
"""

import os
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import onnxruntime

_SWITCH: Final = "ORT_DISABLE_TELEMETRY"  # onnxruntime's Privacy.md, "Disabling Telemetry"
_ERRORS_ONLY: Final = 3  # its scale of severity; it warns of harmless things in model files


def keep_quiet() -> None:
    """To be called before a package is imported that imports onnxruntime."""
    os.environ[_SWITCH] = "1"


def open_model(path: str) -> "onnxruntime.InferenceSession":
    """The model at `path`, run on one thread: a call is not worth a pool. Raises what onnxruntime raises."""
    keep_quiet()
    import onnxruntime  # half a second when cold, which commands that hear nothing need not wait

    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
