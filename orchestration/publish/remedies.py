"""What to do about a row that was quarantined, by the rule it broke, in the words of `docs/contracts.md`.
And about a row of the campaign plan that is let pass with a warning.

Belongs here: the words. Does not: the rules (`extract/casting.py`, `extract/filters.py`, `extract/records.py`).
"""

CELL = "correct the cell, or add its word to null_words"
LOST_DIGITS = (
    "the id went through a spreadsheet: export again, never save from Excel, or format as text first. "
    "Above 0.1 % of rows the file is refused"
)
ORDER_OF_A_CONDITION = "each condition is a fact, a comparison, values, in this order"
CSV_FORM = "a cell breaks the CSV form: export as XLSX"
TIMES = "one of two times is wrong: correct it in the source"
REMEDIES = {
    "required_value_missing": (
        "complete the row in the source, export again; nothing, where the row only explains the header (抖店 结算账单)"
    ),
    "not_a_number": CELL,
    "not_an_integer": CELL,
    "not_a_timestamp": CELL,
    "not_a_date": CELL,
    "not_a_yes_or_no": CELL,
    "unknown_word": (
        "use one of the words in the contract's values; in the generic exports they are fixed, "
        "so translate yours in the file"
    ),
    "too_many_decimals": "the amount is not in yuan and fen: is this the right column, or type: decimal?",
    "negative_amount": "if right, set allow_negative: true",
    "percent_sign_missing": "export as text with %, or type: ratio if the file holds 0.25",
    "id_pattern": "several ids in one cell, a prefix word: export one row per line; or correct pattern",
    "id_in_scientific_notation": LOST_DIGITS,
    "numeric_id": LOST_DIGITS,
    "id_with_decimals": LOST_DIGITS,
    "filter_is_not_readable": (
        "only and, or, not, brackets, = != < <= > >=, between, in, names of facts, numbers and texts in straight "
        "single quotes are read"
    ),
    "filter_has_an_unknown_fact": ORDER_OF_A_CONDITION,
    "filter_has_no_fact_on_the_left": ORDER_OF_A_CONDITION,
    "filter_has_no_comparison": ORDER_OF_A_CONDITION,
    "filter_has_a_wrong_operator": "texts are compared by =, !=, in and not in alone",
    "filter_has_a_wrong_value": "numbers as 500 or 499.99, texts as 'A1', dates as '2026-03-01'",
    "filter_is_too_large": (
        "4,000 characters, 20 brackets deep, 20 times not, 100 groups once every or is written out, at most: "
        "make two campaigns of it"
    ),
    "damaged_text": "a character was lost earlier (\ufffd): export again",
    "shop_differs_from_folder": "move the file to its shop's folder",
    "total_row": "nothing: a total is not a row of business",
    "wrong_number_of_fields": CSV_FORM,
    "misplaced_quote": CSV_FORM,
    "stray_line_break": CSV_FORM,
}

# What the gate of the campaign plan lets pass, and what comes of it.
OF_THE_PLAN = {
    "content__a_channel_is_one_of_the_list_of_channels": (
        "its lists have no file for a machine: correct it, or add it to seeds/channels.csv"
    ),
    "content__campaigns_of_one_time_differ_in_priority": (
        "who is in both is in the one whose name comes first: state a priority to say otherwise"
    ),
}


def remedy_of(rule: str) -> str:
    """Of a rule as it is booked: with a character of a filter, or the earlier of two times."""
    if rule.startswith("before_"):
        return TIMES
    return REMEDIES.get(rule.partition("_at_character_")[0], "")
