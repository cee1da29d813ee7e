# Everything here sets itself up: a machine with Python 3.11+ is enough. No server, no root, no question asked.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; break; }; done)
VENV ?= .venv
JOBS ?= auto
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup demo test test-fast fuzz check bench lock dist clean

help:
	@echo "make demo    crawl small replica portals and show what the archive holds"
	@echo "make test    run the tests, on all cores (JOBS=1: on one)"
	@echo "make test-fast    those that start no process of their own: about a minute"
	@echo "make fuzz    the property tests, with examples that no run has seen"
	@echo "make check   lint, format, types, import order: exactly what CI runs before the tests"
	@echo "make bench   measure speed, as ratios in one run"
	@echo "make lock    pin all dependencies anew, by version and hash"
	@echo "make dist    build wheel, source archive and bill of materials into dist/"

setup: $(READY)

# The lock file names every package, so nothing is left to resolve: --no-deps keeps old versions of pip working too. It names the
# build backend as well, and without isolation pip takes that one: nothing is fetched whose hash is not known.
$(READY): requirements-dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed; none was found." >&2; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY)
	@$(BIN)/python -m tests.demo

test: $(READY)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

test-fast: $(READY)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not crawl and not process"

fuzz: $(READY)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m hypothesis --hypothesis-profile new

check: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(READY)
	@for b in benchmarks/*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

COMPILE := uvx uv pip compile --universal --python-version 3.11 --no-header --no-annotate --generate-hashes

lock: $(READY)
	$(COMPILE) --upgrade pyproject.toml -o requirements.lock
	$(COMPILE) --upgrade --group dev pyproject.toml -c requirements.lock -o requirements-dev.lock
	$(COMPILE) --upgrade --group build -c requirements-dev.lock -o requirements-build.lock

dist:
	@$(PYTHON) -m venv .build
	@.build/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-build.lock
	@.build/bin/python -m hatchling build -d dist
	@.build/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --output-reproducible \
		-o dist/bill-of-materials.cdx.json requirements.lock

clean:
	rm -rf $(VENV) .build dist .demo .import_linter_cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
