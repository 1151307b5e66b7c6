# Everything a person does here, by name. Needs Python 3.11 or later and make; nothing else.
PYTHON ?= python3
BIN := .venv/bin
# uv reads no pip settings: let it use pip's index where one is configured, and the system's certificates.
export UV_SYSTEM_CERTS := 1
T ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test explore browser lint format bench lock messages clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-9s %s\n", $$1, $$2 }'

.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Vitrine needs Python 3.11 or later: set PYTHON=/path/to/python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment: install its venv module (Debian: python3-venv)."; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	@index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"; \
	 if [ -n "$$index" ] && [ -z "$$UV_DEFAULT_INDEX" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	 $(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/pybabel --quiet compile --domain django --directory shop/storefront/locale --use-fuzzy >/dev/null
	@touch $@

install: .venv/installed ## Install into .venv what requirements.lock pins

demo: .venv/installed ## Run the whole shop: servers, web, worker, beat, simulators (PORT, VITRINE_STATE)
	@$(BIN)/python manage.py demo

test: .venv/installed ## Run the tests in parallel (T="-k stock" to choose)
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "not browser" $(T)

explore: .venv/installed ## Run the tests of properties with fresh random examples (T="-k quote" to choose)
	@HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest -n auto --dist loadgroup -m "not browser and not demo" $(T)

browser: .venv/installed ## Run the browser tests (needs Chromium; CHROMIUM_PATH)
	@$(BIN)/python -m pytest -m browser $(T)

lint: .venv/installed ## ruff, mypy, import contracts, migrations, lock file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy config inventory licensing shop manage.py
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@! grep -nE 'https?://|index-url|find-links' requirements.lock || { echo "requirements.lock names an address"; exit 1; }

format: .venv/installed ## Put the code into its form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

bench: .venv/installed ## Measure; prints a table and JSON
	@$(BIN)/python -m tests.bench

lock: ## Renew requirements.lock from pyproject.toml
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv==0.13.9; }
	@index="$$($(BIN)/python -m pip config get global.index-url 2>/dev/null || true)"; \
	 if [ -n "$$index" ] && [ -z "$$UV_DEFAULT_INDEX" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	 $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links --universal \
	  --python-version 3.11 --group dev --custom-compile-command "make lock" pyproject.toml -o requirements.lock

messages: .venv/installed ## Compile the translations
	@$(BIN)/pybabel --quiet compile --domain django --directory shop/storefront/locale --use-fuzzy

clean: ## Remove what was built (not .vitrine: that is your data)
	@rm -rf .venv .vitrine-test .pytest_cache .mypy_cache .ruff_cache .hypothesis staticfiles
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
