"""Which rows are about a person who asked to be forgotten: SQL over the rows of one export.

Belongs here: the names of columns that point at a person or at an order. Does not: what a mark is
(`privacy/marks.py`), who is to be forgotten (`orchestration/forgetting`), and what happens to the rows (`ledger.py`,
`lake.py`).
"""

from collections.abc import Collection

from orchestration.extract.casting import literal, matches
from orchestration.extract.contracts import Contract
from orchestration.privacy.keys import TOKEN, Keys
from orchestration.privacy.marks import mark

ACCOUNTS = (
    "account_id",
    "related_account_id",
    "merged_into_account_id",
    "old_account_id",
    "new_account_id",
    "member_id",
)
IDENTIFIERS = {  # by column, the kind of identifier it holds
    "union_id": "union_id",
    "open_id": "open_id",
    "open_uid": "open_uid",
    "card_no": "card_no",
    "out_member_id": "card_no",
    "external_user_id": "external_user_id",
}
ORDERS = {"order": "order_id", "order_line": "order_line_id"}


def is_about_people(contract: Contract) -> bool:
    """Whether a row of this export can be a person's."""
    return bool(contract.loaded.keys() & {*ACCOUNTS, *IDENTIFIERS, *ORDERS.values(), "id_value"} or tokens(contract))


def identifiers(contract: Contract) -> dict[str, str]:
    """By column that is read, the kind of identifier it holds; an account of shops in town is a card."""
    of_cards = {"account_id": "card_no"} if contract.platform == "pos" else {}
    return {name: kind for name, kind in {**IDENTIFIERS, **of_cards}.items() if name in contract.loaded}


def tokens(contract: Contract) -> list[str]:
    """The columns that hold tokens, alone or among other values."""
    return [name for name, column in contract.loaded.items() if column.personal]


def several_tokens(contract: Contract) -> list[str]:
    """Those of which one cell may hold several."""
    return [name for name, column in contract.loaded.items() if column.several]


def platform(contract: Contract) -> str:
    own = literal(contract.platform)
    return f"coalesce(platform, {own})" if "platform" in contract.loaded else own


def scope(contract: Contract) -> str:
    """Where an order id means one order: in a shop, if the export's own key says so, else on the whole platform."""
    return "shop_id" if "shop_id" in contract.key else "''"


def facts(contract: Contract, present: Collection[str]) -> dict[str, list[str]]:
    """By column, the parts that say whom or what its value names; a token is its own name."""
    own = platform(contract)
    named = {name: [name] for name in tokens(contract)}
    named |= {name: [literal("account"), own, "shop_id", name] for name in ACCOUNTS}
    named |= {name: [literal(kind), name] for name, kind in IDENTIFIERS.items()}
    named |= {name: [literal(kind), own, scope(contract), name] for kind, name in ORDERS.items()}
    if "id_type" in contract.loaded:
        named["id_value"] = ["id_type", "id_value"]
    return {name: named[name] for name in contract.loaded if name in present and name in named}


def marks(contract: Contract, present: Collection[str], keys: Keys) -> list[str]:
    """Expressions, each the mark of one column, or null."""
    hidden = set(tokens(contract))
    found = []
    for name, parts in facts(contract, present).items():
        hashed = mark(parts, keys)
        found.append(f"case when {matches(name, TOKEN)} then {name} else {hashed} end" if name in hidden else hashed)
    return found


def is_forgotten(contract: Contract, present: Collection[str], keys: Keys) -> str:
    """The condition under which a row names somebody forgotten."""
    several = [name for name in several_tokens(contract) if name in present]
    single = [name for name in present if name not in several]
    found = [f"{expression} in (select mark from tombstones)" for expression in marks(contract, single, keys)]
    found += [f"exists (select 1 from tombstones where contains({name}, mark))" for name in several]
    return f"coalesce({' or '.join(found)}, false)" if found else "false"
