# make run    a running city on 127.0.0.1:8000 (PORT=…), state in var/ (ZHICHENG_HOME=…)
# make test   the gate and all tests; CI runs the same
# make check  the gate alone: format, lint, types, import contracts, sizes, migrations, packs, docs

PYTHON ?= python3.11
VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
WORKERS ?= 2
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run install dev check test test-database format screenshots bench-peers clean

run: $(VENV)/.installed
	PORT=$(PORT) $(BIN)/zhicheng up --demo

install: $(VENV)/.installed
dev: $(VENV)/.dev

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install --quiet --editable .
	touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.installed
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

check: $(VENV)/.dev
	$(BIN)/ruff format --check src tests bench tools
	$(BIN)/ruff check src tests bench tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_source.py
	$(BIN)/python tools/check_docs.py
	$(BIN)/python -m tests.gate

test: check
	$(BIN)/python -m pytest -p tests.plugin -n $(WORKERS) -m 'not running and not browser and not crash' src tests
	$(BIN)/python -m pytest -p tests.plugin -m 'running or browser or crash' src tests

# the tests that use the database, on the PostgreSQL of DATABASE_URL
test-database: $(VENV)/.dev
	$(BIN)/python -m pytest -p tests.plugin --only-database -n $(WORKERS) -m 'not running and not browser and not crash' src tests

format: $(VENV)/.dev
	$(BIN)/ruff format src tests bench tools
	$(BIN)/ruff check --fix src tests bench tools

screenshots: $(VENV)/.dev
	$(BIN)/python tools/screenshots.py var/screenshots --select docs/screenshots

# what benches compare with, each apart from the product: OpenFisca is AGPL and never a dependency
# bench twin also wants PostGIS: apt install postgresql-15-postgis-3
bench-peers: .venv-peers/.installed .venv-peers-maps/.installed

.venv-peers/.installed:
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet openfisca-core==46.0.1 openfisca-country-template==8.2.0 pyarrow==26.0.1
	touch $@

.venv-peers-maps/.installed:
	$(PYTHON) -m venv .venv-peers-maps
	.venv-peers-maps/bin/pip install --quiet pygeoapi==0.21.0 tipg==1.6.1 gunicorn==27.0.1 uvicorn==0.54.0 \
		psycopg2-binary==2.9.13 sqlalchemy==2.1.9 geoalchemy2==0.20.0
	touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
