"""The monthly score (JH-22): a formula of the site's own over figures. Pure.

A formula is arithmetic on names and numbers and nothing else, so that a config file can do no harm: every power is
one of floating point, so that none takes long, and whatever else Python knows is refused when it is read.
"""

import ast
import math
import operator
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from simpleeval import InvalidExpression, SimpleEval

from gateway.kpi.score_names import NAMES

DEFAULT_FORMULA = (
    "40 * max(0, 1 - (wrong_tickets + missed_tickets) / max(1, tickets)) + 20 * min(1, volume) + 40 * quality"
)
"""100 is full marks. Of JH-22's three things tickets and quality, which an agent can do something about, count
twice as much as volume."""

LONGEST = 1000
"""Characters of a formula; the default has a hundred."""
DEEPEST = 100
"""Levels of a formula: a sum of a hundred terms."""

_FUNCTIONS = ("abs", "max", "min", "round")
ALLOWED = f"numbers, + - * / **, comparisons, and, or, not, … if … else …, {', '.join(_FUNCTIONS)}, and names"
_OPERATORS: dict[type[ast.AST], Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Not: operator.not_,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_STRUCTURE = (ast.Expr, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Load, ast.And, ast.Or)
_OTHERS = {
    ast.Attribute: "a dot",
    ast.Subscript: "[…]",
    ast.Lambda: "lambda",
    ast.Assign: "=",
    ast.JoinedStr: "text",
}


class ScoreError(Exception):
    """There is no score."""


class ScoreWrong(ScoreError):
    """The formula is none; the message tells what is wrong and what is allowed."""


class NoScore(ScoreError):
    """The formula is one, but of these figures it gives no number; the message tells why."""


class Score:
    """A formula that can be reckoned. Made by `parse`."""

    def __init__(self, formula: str, tree: ast.stmt) -> None:
        self.formula = formula
        self._tree = tree
        self.names = tuple(name for name in NAMES if name in _names_in(tree))
        """What it is made from."""

    @classmethod
    def parse(cls, formula: str = DEFAULT_FORMULA) -> "Score":
        """Read a formula. Raises ScoreWrong."""
        if len(formula) > LONGEST:
            raise ScoreWrong(f"has {len(formula)} characters; allowed: {LONGEST} at most")
        if not formula.strip():
            raise ScoreWrong(f"is empty; allowed: {ALLOWED}")
        try:
            body = ast.parse(formula.strip()).body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            reason = error.msg if isinstance(error, SyntaxError) else "it is nested too deeply"
            raise ScoreWrong(f"is no formula ({reason}); allowed: {ALLOWED}") from None
        if len(body) != 1 or not isinstance(body[0], ast.Expr):
            raise ScoreWrong(f"is not one formula; allowed: {ALLOWED}")
        _check(body[0])
        score = cls(formula, body[0])
        score._try()
        return score

    def of(self, values: Mapping[str, float | None]) -> float:
        """The score, to two decimals. Raises NoScore where a figure it needs is missing or None, and where the
        arithmetic gives no number."""
        missing = [name for name in self.names if values.get(name) is None]
        if missing:
            raise NoScore(f"{', '.join(missing)}: there is nothing to tell it of")
        return self._reckoned({name: value for name in self.names if (value := values[name]) is not None})

    def _try(self) -> None:
        """A formula that can be reckoned of no figures is wrong at once: its constants overflow, or a function is
        called without what it needs."""
        try:
            self._reckoned(dict.fromkeys(self.names, 1.0))
        except NoScore as error:
            if not self.names or isinstance(error.__cause__, OverflowError | TypeError):
                raise ScoreWrong(f"gives no number ({error}); allowed: {ALLOWED}") from None

    def _reckoned(self, values: dict[str, float]) -> float:
        functions = {"abs": abs, "max": max, "min": min, "round": _rounded}
        evaluator = SimpleEval(operators=_OPERATORS, functions=functions, names=values)
        try:
            result = float(evaluator.eval(self.formula, previously_parsed=self._tree))
        except ZeroDivisionError as error:
            raise NoScore("it divides by zero") from error
        except OverflowError as error:
            raise NoScore("a number becomes too large") from error
        except ValueError as error:
            raise NoScore("a root of a negative number, or a power of zero") from error
        except (TypeError, InvalidExpression) as error:
            raise NoScore(f"it cannot be reckoned: {error}") from error
        if not math.isfinite(result):
            raise NoScore("a number becomes too large")
        return round(result, 2)


def _rounded(value: float, digits: float = 0) -> float:
    return round(float(value), int(digits))


def _names_in(tree: ast.AST) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


def _check(tree: ast.AST) -> None:
    """Raise ScoreWrong for whatever is no arithmetic on known names."""
    called = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node, depth in _nodes(tree):
        if depth > DEEPEST:
            raise ScoreWrong(f"is nested too deeply; allowed: {DEEPEST} levels")
        match node:
            case ast.Constant(value=value):
                if isinstance(value, bool) or not isinstance(value, int | float):
                    raise ScoreWrong(f"has {str(value)[:30]!r} in it; allowed: {ALLOWED}")
            case ast.Name(id=name):
                _check_name(name, called=node in called)
            case ast.Call(func=function, args=args, keywords=keywords):
                starred = any(isinstance(arg, ast.Starred) for arg in args)
                if not isinstance(function, ast.Name) or keywords or starred:
                    raise ScoreWrong(f"calls what is no function; allowed: {', '.join(_FUNCTIONS)}")
            case _ if not isinstance(node, (*_STRUCTURE, *_OPERATORS)):
                what = _OTHERS.get(type(node), type(node).__name__)
                raise ScoreWrong(f"has {what} in it; allowed: {ALLOWED}")


def _check_name(name: str, *, called: bool) -> None:
    known = _FUNCTIONS if called else tuple(NAMES)
    if name not in known:
        near = get_close_matches(name[:60], known, n=1)
        meant = f", did you mean {near[0]}?" if near else ";"
        what = "function" if called else "name"
        raise ScoreWrong(f"no {what} {name[:60]!r}{meant} allowed: {', '.join(known)}")


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """Every node and its depth, without recursion."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]
