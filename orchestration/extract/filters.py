"""A filter as people write it, `net_amount >= 500 and product_id in ('A1', 'A2')`, becomes data: conditions on facts.

Belongs here: the grammar, its limits, and how each refusal is named. Does not: what a fact is, and who has it (SQL).
Nothing of the text is ever run. What is read is an "or" of groups of conditions [fact, operator, [value, …]], as JSON.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Any

import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

REFUSED = "\x03"  # stands before the rule that a text broke
LENGTH, BRACKETS, NEGATIONS, GROUPS, CONDITIONS = 4000, 20, 20, 100, 1000
OPERATORS: dict[type[exp.Expression], str] = {
    exp.EQ: "=", exp.NEQ: "!=", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}
WORDS = {
    TokenType.VAR, TokenType.STRING, TokenType.NUMBER, TokenType.AND, TokenType.OR, TokenType.NOT, TokenType.IN,
    TokenType.BETWEEN, TokenType.L_PAREN, TokenType.R_PAREN, TokenType.COMMA, TokenType.DASH,
    TokenType.EQ, TokenType.NEQ, TokenType.LT, TokenType.LTE, TokenType.GT, TokenType.GTE,
}  # fmt: skip
NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
DAY = re.compile(r"(19|20)\d\d-\d\d-\d\d")

Facts = Mapping[str, str]  # fact → number, text or date
Condition = tuple[str, str, tuple[str, ...]]
Group = frozenset[Condition]


class NotAFilter(ValueError):
    """A text that is none; the message is the rule it broke, with the character at which it does."""

    def __init__(self, rule: str, place: int | None = None) -> None:
        super().__init__(rule if place is None else f"{rule}_at_character_{place + 1}")


def filters_read(texts: "pa.Array[Any]", facts: Facts) -> "pa.Array[Any]":
    """Each text as JSON, or the rule it broke behind `REFUSED`."""
    return pa.array([None if text is None else _read(text, facts) for text in texts.to_pylist()], pa.string())


def _read(text: str, facts: Facts) -> str:
    try:
        return canonical(text, facts)
    except NotAFilter as broken:
        return f"{REFUSED}{broken}"


def canonical(text: str, facts: Facts) -> str:
    """The filter as JSON in one spelling: equal conditions once, groups and conditions in order."""
    groups = _groups(_tree(text), facts, False)
    if sum(map(len, groups)) > CONDITIONS:
        raise NotAFilter("filter_is_too_large")
    return json.dumps(sorted({tuple(sorted(group)) for group in groups}), ensure_ascii=False, separators=(",", ":"))


def _tree(text: str) -> exp.Expression:
    """The syntax tree of a text of allowed words, no deeper than the parser can bear."""
    if len(text) > LENGTH:
        raise NotAFilter("filter_is_too_large")
    try:
        tokens = sqlglot.tokenize(text)
        _check_words(tokens)
        trees = sqlglot.parse(text)
    except SqlglotError as error:
        found = getattr(error, "errors", None)
        raise NotAFilter("filter_is_not_readable", _place_of(text, found[0]) if found else None) from None
    if len(trees) != 1 or trees[0] is None:
        raise NotAFilter("filter_is_not_readable", 0)
    return trees[0]


def _place_of(text: str, error: Mapping[str, Any]) -> int:
    lines = text.splitlines(keepends=True)[: error["line"] - 1]
    return sum(map(len, lines)) + max(error["col"] - 1, 0)


def _check_words(tokens: list[Token]) -> None:
    depth = negations = 0
    for token, following in pairwise([*tokens, None]):
        assert token is not None
        is_loose_sign = token.token_type == TokenType.DASH and (
            following is None or following.token_type != TokenType.NUMBER
        )
        if token.token_type not in WORDS or token.comments or is_loose_sign:
            raise NotAFilter("filter_is_not_readable", token.start)
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        negations += token.token_type == TokenType.NOT
        if depth > BRACKETS or negations > NEGATIONS:
            raise NotAFilter("filter_is_too_large", token.start)


def _groups(node: exp.Expression, facts: Facts, negated: bool) -> list[Group]:
    """The groups of which any suffices; a negation is carried down to the conditions."""
    if isinstance(node, exp.Paren):
        return _groups(node.this, facts, negated)
    if isinstance(node, exp.Not):
        return _groups(node.this, facts, not negated)
    if isinstance(node, exp.And | exp.Or):
        parts = [_groups(part, facts, negated) for part in node.flatten(unnest=False)]
        return _all_of(parts) if isinstance(node, exp.And) != negated else _any_of(parts)
    return _condition(node, facts, negated)


def _any_of(parts: Iterable[list[Group]]) -> list[Group]:
    groups = [group for part in parts for group in part]
    if len(groups) > GROUPS:
        raise NotAFilter("filter_is_too_large")
    return groups


def _all_of(parts: list[list[Group]]) -> list[Group]:
    if prod(map(len, parts)) > GROUPS:
        raise NotAFilter("filter_is_too_large")
    return [frozenset().union(*chosen) for chosen in product(*parts)]


def _condition(node: exp.Expression, facts: Facts, negated: bool) -> list[Group]:
    """One comparison of a fact with values."""
    if not isinstance(node, (*OPERATORS, exp.Between, exp.In)):
        raise NotAFilter("filter_has_no_comparison", _start(node))
    fact = _fact(node.this, facts)
    if isinstance(node, exp.Between):
        return _between(node, fact, facts[fact], negated)
    written = node.expressions if isinstance(node, exp.In) else [node.expression]
    operator = OPERATORS.get(type(node), "=")
    operator = OPPOSITE[operator] if negated else operator
    _check_operator(node, operator, facts[fact])
    values = tuple(sorted({_value(value, facts[fact]) for value in written}))
    if not values:
        raise NotAFilter("filter_has_a_wrong_value", _start(node))
    # "One of" is one condition; "not one of" is a condition for each value.
    return [frozenset([(fact, operator, values)] if operator == "=" else [(fact, operator, (v,)) for v in values])]


def _between(node: exp.Between, fact: str, value_type: str, negated: bool) -> list[Group]:
    _check_operator(node, ">=", value_type)
    low, high = ((_value(node.args[end], value_type),) for end in ("low", "high"))
    if negated:
        return [frozenset([(fact, "<", low)]), frozenset([(fact, ">", high)])]
    return [frozenset([(fact, ">=", low), (fact, "<=", high)])]


def _check_operator(node: exp.Expression, operator: str, value_type: str) -> None:
    if (value_type == "text" and operator not in ("=", "!=")) or node.args.get("symmetric"):
        raise NotAFilter("filter_has_a_wrong_operator", _start(node))


def _fact(node: exp.Expression, facts: Facts) -> str:
    if not isinstance(node, exp.Column) or len(node.parts) != 1:
        raise NotAFilter("filter_has_no_fact_on_the_left", _start(node))
    name = node.name.lower()
    if name not in facts:
        raise NotAFilter("filter_has_an_unknown_fact", _start(node))
    return name


def _value(node: exp.Expression, value_type: str) -> str:
    sign, literal = ("-", node.this) if isinstance(node, exp.Neg) else ("", node)
    text = literal.name if isinstance(literal, exp.Literal) else ""
    if value_type == "number" and not literal.is_string and NUMBER.fullmatch(text):
        number = Decimal(sign + text)
        return f"{number.normalize() + 0:f}"
    if sign or not text.isprintable() or not text.strip() or not literal.is_string or value_type == "number":
        raise NotAFilter("filter_has_a_wrong_value", _start(node))
    if value_type == "date" and not _is_day(text):
        raise NotAFilter("filter_has_a_wrong_value", _start(node))
    return text


def _is_day(text: str) -> bool:
    try:
        return DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _start(node: exp.Expression) -> int | None:
    """Where the first word of a part stands."""
    return min((found.meta["start"] for found in node.walk() if "start" in found.meta), default=None)
