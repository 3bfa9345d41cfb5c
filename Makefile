# `make` alone prints this menu: every line with two hashes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A venv that has the tools of a developer keeps them.
INSTALLED = $(if $(wildcard $(VENV)/dev.stamp $(BIN)/pytest),dev,base)
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
ORDINARY := not services and not browser and not load
PYTEST := $(BIN)/pytest
# One more than there are cores: many tests wait for sockets and for processes of their own.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Prerequisites stand in the order in which they are needed.
.NOTPARALLEL:
.PHONY: help run test check bench bench-reading bench-live bench-search bench-shop fmt words lock seed install install-dev clean

help: ## print this menu
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: install ## install what it needs, start everything and print the address; Ctrl-C stops it
	@exec $(BIN)/python -I -S hbu/supervisor/leash.py $$PPID $(BIN)/python manage.py run

test: install-dev ## run the tests that need nothing else on this machine
	@$(PYTEST) -n $(WORKERS) --dist worksteal -m "$(ORDINARY)"

check: install-dev ## lint, format, types, layers, migrations, settings
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check

bench: install-dev ## measure how many mails a second go through, and how fast one of them is found
	@$(BIN)/python manage.py bench
	@$(BIN)/python manage.py bench_search
	@$(BIN)/python manage.py bench_kpis

bench-reading: install-dev ## measure how well mails and documents are read (PART=name for one part)
	@$(BIN)/python -m tests.corpora $(PART)

bench-live: install-dev ## measure how soon open pages hear of what was committed
	@$(BIN)/python manage.py bench_live

bench-search: install-dev ## measure searches in 100,000 mails (also on PostgreSQL, where one answers)
	@$(BIN)/python manage.py bench_search

bench-shop: install-dev ## measure the shop's pages and orders of many buyers at once
	@$(BIN)/python manage.py bench_shop

fmt: install-dev ## format the code and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

words: install-dev ## collect new texts into locale/, to be translated there
	@$(BIN)/python manage.py update_translations

lock: $(VENV)/dev.stamp ## write requirements/*.txt anew from the *.in files (UPGRADE=1 takes newer releases)
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements/base.in -o requirements/base.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements/dev.in -o requirements/dev.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) requirements/llm.in -o requirements/llm.txt

seed: install ## load the demo company (or COMPANY=file) into the database, over what is there
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_company $(or $(COMPANY),demo/company.yaml)

install: $(VENV)/$(INSTALLED).stamp $(TRANSLATIONS) ## install what the product needs

install-dev: $(VENV)/dev.stamp $(TRANSLATIONS) ## install what developing needs, too

clean: ## remove the venv, all data and every cache
	rm -rf $(VENV) data .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	rm -f $(TRANSLATIONS)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv installs in seconds; where it cannot be had, pip does the same from the same locked hashes.
# Compiled in advance: ten processes start at once and need not each compile every library.
$(VENV)/%.stamp: requirements/%.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV)
	@echo "Installing requirements/$*.txt ..."
	@{ $(BIN)/python -m pip install -qq uv \
	   && $(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python $<; } \
	 || $(BIN)/python -m pip install --quiet --require-hashes -r $<
	@touch $@

# Babel compiles translations on machines without msgfmt.
%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
