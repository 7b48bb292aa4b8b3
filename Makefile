# What can be done here. It needs Python 3.11 or newer and a package index it can reach; the rest comes by itself.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin

# PYTHON=/path/to/python3.12 chooses another one.
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$name; break; }; done)
# The interpreter of an environment may have gone, after an upgrade of the system: then the environment is made anew.
BROKEN := $(shell test ! -e $(VENV) || $(BIN)/python -c '' 2>/dev/null || echo broken)
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --no-input

LOCK = build/uv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-build \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: help run demo test lint types layers check lock migration samples hooks clean environment broken

help:  ## Show this
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runs  ## Run the whole service on watchlist.yaml, in one process
	$(BIN)/wirewatch run

demo: $(VENV)/.runs  ## Show in half a minute what it does, without internet
	$(BIN)/python -m demo

test: $(VENV)/.develops  ## Run all tests, against real servers that come with them
	$(BIN)/pytest --numprocesses 4 --dist worksteal  # most of them wait for servers

lint: $(VENV)/.develops  ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.develops  ## Check types, strictly
	$(BIN)/mypy

layers: $(VENV)/.develops  ## Check that each layer imports only from lower ones
	$(BIN)/lint-imports

check: lint types layers test  ## Do lint, types, layers and test

migration: $(VENV)/.develops  ## Write a migration for what changed in worker/models.py: make migration m="what changed"
	@test -n "$(m)" || { echo 'say what changes: make migration m="add a language to feeds"' >&2; exit 2; }
	@mkdir -p build && rm -f build/migration.db*
	DATABASE_URL=sqlite:///build/migration.db $(BIN)/alembic upgrade head
	DATABASE_URL=sqlite:///build/migration.db $(BIN)/alembic revision --autogenerate -m "$(m)" \
		--rev-id "$$(printf '%04d' $$(($$(ls alembic/versions/[0-9]*.py | wc -l) + 1)))"
	$(BIN)/ruff format alembic && $(BIN)/ruff check --fix alembic

samples: $(VENV)/.develops  ## Take the pictures in docs/alerts again; needs Chromium
	$(PIP) pillow && PYTHONPATH=. $(BIN)/python bench/alert_samples.py docs/alerts

hooks: $(VENV)/.develops  ## Check each commit before it is made (pre-commit)
	$(PIP) pre-commit && $(BIN)/pre-commit install

lock:  ## Choose the newest version of everything and lock it, with hashes
	test -x build/uv/bin/uv || { $(PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet uv; }
	$(LOCK) pyproject.toml --group dev -o requirements-dev.lock
	$(LOCK) pyproject.toml --constraint requirements-dev.lock -o requirements.lock
	$(LOCK) --group build --constraint requirements-dev.lock -o requirements-build.lock

clean:  ## Remove the virtual environment and everything that was built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The locked packages, all as wheels, in a new environment when a lock has changed; then the project itself, in place.
$(VENV)/.runs: requirements.lock requirements-build.lock pyproject.toml $(BROKEN)
	$(call install,requirements.lock requirements-build.lock)
	@touch $@

$(VENV)/.develops: requirements-dev.lock pyproject.toml $(BROKEN)
	$(call install,requirements-dev.lock)
	@touch $(VENV)/.runs $@

define install
	@cat $(1) | cmp -s - $(VENV)/locked && $(BIN)/python -c '' || { $(MAKE) --no-print-directory environment && \
		echo 'installing $(1)' && $(PIP) --require-hashes --only-binary :all: $(addprefix -r ,$(1)) && \
		cat $(1) > $(VENV)/locked; }
	@$(PIP) --no-deps --no-build-isolation --editable .
endef

environment:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed, and none was found.' \
		"(python3 here: $$(python3 --version 2>&1 || true)). Install one, or name it: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); Python 3.11 or newer is needed." >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment." \
		'On Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }

broken:
