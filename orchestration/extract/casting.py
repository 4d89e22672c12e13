"""From text to types, as DuckDB SQL over all rows at once: every value is converted exactly or names the rule it broke.

Belongs here: the expressions for each type, and the rules. Does not: keys, versions, hashes (`ledger.py`).
Three layers: *cleaned* text (null words and decorations gone), *typed* values, *broken* rules.
"""

from collections.abc import Iterable, Sequence

from orchestration.extract.contracts import SQL_TYPES, Column, Contract

BLANKS = " \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
NULL_WORDS = ("", "-", "--", "—", "——", "null", "无", "\\n")
TOTAL_WORDS = "(合计|总计|小计|共计|汇总|总额|total|sum|grand total)[:：]?"
FULL_WIDTH = "０１２３４５６７８９．，－＋：／％　", "0123456789.,-+:/% "
TRUE_WORDS = ("true", "1", "yes", "y", "是", "需要", "需要退货")
FALSE_WORDS = ("false", "0", "no", "n", "否", "不需要", "不需要退货")
SCIENTIFIC = r"\d+(\.\d+)?[eE]\+\d+"
WITH_DECIMALS = r"\d+\.0+"
GROUPED = r"\d{1,3}(,\d{3})+"
DAY = r"(19|20)\d\d-\d{1,2}-\d{1,2}"
ID_CORRUPTION = ("id_in_scientific_notation", "numeric_id", "id_with_decimals")
DECIMALS = {"money": 2, "decimal": 6, "ratio": 6, "percent": 4}
INTEGER_DIGITS = {"money": 16, "decimal": 12, "ratio": 3, "percent": 5}

# A value of this form needs no cleaning: it is the common case, told apart by one pass.
PLAIN = {
    "id": r"\d{1,40}",
    "integer": r"\d{1,17}",
    "money": r"\d{1,15}(\.\d{1,2})?",
    "timestamp": r"(19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d",
    "date": r"(19|20)\d\d-\d\d-\d\d",
}


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def words(texts: Iterable[str]) -> str:
    return ", ".join(literal(text) for text in texts)


def matches(expression: str, pattern: str) -> str:
    return f"regexp_full_match({expression}, {literal(pattern)})"


def stripped(name: str, column: Column) -> str:
    """The text without its decorations; a plain value is left as it is."""
    text = f"trim({name}, {literal(BLANKS)})"
    if column.type == "text":
        return text
    if column.type == "id":
        text = f"trim(regexp_replace({text}, '^(=\"(.*)\"|''(.*))$', '\\2\\3'), {literal(BLANKS)})"
    text = f"translate({text}, {literal(FULL_WIDTH[0])}, {literal(FULL_WIDTH[1])})"
    if column.type in ("timestamp", "date"):
        text = f"regexp_replace(replace(replace({text}, '/', '-'), 'T', ' '), '\\+08:?00$', '')"
    if column.type in (*DECIMALS, "integer"):
        text = _number(text, column)
    plain = PLAIN.get(column.type)
    return f"case when {matches(name, plain)} then {name} else {text} end" if plain else text


def cleaned(name: str, column: Column) -> str:
    """The stripped text, or null where it says that there is no value."""
    null_words = {*NULL_WORDS, *(word.lower() for word in column.null_words)}
    longest = max(map(len, null_words))
    return f"case when length({name}) <= {longest} and lower({name}) in ({words(sorted(null_words))}) then null else {name} end"


def _number(text: str, column: Column) -> str:
    """Without currency sign and unit; anything odd is left in, so that no number matches it."""
    text = f"regexp_replace({text}, '^([+-]?)[¥￥] ?', '\\1')"
    units = "|".join(column.suffixes)
    return f"regexp_replace({text}, {literal(f' ?({units})$')}, '')" if units else text


def typed(text: str, column: Column) -> str:
    """The value of the column's type, or null where the text is none."""
    sql_type = SQL_TYPES[column.type]
    if column.type in DECIMALS:
        form = rf"[+-]?(\d{{1,{INTEGER_DIGITS[column.type]}}}|{GROUPED})(\.\d{{1,{DECIMALS[column.type]}}}0*)?"
        digits = f"replace({text}, ',', '')"
        if column.type == "percent":
            return f"case when {matches(text, form + ' ?%')} then try_cast(try_cast(rtrim({digits}, ' %') as decimal(18, 4)) * 0.01 as {sql_type}) end"
        if column.type == "ratio":
            percent = typed(text, column.model_copy(update={"type": "percent"}))
            return f"case when {matches(text, form)} then try_cast({digits} as {sql_type}) else {percent} end"
        return f"case when {matches(text, form)} then try_cast({digits} as {sql_type}) end"
    clock = r"( \d{1,2}:\d\d(:\d\d(\.\d{1,9})?)?)?"
    midnight = r"( 0{1,2}:00(:00(\.0+)?)?)?"
    whole = rf"[+-]?(\d{{1,18}}|{GROUPED})(\.0+)?"
    return {
        "id": f"case when {_is_id(text, column)} then {text} end",
        "text": f"case when not contains({text}, '\ufffd') and {text} != chr(1) then {text} end",
        "integer": f"case when {matches(text, whole)} then try_cast(split_part(replace({text}, ',', ''), '.', 1) as {sql_type}) end",
        "timestamp": f"case when {matches(text, DAY + clock)} then try_cast({text} as {sql_type}) end",
        "date": f"case when {matches(text, DAY + midnight)} then try_cast(split_part({text}, ' ', 1) as {sql_type}) end",
        "boolean": f"case when lower({text}) in ({words(TRUE_WORDS)}) then true when lower({text}) in ({words(FALSE_WORDS)}) then false end",
    }[column.type]


def _is_id(text: str, column: Column) -> str:
    if column.pattern:
        return matches(text, column.pattern)
    odd = "|".join(["(?i)" + TOTAL_WORDS, SCIENTIFIC, WITH_DECIMALS, r".*[\x00-\x1f\x7f\x{fffd}].*"])
    return f"not {matches(text, odd)}"


def rule(text: str, value: str, column: Column, is_key: bool) -> str:
    """The rule that a value broke, or null. Evaluated only on rows that broke one."""
    total = f"when {matches(text, '(?i)' + TOTAL_WORDS)} then 'total_row'" if is_key or column.type == "id" else ""
    required = (
        f"when {text} is null then 'required_value_missing'" if column.required else f"when {text} is null then null"
    )
    negative = f"when {value} < 0 then 'negative_amount'" if _must_not_be_negative(column) else ""
    return f"case {required} {total} {_type_rules(text, column)} when {value} is null then {literal(_general_rule(column))} {negative} end"


def is_broken(text: str, value: str, column: Column) -> str:
    broken = f"{value} is null" if column.required else f"({value} is null and {text} is not null)"
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
    return {
        "id": "id_pattern",
        "text": "damaged_text",
        "integer": "not_an_integer",
        "timestamp": "not_a_timestamp",
        "date": "not_a_date",
        "boolean": "not_a_yes_or_no",
    }.get(column.type, "not_a_number")


def staging_query(
    contract: Contract, present: Sequence[str], parameters: Sequence[str], shop: str | None, relation: str
) -> str:
    """One row per row of the file: lake columns, `line_number`, `broken` (rule|column, or null) and the cleaned texts.

    A declared column that is not in the file is null; `shop_id` and `platform` fall back to the folder's.
    """
    loaded = {name: column for name, column in contract.loaded.items() if name in present}
    strips = ", ".join(f"{stripped(_quoted(name), column)} as {_quoted(name)}" for name, column in loaded.items())
    texts = ", ".join(f"{cleaned(_quoted(name), column)} as {_text(name)}" for name, column in loaded.items())
    plain = ", ".join(f"nullif(trim({_quoted(name)}, {literal(BLANKS)}), '') as {_text(name)}" for name in parameters)
    values = ", ".join(f"{typed(_text(name), column)} as {_quoted(name)}" for name, column in loaded.items())
    any_broken = " or ".join(
        [*(is_broken(_text(n), _quoted(n), c) for n, c in loaded.items()), *_wrong_shop(loaded, shop)]
    )
    rules = [f"{rule(_text(n), _quoted(n), c, n in contract.key)} || '|{n}'" for n, c in loaded.items()]
    rules += [f"if({test}, 'shop_differs_from_folder|shop_id', null)" for test in _wrong_shop(loaded, shop)]
    lake = ", ".join(
        f"{_lake_value(name, sql_type, contract, present, shop)} as {_quoted(name)}"
        for name, sql_type in _data(contract)
    )
    catch_all = f", {_json(parameters)} as {_quoted(contract.catch_all)}" if contract.catch_all else ""
    broken = f"case when {any_broken} then list_filter([{', '.join(rules)}], lambda x: x is not null) end"
    raw = f"concat_ws(chr(31), {', '.join(f'coalesce({_text(name)}, chr(30))' for name in [*loaded, *parameters])})"
    return (
        f"with stripped as (select line_number, {', '.join([strips, *map(_quoted, parameters)])} from {relation}), "
        f"cleaned as (select line_number, {', '.join(filter(None, [texts, plain]))} from stripped), "
        f"typed as (select *, {values} from cleaned) "
        f"select {lake}{catch_all}, line_number, {broken} as broken, {raw} as raw_text from typed"
    )


def _data(contract: Contract) -> list[tuple[str, str]]:
    """Lake columns that come from the file itself."""
    names = {*contract.loaded, "shop_id"}
    return [(name, sql_type) for name, sql_type in contract.lake_schema.items() if name in names]


def _lake_value(name: str, sql_type: str, contract: Contract, present: Sequence[str], shop: str | None) -> str:
    value = _quoted(name) if name in present else f"null::{sql_type}"
    if name == "shop_id":
        return f"coalesce({value}, {literal(shop or 'default')})"
    return f"coalesce({value}, {literal(contract.platform)})" if name == "platform" else value


def _wrong_shop(present: Iterable[str], shop: str | None) -> list[str]:
    return [f"coalesce(shop_id != {literal(shop)}, false)"] if shop and "shop_id" in present else []


def _json(parameters: Sequence[str]) -> str:
    pairs = ", ".join(literal(f'"{name}":') + f" || to_json({_text(name)})" for name in sorted(parameters))
    return f"nullif('{{' || concat_ws(',', {pairs}) || '}}', '{{}}')" if pairs else "null::varchar"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _text(name: str) -> str:
    return f'"text of {name}"'
