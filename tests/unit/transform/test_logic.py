"""The fingerprint of what a model computes: other numbers, other fingerprint; other words, the same."""

from typing import Any

from orchestration.transform.logic import fingerprints


def logic(**models: dict[str, Any]) -> dict[str, str]:
    seed = {"resource_type": "seed", "name": "seed", "checksum": {"checksum": "1"}, "depends_on": {}}
    return fingerprints({"nodes": {**models, "seed": seed}})


def named(name: str, sql: str, *parents: str) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "language": "sql",
        "name": name,
        "compiled_code": sql,
        "depends_on": {"nodes": list(parents)},
    }


def test_comments_and_spaces_are_no_logic() -> None:
    assert logic(m=named("m", "select 1 as a from t")) == logic(m=named("m", "-- why\nselect 1 as a\n  from t"))


def test_another_number_is_another_logic_of_the_model_and_of_what_is_made_of_it() -> None:
    def chain(limit: int) -> dict[str, str]:
        return logic(
            first=named("first", f"select a from t where a < {limit}", "seed"),
            second=named("second", "select a from first", "first"),
            other=named("other", "select a from t"),
        )

    before, after = chain(1), chain(2)
    assert {name for name in before if before[name] != after[name]} == {"first", "second"}


def test_another_seed_is_another_logic() -> None:
    model = named("m", "select a from seed", "seed")
    seed = {"resource_type": "seed", "name": "seed", "checksum": {"checksum": "2"}, "depends_on": {}}
    assert logic(m=model) != fingerprints({"nodes": {"m": model, "seed": seed}})
