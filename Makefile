# The two commands: `make run` and `make test`. `make check` proves everything.
# GNU make 3.81 reads this too, the one that macOS has.

# The versions that the locked packages have wheels for; `make lock` checks that.
VERSIONS := 3.11 3.12 3.13 3.14
SUITABLE = import sys; sys.exit("%d.%d" % sys.version_info[:2] not in "$(VERSIONS)".split())
# The first suitable Python, preferably one that can make virtual environments. The newest one that the suite has run with comes first.
PYTHON = $(shell for more in 'import venv, ensurepip' ''; do for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	$$p -c '$(SUITABLE)' >/dev/null 2>&1 && $$p -c "$$more" >/dev/null 2>&1 && echo $$p && exit; done; done)
BIN := .venv/bin
# Keep compiled modules between runs, whatever the caller's environment says.
export PYTHONDONTWRITEBYTECODE :=
# These settings would install packages, or import modules, from somewhere else. Those that say how to reach the index stay.
unexport PIP_CONSTRAINT PIP_PREFIX PIP_PYTHON PIP_REQUIREMENT PIP_ROOT PIP_TARGET PIP_USER PYTHONHOME PYTHONPATH
# The lock is complete, so pip resolves nothing: what is published later can change no install. Wheels alone, because
# building from source would fetch build tools, which no lock pins.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-user \
	--no-deps --only-binary :all: --require-hashes --requirement

# A virtual environment can be half-made, lose its Python to an upgrade, be moved with the checkout, or have another Python than
# PYTHON= asks for. Then it is made anew.
ASKED := $(if $(findstring command,$(origin PYTHON)),$(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none))
SOUND := $(BIN)/python -c 'import sys, pip; version = "%d.%d" % sys.version_info[:2]; \
	sys.exit(sys.version_info < (3, 11) or "$(ASKED)" not in ("", version) or sys.executable not in open("$(BIN)/pip").read())' 2>/dev/null
IGNORED := $(shell $(SOUND) || rm -f .venv/run.stamp .venv/test.stamp 2>/dev/null)

refuse = { echo "$(1)" >&2; exit 1; }
WRITABLE = test -w . && test -w .venv -o ! -e .venv || $(call refuse,The checkout or its folder .venv cannot be written to. Make it writable or use another copy.)

.PHONY: run test check lint types layers audits installs clients bench lock clean
.DEFAULT_GOAL := run

run: .venv/run.stamp ## install, migrate, seed, serve at http://127.0.0.1:8000
	@test -n "$$DATABASE_URL" -a -n "$$SECRET_KEY" || { mkdir -p instance 2>/dev/null; \
		test -w instance && test -w instance/legal.sqlite -o ! -e instance/legal.sqlite; } \
		|| $(call refuse,The folder instance or the database in it cannot be written to. Make it writable or set DATABASE_URL and SECRET_KEY.)
	@$(BIN)/flask db upgrade
	@$(BIN)/flask seed
	@exec $(BIN)/gunicorn

SUITE := $(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

test: .venv/test.stamp ## install what the tests need, and run them
	$(SUITE)

check: lint types layers audits installs clients ## every gate, then the suite with its branches counted and properties tried on more examples
	EXAMPLES_TIMES=3 $(SUITE) --cov

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/test.stamp
	$(BIN)/mypy

layers: .venv/test.stamp
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

audits: .venv/test.stamp ## look for known vulnerabilities in the locks, and for secrets in the files, where the network is there
	$(BIN)/pytest -rs tests/audits/vulnerabilities_and_secrets.py

installs: .venv/test.stamp ## install with old pips from an index that has newer releases, and repair what is broken
	$(BIN)/pytest --numprocesses auto -rs tests/installs/later_releases.py tests/installs/repairs.py

clients: .venv/test.stamp ## lint the API description, and read answers with generated clients, where npm and Java are there
	$(BIN)/pytest --numprocesses auto -rs tests/clients/generated.py

bench: .venv/test.stamp ## measure the service beside its peers, and write the figures into docs/performance.md
	@$(BIN)/python -m benchmarks --output docs/performance.md

.venv/run.stamp: requirements.txt
	@$(WRITABLE)
	@$(SOUND) || { python="$(PYTHON)"; \
		"$${python:-false}" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			|| $(call refuse,Python is needed in one of the versions $(VERSIONS). Install one or name one: make run PYTHON=/path/to/python3); \
		"$$python" -c 'import venv, ensurepip' 2>/dev/null \
			|| $(call refuse,$$python cannot make virtual environments. Install what is missing; on Debian and Ubuntu: apt-get install python3-venv); \
		rm -rf .venv && "$$python" -m venv .venv; }
	$(INSTALL) requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	@$(WRITABLE)
	$(INSTALL) requirements-dev.txt
	@touch $@

# With extras kept, the lock also holds for a pip that resolves. The oldest Python comes first: nothing that it needs is left out.
COMPILE := $(BIN)/uv pip compile --quiet --universal --upgrade --python-version $(firstword $(VERSIONS)) --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-header
PLATFORMS := x86_64-manylinux_2_28 aarch64-manylinux_2_28 x86_64-apple-darwin aarch64-apple-darwin

lock: .venv/test.stamp ## pin the newest dependencies that fit, with their hashes, and check that all of them come as wheels
	$(COMPILE) pyproject.toml --output-file requirements.txt
	$(COMPILE) pyproject.toml --constraints requirements.txt --group dev --output-file requirements-dev.txt
	$(COMPILE) benchmarks/requirements.in --output-file benchmarks/requirements.txt
	@for version in $(VERSIONS); do for platform in $(PLATFORMS); do for lock in requirements-dev.txt benchmarks/requirements.txt; do \
		echo "Wheels of $$lock for Python $$version on $$platform"; \
		$(BIN)/uv pip install --no-config --quiet --dry-run --target .venv/elsewhere --python-version $$version --python-platform $$platform \
			--only-binary :all: --no-deps --require-hashes --requirement $$lock || exit 1; done; done; done

clean: ## remove what was installed and built; the database in instance/ stays
	rm -rf .venv .venv-bench .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
