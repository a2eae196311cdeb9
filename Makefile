# The two commands: `make run` and `make test`. `make check` proves everything.
PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# Compiled once, not in every run, whatever the shell that called make prefers.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check lint types floors lock clean
.DEFAULT_GOAL := run

run: .venv/run.stamp ## install, migrate, seed, serve at http://127.0.0.1:8000
	@$(BIN)/flask db upgrade
	@$(BIN)/flask seed
	@echo "Serving at http://127.0.0.1:8000 — try: curl http://127.0.0.1:8000/v1/jurisdictions/VA"
	@exec $(BIN)/gunicorn

SUITE := $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test: .venv/test.stamp ## install what the tests need, and run them
	$(SUITE)

check: lint types floors ## every gate, then the suite with its branches counted and properties tried on more examples
	EXAMPLES_TIMES=5 $(SUITE) --cov

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/test.stamp
	$(BIN)/mypy

floors: .venv/test.stamp
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

.venv/run.stamp: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@

lock: ## pin the newest dependencies that fit, with their hashes
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --no-emit-index-url --no-header --constraints requirements.txt --group dev pyproject.toml -o requirements-dev.txt

clean: ## remove what was installed and built; the database in instance/ stays
	rm -rf .venv .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
