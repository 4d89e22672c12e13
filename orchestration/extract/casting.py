"""From cleaned text to types, as DuckDB SQL over all rows at once: a value converts exactly or names the rule it broke.

Belongs here: the expressions for each type, and the rules.
Does not: decorations (`cleaning.py`), keys and hashes (`ledger.py`).
"""

import re
from collections.abc import Iterable, Sequence

from orchestration.extract.clocks import with_day
from orchestration.extract.contracts import SQL_TYPES, Column, Contract
from orchestration.extract.filters import REFUSED
from orchestration.privacy.keys import TOKEN, TOKENS

TOTAL_WORDS = "(?i)(合计|总计|小计|共计|汇总|总额|total|sum|grand total)[:：]?"
TRUE_WORDS = ("true", "1", "yes", "y", "是", "需要", "需要退货")
FALSE_WORDS = ("false", "0", "no", "n", "否", "不需要", "不需要退货")
SCIENTIFIC = r"\d+(\.\d+)?[eE]\+\d+"
WITH_DECIMALS = r"\d+\.0+"
CONTROL = r"(?s).*[\x00-\x1f\x7f\x{fffd}].*"
GROUPED = r"\d{1,3}(,\d{3})+"
DAY = r"(19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}"
CLOCK = r"([ T]\d{1,2}:\d\d(:\d\d(\.\d{1,9})?)?(\+08:?00)?)?"
BIRTHDAY = rf"((19|20)\d\d[-/.年])?(\d{{1,2}})[-/.月](\d{{1,2}})日?{CLOCK}"
NO_BIRTHDAY = r"(1900|1970)[-/.年]0?1[-/.月]0?1(\D.*)?"  # what systems fill in
EPOCH_SECONDS = r"[1-9]\d{8,9}"  # 1973 to 2286; milliseconds have three digits more
BEIJING_SECONDS = 8 * 3600
MIDNIGHT = r"([ T]0{1,2}:00(:00(\.0+)?)?)?"
NUMERIC, UNUSABLE = "\x01", "\x02"  # instead of a number where an id should be, and of a phone that joins nobody
ID_CORRUPTION = ("id_in_scientific_notation", "numeric_id", "id_with_decimals")
DECIMALS = {"money": 2, "decimal": 6, "ratio": 6, "percent": 4}
INTEGER_DIGITS = {"money": 16, "decimal": 12, "ratio": 3, "percent": 5}


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def is_one_of(expression: str, texts: Iterable[str]) -> str:
    """As one expression: DuckDB makes a join of `in`, which costs milliseconds each."""
    return matches(expression, f"(?i){'|'.join(map(re.escape, texts))}")


def matches(expression: str, pattern: str) -> str:
    return f"regexp_full_match({expression}, {literal(pattern)})"


def typed(text: str, column: Column) -> str:
    """The value of the column's type, or null where the text is none."""
    if column.personal:
        return _hidden(text, column)
    if column.type in DECIMALS:
        return _decimal(text, column.type)
    if column.values:
        return _word(text, column.values)
    if column.type == "boolean":
        true, false = is_one_of(text, TRUE_WORDS), is_one_of(text, FALSE_WORDS)
        return f"case when {true} then true when {false} then false end"
    is_whole = matches(text, rf"[+-]?(\d{{1,18}}|{GROUPED})(\.0+)?")
    beijing_microseconds = f"(try_cast({text} as bigint) + {BEIJING_SECONDS}) * 1000000"
    is_moment, is_day = matches(text, DAY + CLOCK), matches(text, DAY + MIDNIGHT)
    return {
        "id": f"case when {_is_id(text, column)} then {text} end",
        "text": f"case when not contains({text}, '\ufffd') and {text} != chr(1) then {text} end",
        "integer": f"case when {is_whole} then {_cast(text, 'bigint')} end",
        "timestamp": f"case when {is_moment} then try_cast(split_part({text}, '+', 1) as timestamp) end",
        "epoch_seconds": f"case when {matches(text, EPOCH_SECONDS)} then make_timestamp({beijing_microseconds}) end",
        "filter": f"case when not {_is_refused(text)} then {text} end",
        "month_day": _month_day(text),
        "date": f"case when {is_day} then try_cast(regexp_extract({text}, '^[^ T]+') as date) end",
    }[column.type]


def _month_day(text: str) -> str:
    """`MM-DD` of a birthday, so that no year is kept; null for what is no day: no row is refused for it."""
    month, day = (f"lpad(regexp_extract({text}, {literal(BIRTHDAY)}, {group}), 2, '0')" for group in (3, 4))
    is_known = f"{matches(text, BIRTHDAY)} and not {matches(text, NO_BIRTHDAY)}"
    is_day = f"try_cast('2000-' || {month} || '-' || {day} as date) is not null"
    return f"case when {is_known} and {is_day} then {month} || '-' || {day} end"


def _is_refused(text: str) -> str:
    return f"starts_with({text}, chr({ord(REFUSED)}))"


def _hidden(text: str, column: Column) -> str:
    """A token; where only some rows hold one, the plain value of the others."""
    if not column.token_when:
        return f"case when {matches(text, TOKENS if column.several else TOKEN)} then {text} end"
    otherwise = typed(text, column.model_copy(update={"personal": None}))
    return f"case when {matches(text, TOKEN)} then {text} when {text} != chr(2) then {otherwise} end"


def _decimal(text: str, kind: str) -> str:
    """No rounding: a text with more decimals than the type holds is no value. A percent sign divides by 100."""
    form = rf"[+-]?(\d{{1,{INTEGER_DIGITS[kind]}}}|{GROUPED})(\.\d{{1,{DECIMALS[kind]}}}0*)?"
    if kind == "percent":
        share = f"try_cast(rtrim(replace({text}, ',', ''), ' %') as decimal(18, 4)) * 0.01"
        return f"case when {matches(text, form + ' ?%')} then try_cast({share} as {SQL_TYPES[kind]}) end"
    otherwise = f"else {_decimal(text, 'percent')}" if kind == "ratio" else ""
    return f"case when {matches(text, form)} then {_cast(text, SQL_TYPES[kind])} {otherwise} end"


def _cast(text: str, sql_type: str) -> str:
    """Of a text whose form is right; most have no commas, and only the others pay for taking them out."""
    return f"coalesce(try_cast({text} as {sql_type}), try_cast(replace({text}, ',', '') as {sql_type}))"


def _word(text: str, words: Iterable[str]) -> str:
    """The word in the spelling of the contract."""
    cases = " ".join(f"when {literal(word.lower())} then {literal(word)}" for word in words)
    return f"case lower({text}) {cases} end"


def _is_id(text: str, column: Column) -> str:
    if column.pattern:
        return matches(text, column.pattern)
    return f"not {matches(text, '|'.join([TOTAL_WORDS, SCIENTIFIC, WITH_DECIMALS, CONTROL]))}"


def text_is_id(text: str, pattern: str | None) -> bool:
    """The same of one text, for an id that must be judged before it is hidden."""
    if pattern:
        return re.fullmatch(pattern, text) is not None
    odd = "|".join(
        [TOTAL_WORDS.removeprefix("(?i)"), SCIENTIFIC, WITH_DECIMALS, r"[\s\S]*[\x00-\x1f\x7f\ufffd][\s\S]*"]
    )
    return re.fullmatch(odd, text, re.I) is None


def rule(text: str, value: str, column: Column, is_key: bool) -> str:
    """The rule that a value broke, or null. Evaluated only on rows that broke one."""
    unusable = f"when {text} = chr(2) then null" if column.personal else ""
    total = f"when {matches(text, TOTAL_WORDS)} then 'total_row'" if is_key or column.type == "id" else ""
    required = (
        f"when {text} is null then 'required_value_missing'" if column.required else f"when {text} is null then null"
    )
    negative = f"when {value} < 0 then 'negative_amount'" if _must_not_be_negative(column) else ""
    general = f"when {value} is null then {literal(_general_rule(column))}"
    return f"case {required} {unusable} {total} {_type_rules(text, column)} {general} {negative} end"


def is_broken(text: str, value: str, column: Column) -> str:
    if column.type == "month_day":
        return "false"
    broken = f"{value} is null" if column.required else f"({value} is null and {text} is not null)"
    if column.personal:
        broken = f"({broken} and {text} is distinct from chr(2))"
    return f"{broken} or coalesce({value} < 0, false)" if _must_not_be_negative(column) else broken


def _must_not_be_negative(column: Column) -> bool:
    return not column.allow_negative and column.type in (*DECIMALS, "integer")


def _type_rules(text: str, column: Column) -> str:
    if column.type == "id":
        return (
            f"when {text} = chr(1) then 'numeric_id' when {matches(text, SCIENTIFIC)} then 'id_in_scientific_notation' "
            f"when {matches(text, WITH_DECIMALS)} then 'id_with_decimals'"
        )
    if column.type == "text":
        return f"when {text} = chr(1) then 'numeric_id'"
    if column.type == "filter":
        return f"when {_is_refused(text)} then substr({text}, {len(REFUSED) + 1})"
    if column.type in DECIMALS:
        sign = (
            "when " + matches(text, r"[+-]?[\d,]+(\.\d+)?") + " then 'percent_sign_missing'"
            if column.type == "percent"
            else ""
        )
        return (
            sign
            + " when "
            + matches(text, rf"[+-]?(\d+|{GROUPED})\.\d{{{DECIMALS[column.type] + 1},}} ?%?")
            + " then 'too_many_decimals'"
        )
    return ""


def _general_rule(column: Column) -> str:
    if column.values:
        return "unknown_word"
    return {
        "id": "id_pattern",
        "text": "damaged_text",
        "integer": "not_an_integer",
        "timestamp": "not_a_timestamp",
        "epoch_seconds": "not_a_timestamp",
        "date": "not_a_date",
        "boolean": "not_a_yes_or_no",
    }.get(column.type, "not_a_number")


def staging_query(
    contract: Contract, present: Sequence[str], parameters: Sequence[str], shop: str | None, relation: str
) -> str:
    """One row per row of the file: lake columns, `line_number`, and the `texts` of a row that broke a rule, else null.

    A declared column that is not in the file is null; `shop_id` and `platform` fall back to the folder's.
    """
    loaded = _present(contract, present)
    given = {name: with_day(name, contract, loaded) for name in loaded}
    texts = [f"{given.get(name, _quoted(name))} as {_text(name)}" for name in [*loaded, *parameters]]
    values = [f"{typed(given[name], column)} as {_quoted(name)}" for name, column in loaded.items()]
    between = [test for test, _, _ in _rules_between_columns(contract, loaded, shop)]
    tests = [*(is_broken(_text(n), _quoted(n), c) for n, c in loaded.items()), *between]
    staged = staged_columns(contract, present)
    lake = [f"{_lake_value(name, contract, present, shop)} as {_quoted(name)}" for name in staged]
    catch_all = [f"{_json(parameters)} as {_quoted(contract.catch_all)}"] if contract.catch_all else []
    return (
        f"with typed as (select line_number, {_listed([*texts, *values])} from {relation}) "
        f"select {_listed([*lake, *catch_all])}, line_number, "
        f"case when {' or '.join(tests)} then [{_listed(map(_text, loaded))}] end as texts from typed"
    )


def rules_query(contract: Contract, present: Sequence[str], shop: str | None) -> str:
    """(line_number, rule, column) for every rule that a row of `staged` broke."""
    loaded = _present(contract, present)
    texts = [f"texts[{place}] as {_text(name)}" for place, name in enumerate(loaded, start=1)]
    typing = [f"{typed(_text(name), column)} as {_quoted(name)}" for name, column in loaded.items()]
    rules = [f"{rule(_text(n), _quoted(n), c, n in contract.key)} as {_text(f'rule {n}')}" for n, c in loaded.items()]
    between = _rules_between_columns(contract, loaded, shop)
    rules += [f"case when {test} then {literal(rule)} end as {_text(rule)}" for test, rule, _ in between]
    found = [
        f"select line_number, {_text(f'rule {name}')} as rule, {literal(name)} as column_name from ruled"
        for name in loaded
    ]
    found += [f"select line_number, {_text(rule)}, {literal(column)} from ruled" for _, rule, column in between]
    return (
        f"with broken as (select line_number, {_listed(texts)} from staged where texts is not null), "
        f"typed as (select *, {_listed(typing)} from broken), "
        f"ruled as materialized (select line_number, {_listed(rules)} from typed) "
        f"select * from ({' union all '.join(found)}) where rule is not null"
    )


def _present(contract: Contract, present: Sequence[str]) -> dict[str, Column]:
    return {name: column for name, column in contract.loaded.items() if name in present}


def _listed(expressions: Iterable[str]) -> str:
    return ", ".join(expressions)


def staged_columns(contract: Contract, present: Iterable[str]) -> list[str]:
    """Lake columns that `staged` holds: those of the file, and those that the ledger asks for in any case."""
    deciding = {*contract.key, *contract.version, *contract.prefer_latest, *contract.constant}
    wanted = {*present, *deciding, "platform", "shop_id"}
    return [name for name in contract.lake_schema if name in wanted and name in {*contract.loaded, "shop_id"}]


def _lake_value(name: str, contract: Contract, present: Sequence[str], shop: str | None) -> str:
    value = _quoted(name) if name in present else f"null::{contract.lake_schema[name]}"
    if name == "shop_id":
        return f"coalesce({value}, {literal(shop or 'default')})"
    return f"coalesce({value}, {literal(contract.platform)})" if name == "platform" else value


def _rules_between_columns(contract: Contract, present: Iterable[str], shop: str | None) -> list[tuple[str, str, str]]:
    """(test, rule, column) of what no column shows alone; `present` are the typed columns of the file."""
    wrong_shop = f"coalesce(shop_id != {literal(shop or '')}, false)"
    found = [(wrong_shop, "shop_differs_from_folder", "shop_id")] if shop and "shop_id" in present else []
    return found + [
        (f"coalesce({_quoted(later)} < {_quoted(earlier)}, false)", f"before_{earlier}", later)
        for earlier, later in contract.in_order
        if {earlier, later} <= set(present)
    ]


def _json(parameters: Sequence[str]) -> str:
    pairs = ", ".join(literal(f'"{name}":') + f" || to_json({_text(name)})" for name in sorted(parameters))
    return f"nullif('{{' || concat_ws(',', {pairs}) || '}}', '{{}}')" if pairs else "null::varchar"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _text(name: str) -> str:
    return f'"text of {name}"'
