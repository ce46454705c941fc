"""A Piper voice of a few hundred bytes: a real ONNX model, whose every phoneme is 0.05 s of a 440 Hz tone.

ONNX files are Protocol Buffers; the few messages needed are written here by hand (field numbers: onnx.proto),
as the package that writes them is larger than all else the tests use.
"""

import json
import struct
from pathlib import Path

RATE = 22050
SECONDS_A_PHONEME = 0.05
TONE = 440.0
_FLOAT, _INT64 = 1, 7  # TensorProto.DataType

DESCRIPTION = {
    "audio": {"sample_rate": RATE},
    "espeak": {"voice": "cmn"},
    "phoneme_type": "espeak",
    "num_symbols": 256,
    "num_speakers": 1,
    "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
    "phoneme_id_map": {"_": [0], "^": [1], "$": [2], **{chr(code): [code] for code in range(97, 123)}},
}


def write_model(folder: Path) -> Path:
    """`tone.onnx` with its .json in `folder`; gives the model's path."""
    model = folder / "tone.onnx"
    model.write_bytes(_model())
    model.with_name("tone.onnx.json").write_text(json.dumps(DESCRIPTION))
    return model


def _model() -> bytes:
    """sin(range(phonemes · length_scale · samples a phoneme) · step)."""
    nodes = [
        _node("Gather", ["scales", "one"], "scale"),
        _node("Cast", ["input_lengths"], "counts", to=_FLOAT),
        _node("Squeeze", ["counts"], "count"),
        _node("Mul", ["count", "scale"], "long"),
        _node("Mul", ["long", "samples"], "limit"),
        _node("Range", ["zero", "limit", "unit"], "at"),
        _node("Mul", ["at", "step"], "phase"),
        _node("Sin", ["phase"], "output"),
    ]
    constants = [
        _tensor("one", _INT64, struct.pack("<q", 1)),
        _tensor("samples", _FLOAT, struct.pack("<f", SECONDS_A_PHONEME * RATE)),
        _tensor("zero", _FLOAT, struct.pack("<f", 0)),
        _tensor("unit", _FLOAT, struct.pack("<f", 1)),
        _tensor("step", _FLOAT, struct.pack("<f", 2 * 3.141592653589793 * TONE / RATE)),
    ]
    inputs = [_value("input", _INT64, [1, 0]), _value("input_lengths", _INT64, [1]), _value("scales", _FLOAT, [3])]
    graph = b"".join(_message(1, node) for node in nodes) + _message(2, b"tone")
    graph += b"".join(_message(5, constant) for constant in constants)
    graph += b"".join(_message(11, value) for value in inputs) + _message(12, _value("output", _FLOAT, [0]))
    return _number(1, 8) + _message(7, graph) + _message(8, _message(1, b"") + _number(2, 13))


def _node(operator: str, inputs: list[str], output: str, **attributes: int) -> bytes:
    made = b"".join(_message(1, name.encode()) for name in inputs) + _message(2, output.encode())
    made += _message(4, operator.encode())
    for name, value in attributes.items():
        made += _message(5, _message(1, name.encode()) + _number(3, value) + _number(20, 2))  # 2: an INT
    return made


def _tensor(name: str, kind: int, raw: bytes) -> bytes:
    return _number(2, kind) + _message(8, name.encode()) + _message(9, raw)


def _value(name: str, kind: int, sizes: list[int]) -> bytes:
    """A size of 0 is one that varies."""
    shape = b"".join(_message(1, _number(1, size) if size else _message(2, b"n")) for size in sizes)
    return _message(1, name.encode()) + _message(2, _message(1, _number(1, kind) + _message(2, shape)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _message(field: int, body: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(body)) + body


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    made.append(value)
    return bytes(made)
