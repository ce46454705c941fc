"""The constants in an ONNX file: enough of protobuf to find them (onnx.proto, protobuf's encoding of messages)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FLOAT: Final = 1
"""TensorProto.DataType."""
_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
"""Wire types."""
_MODEL_GRAPH, _GRAPH_INITIALIZER = 7, 5
_TENSOR_DIMS, _TENSOR_TYPE, _TENSOR_NAME, _TENSOR_RAW = 1, 2, 8, 9


def float_constants(path: Path) -> dict[str, NDArray[np.float32]]:
    """The model's float tensors that lie in its outermost graph as raw bytes, by name. Raises OSError where there
    is no such file, ValueError for one that is no ONNX model."""
    found: dict[str, NDArray[np.float32]] = {}
    try:
        for graph in _inner(memoryview(path.read_bytes()), _MODEL_GRAPH):
            for tensor in _inner(graph, _GRAPH_INITIALIZER):
                found.update(_constant(tensor))
    except (IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no ONNX model: {error}") from None
    return found


def _constant(tensor: memoryview) -> dict[str, NDArray[np.float32]]:
    shape: list[int] = []
    kind, name, raw = 0, "", None
    for field, value in _fields(tensor):
        if field == _TENSOR_DIMS:
            shape += [value] if isinstance(value, int) else _integers(value)
        elif field == _TENSOR_TYPE and isinstance(value, int):
            kind = value
        elif field == _TENSOR_NAME and not isinstance(value, int):
            name = str(value, "utf-8")
        elif field == _TENSOR_RAW and not isinstance(value, int):
            raw = value
    if kind != _FLOAT or raw is None:
        return {}
    return {name: np.frombuffer(raw, "<f4").astype(np.float32).reshape(shape)}


def _inner(message: memoryview, wanted: int) -> Iterator[memoryview]:
    for field, value in _fields(message):
        if field == wanted and not isinstance(value, int):
            yield value


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Numbers and values; those of a fixed size matter to nobody here, and are left as bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        field, wire = key >> 3, key & 7
        if wire == _VARINT:
            number, at = _varint(message, at)
            yield field, number
            continue
        if wire == _LENGTH:
            size, at = _varint(message, at)
        elif wire in (_EIGHT_BYTES, _FOUR_BYTES):
            size = 8 if wire == _EIGHT_BYTES else 4
        else:
            raise ValueError(f"wire type {wire}: no ONNX model")
        if at + size > len(message):
            raise IndexError("it is cut off")
        yield field, message[at : at + size]
        at += size


def _integers(packed: memoryview) -> list[int]:
    at, numbers = 0, []
    while at < len(packed):
        number, at = _varint(packed, at)
        numbers.append(number)
    return numbers


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Seven bits a byte, the lowest first; the number and where the next thing begins."""
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
