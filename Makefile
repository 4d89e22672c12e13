# The commands of a checkout. `make demo` and `make test` need Python 3.11, make and git, nothing else.
PYTHON ?= python3.11
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo test proofs lint dev superset bi-test lock screenshots clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.installed  ## prepares .venv from requirements.lock

.venv/.installed: requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: install it, or give its path: make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked packages into .venv (once, a few minutes) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup  ## the simulated brand, from its exports to what is published
	@$(BIN)/siyu demo

test: lint  ## lint, types, dbt parse, the tests for every change
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not long"

proofs: setup  ## what takes many runs to show: any order, any day, kills, replays, forgetting (some 45 minutes)
	$(BIN)/python -m pytest -n 2 --dist loadfile -m long

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests
	DBT_TARGET_PATH=$(CURDIR)/instance/dbt-parse DBT_LOG_PATH=$(CURDIR)/instance/dbt-parse \
		$(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project

dev: setup  ## the Dagster UI on 127.0.0.1:3000
	@$(BIN)/siyu dev

superset: setup .venv-bi/.installed  ## Superset on 127.0.0.1:8088, with dashboards over what is published
	@bi/superset/start

bi-test: setup .venv-bi/.installed  ## the dashboards in a real Superset, and metrics asked for by name
	$(BIN)/python -m pytest tests/bi

.venv-bi/.installed: bi/requirements.txt
	@test -x .venv-bi/bin/python || $(PYTHON) -m venv .venv-bi
	@echo "Installing Superset and MetricFlow into .venv-bi (once, a few minutes) …"
	@.venv-bi/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bi/requirements.txt
	@touch $@

lock:  ## resolves pyproject.toml and bi/requirements.in anew (needs the package index)
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv; }
	.venv-lock/bin/uv pip compile --quiet --python-version 3.11 --extra dev --generate-hashes --no-header \
		--no-emit-index-url --upgrade --output-file requirements.lock pyproject.toml
	.venv-lock/bin/uv pip compile --quiet --python-version 3.11 --no-strip-extras --generate-hashes --no-header \
		--no-emit-index-url --upgrade --output-file bi/requirements.txt bi/requirements.in

screenshots: setup  ## the pictures of the README, from the running UI
	$(BIN)/python docs/screenshots.py

clean:  ## forgets the environment and the demo installation
	rm -rf .venv .venv-bi .venv-lock instance .ruff_cache .mypy_cache
