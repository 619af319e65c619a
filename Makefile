# Every target works in a fresh clone: it installs what it needs first.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
LOCK := requirements/lock.txt

# The pages: npm's packages, what is built of them, and the translations.
PACKAGES := node_modules/.package-lock.json
BUILT := api/web/static/manifest.json
SOURCES := $(wildcard api/web/build.mjs $(addprefix api/web/,scripts/* styles/* images/*))
MESSAGES := $(patsubst %.po,%.mo,$(wildcard api/web/translations/*/LC_MESSAGES/*.po))

# The kernel of the simulation, compiled for this machine.
KERNEL := engine/analysis/simulation/kernel
COMPILED := $(KERNEL)/__pycache__/.compiled

PORT ?= 8080
ARGS ?=
# A whole run is spread over the cores; a few named tests start sooner in one process.
JOBS ?= $(if $(strip $(ARGS)),0,logical)
# Tests that are named need no browser, unless they are the browser's.
WITH_BROWSER := $(if $(strip $(ARGS)),$(if $(findstring browser,$(ARGS)),browser),browser)
CODE := engine api tests $(if $(wildcard bench/*.py),bench)

.DEFAULT_GOAL := help
.PHONY: help install run test check static format-check lint types imports changelog-check \
	format coverage bench screenshots browser dist lock changelog clean

help: ## list what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) $(BUILT) $(MESSAGES) $(COMPILED) ## set up .venv with everything, pinned; run or test nothing

run: install ## set up and serve the demo at http://127.0.0.1:8080 (PORT=8080)
	$(BIN)/lianshen demo load --if-empty
	exec $(BIN)/lianshen serve --port $(PORT)

test: install $(WITH_BROWSER) ## set up and run all tests, or some (ARGS="tests/rules -k holiday")
	$(BIN)/pytest -n $(JOBS) --maxprocesses 8 --dist worksteal $(ARGS)

check: static test ## all that CI runs: format, lint, types, imports, changelog, licences, docs, tests

static: format-check lint types imports changelog-check ## check without running tests

format-check: install
	$(BIN)/ruff format --check $(CODE) requirements

lint: install
	$(BIN)/ruff check $(CODE) requirements

types: install
	$(BIN)/mypy $(CODE)

imports: install
	$(BIN)/lint-imports --config setup.cfg

changelog-check: install
	$(BIN)/towncrier build --draft --version next > /dev/null

format: install ## format the code and mend what ruff can mend
	$(BIN)/ruff check --fix-only --quiet $(CODE) requirements
	$(BIN)/ruff format $(CODE) requirements

coverage: install $(WITH_BROWSER) ## run all tests and report the lines and branches they miss
	$(BIN)/pytest -n logical --maxprocesses 8 --cov --cov-report=term --cov-report=html $(ARGS)

bench: install ## measure speed (ARGS="--help")
	$(BIN)/python -m bench $(ARGS)

screenshots: install browser ## take the pictures of every page, and of the tutorials, for the documents
	$(BIN)/python -m tests.browser.screenshots
	LIANSHEN_WRITE_PICTURES=yes $(BIN)/pytest -q -n 0 tests/browser/test_tutorial.py

browser: $(INSTALLED) # Chromium and a Chinese font: where root of a Debian asks, installed once
	@$(BIN)/python requirements/browser.py

dist: install ## build the sdist and the wheel into dist/
	$(BIN)/python -m build --no-isolation

lock: ## pin every library again, at the newest versions setup.cfg allows
	@python=$$($(FIND_PYTHON)) && "$$python" requirements/lock.py $(LOCK)

changelog: install ## gather changelog.d into CHANGELOG.md (VERSION=1.2.0)
	$(BIN)/towncrier build --yes --version $(or $(VERSION),$(error name the version: make changelog VERSION=1.2.0))

clean: ## remove what was built and cached; keeps .venv and var/
	rm -rf build dist htmlcov .coverage .coverage.* *.egg-info \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf api/web/static
	find api/web/translations -name '*.mo' -delete 2> /dev/null || true
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# Prints the first Python that will do; PYTHON=/path/to/python names one.
FIND_PYTHON = for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
		2> /dev/null && { echo "$$python"; exit; }; \
	done; \
	echo "Lianshen needs Python 3.11 or newer with its venv module (on Debian: python3-venv)." >&2; \
	echo "Found: $$(python3 --version 2>&1). Name another: make install PYTHON=/path/to/python3.12" >&2; \
	exit 1

$(BIN)/python:
	@python=$$($(FIND_PYTHON)) && "$$python" -m venv --clear $(VENV)

# setuptools comes first, pinned, so that the build of the package itself fetches nothing.
$(INSTALLED): $(BIN)/python setup.cfg pyproject.toml $(LOCK)
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) setuptools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) \
		--no-build-isolation --editable '.[dev]'
	@touch $@

# npm itself writes the file it is known by, last; so does the build.
$(PACKAGES): package.json package-lock.json .npmrc | $(INSTALLED)
	@echo "Installing the packages of the pages ..."
	@$(BIN)/python requirements/node.py npm ci --ignore-scripts --no-progress --loglevel error
	@touch $@

$(BUILT): $(PACKAGES) $(SOURCES)
	@$(BIN)/python requirements/node.py node api/web/build.mjs

%.mo: %.po | $(INSTALLED)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

$(COMPILED): $(wildcard $(KERNEL)/*.py) | $(INSTALLED)
	@echo "Compiling the simulation (once, some twenty seconds) ..."
	@$(BIN)/python -m engine.analysis.simulation.compile
	@mkdir -p $(@D) && touch $@
