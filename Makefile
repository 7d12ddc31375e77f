# `make run` starts Parley, `make test` proves it; both need nothing but Python 3.11+ and make.
.DEFAULT_GOAL := help
.PHONY: help run test bench faults fuzz lint format listener lock audit clean

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
# Tests that share a started product or a browser keep to one worker. Those of the second session wait for calls and pages
# half of the time, so one worker more than processors of a small machine.
PYTEST := $(PY) -m pytest --dist loadgroup
FUZZ := csv twiml product-frames carrier-frames form template
SECONDS := 60
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --exclude-newer '1 week'

# Clocks stand on the pinned tzdata package, not on what the machine happens to have.
export PYTHONTZPATH :=

help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/installed  ## Start Parley with its demo on http://127.0.0.1:8000/ (PORT= and DATABASE_URL= move it)
	@$(PY) run.py

test: .venv/installed-dev  ## Lint, types, the suite on SQLite and on PostgreSQL, the browser tests in Chromium
	@sh scripts/system.sh
	@$(MAKE) --no-print-directory lint
	$(PY) -m tests.postgres -- $(PYTEST) -n 2 -m "not browser and not once"
	env -u DATABASE_URL $(PYTEST) -n 3

bench: .venv/installed-dev  ## Measure speed beside raw limits and write docs/benchmarks.md (ONLY=drain: one part)
	@sh scripts/system.sh
	$(PY) -m benchmarks $(ONLY)

faults: .venv/installed-dev  ## The fault tests in their long form, about an hour (docs/faults.md)
	env -u DATABASE_URL FAULTS_LONG=1 $(PYTEST) -n 2 tests/faults

fuzz: .venv/installed-dev  ## Look for bytes that break what reads them, a minute each (FUZZ=csv: one of them, SECONDS=600)
	@for target in $(FUZZ); do \
		echo "Fuzzing $$target for $(SECONDS) s ..."; \
		$(PY) -m tests.fuzz $$target -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -verbosity=0 || exit 1; \
	done

lint: .venv/installed-dev  ## Style, types, import directions, templates, migrations
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint --quiet --lint templates
	.venv/bin/djlint --quiet --check templates
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

format: .venv/installed-dev  ## Put code and templates into the one style
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .
	-.venv/bin/djlint --quiet --reformat templates

listener: .venv/installed-dev  ## Learn the listener's weights again after adding to the phrase tables of opt-outs
	$(PY) -m compliance.optout_learning tests/compliance/optout_*.txt tests/voiceagents/followups_*.txt

lock: .venv/installed-dev  ## Pin requirements.txt and requirements-dev.txt again after their .in files changed
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

audit: .venv/installed-dev  ## Look for known faults in the pinned packages (needs the public advisory service; no part of test)
	.venv/bin/uv tool run pip-audit --requirement requirements.txt --require-hashes --disable-pip

clean:  ## Remove what was built: the virtual environment and the caches (var/, your data, stays)
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@sh scripts/venv.sh

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what Parley needs (a minute or two the first time) ..."
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed | .venv/bin/python
	@echo "Installing what the tests need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@
