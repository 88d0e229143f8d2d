# Maplebridge: `make demo` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMPS := build/stamps
SOURCES := $(shell find maplebridge -name '*.js' -o -name '*.css' -o -name '*.svg' 2>/dev/null)
PARTS := $(wildcard maplebridge/locale/parts/*.po)

.PHONY: help demo loaded serve test check bench phones screens third-party lock messages format clean assets
.DEFAULT_GOAL := help

help:  ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMPS)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	@echo "==> 1/5 Making the virtual environment"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/base: requirements/base.txt pyproject.toml $(STAMPS)/venv
	@echo "==> 2/5 Installing locked Python packages"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/npm: package.json package-lock.json tools/npm_static.py $(STAMPS)/base
	@echo "==> 3/5 Installing locked npm packages"
	@$(BIN)/python tools/npm_static.py
	@touch $@

$(STAMPS)/messages: $(PARTS) tools/messages.py $(STAMPS)/base
	@echo "==> 4/5 Compiling translations"
	@$(BIN)/python tools/messages.py compile
	@touch $@

$(STAMPS)/static: $(SOURCES) $(STAMPS)/npm
	@echo "==> 5/5 Collecting and compressing static files"
	@MAPLEBRIDGE_SECRET_KEY=build DJANGO_SETTINGS_MODULE=maplebridge.config.settings \
	  $(BIN)/python -m django collectstatic --noinput --clear -v 0
	@touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/base
	@echo "==> Installing what the tests need"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

assets: $(STAMPS)/npm $(STAMPS)/messages $(STAMPS)/static  ## Build npm files, translations and static files

# On a new machine the township lives its days while the static files are built.
demo: $(STAMPS)/base  ## Set everything up and serve the Badu scenario on 127.0.0.1:8000 (PORT=8010 elsewhere)
	@test -e $(STAMPS)/static || $(MAKE) --no-print-directory -j 2 assets loaded
	@$(MAKE) --no-print-directory -s assets
	@$(BIN)/maplebridge demo --port $(PORT)

loaded: $(STAMPS)/messages
	@$(BIN)/maplebridge demo --load-only --port $(PORT)

serve: assets  ## Serve the present data (PORT= as above)
	@$(BIN)/maplebridge serve --port $(PORT)

test: assets $(STAMPS)/test  ## Run every test
	@browser=$$($(BIN)/python tools/browser.py) && MAPLEBRIDGE_CHROMIUM="$$browser" PYTHONDONTWRITEBYTECODE= \
	  $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

phones: assets $(STAMPS)/test  ## Thousands of random acts of phones through a bad network: STEPS=20000 for more
	@MAPLEBRIDGE_PHONE_STEPS=$(or $(STEPS),5000) $(BIN)/pytest -q -n 0 tests/sync/test_phones.py

bench: assets  ## Measure on a scratch database: SIZES=10000,1000000 adds larger ones
	@$(BIN)/maplebridge bench --sizes $(or $(SIZES),10000) --json build/bench.json

check: $(STAMPS)/npm $(STAMPS)/messages $(STAMPS)/test  ## Lint, types, imports, house rules, migrations, translations
	$(BIN)/ruff check maplebridge tests tools
	$(BIN)/ruff format --check maplebridge tests tools
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet maplebridge
	$(BIN)/python tools/house.py
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/third_party.py --check
	DJANGO_SETTINGS_MODULE=maplebridge.config.settings_test $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/mypy -p maplebridge.kernel -p maplebridge.org -p maplebridge.trust -p maplebridge.files -p maplebridge.notify -p maplebridge.matters -p maplebridge.insight -p maplebridge.fieldwork -p maplebridge.sync -p maplebridge.mediation

format: $(STAMPS)/test  ## Format the code
	@$(BIN)/ruff format maplebridge tests tools
	@$(BIN)/ruff check --fix-only -q maplebridge tests tools

messages: $(STAMPS)/base  ## Compile the rooms' translations into one catalogue
	@$(BIN)/python tools/messages.py compile

screens: assets $(STAMPS)/test  ## Draw the pictures of docs/screens from the demo
	@browser=$$($(BIN)/python tools/browser.py) && MAPLEBRIDGE_CHROMIUM="$$browser" $(BIN)/python tools/screens.py

third-party: $(STAMPS)/test  ## Write THIRD_PARTY.md from the lock files
	@$(BIN)/python tools/third_party.py

lock:  ## Renew the lock files (needs uv)
	@for name in base test node; do uv pip compile -q --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url --no-emit-find-links --python-version 3.11 requirements/$$name.in -o requirements/$$name.txt; done
	@npm install --package-lock-only
	@$(PYTHON) -c 'import json; p = "package-lock.json"; d = json.load(open(p)); \
	  [v.pop("funding", 0) for v in d["packages"].values()]; json.dump(d, open(p, "w"), indent=2)'

clean:  ## Remove everything built; data stays
	@rm -rf build node_modules $(VENV) *.egg-info
