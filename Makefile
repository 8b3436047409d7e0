# make setup · make setup-spark · make demo · make test · make check · make bench · make docs
# A second run is quick: what was done leaves a stamp in build/stamps.

.PHONY: setup setup-spark demo test check bench docs lock clean
.DEFAULT_GOAL := help
STAMPS := build/stamps
BIN := .venv/bin

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile

setup: $(STAMPS)/packages $(STAMPS)/front $(STAMPS)/words ## Make .venv, fetch what is locked, copy front-end files.

setup-spark: setup ## Install Spark and Java: the archive's figures on a cluster.
	@tools/spark

demo: setup ## Play the demo world and serve it on http://127.0.0.1:8000 (BIHUAN_PORT).
	@exec $(BIN)/bihuan demo

test: check ## Check, then run every test.
	@tools/programs
	@tools/test

check: setup $(STAMPS)/dev ## Format, lint, types, contracts.
	$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup $(STAMPS)/bench ## Measure; prints a table and writes build/bench.json.
	$(BIN)/python -m tests.bench

docs: setup $(STAMPS)/dev ## Print the loop and indicator pages from the catalogues.
	$(BIN)/python tools/docs.py

lock: ## Look for newer versions and lock them.
	tools/lock

clean: ## Remove what setup made; the database in BIHUAN_HOME stays.
	rm -rf .venv build node_modules

$(STAMPS):
	@mkdir -p $@

$(STAMPS)/packages: requirements.txt pyproject.toml tools/python tools/packages | $(STAMPS)
	@echo "setup: Python packages ..." >&2
	@tools/python
	@tools/packages runtime
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/packages | $(STAMPS)
	@echo "setup: tools for checks and tests ..." >&2
	@tools/packages dev
	@touch $@

$(STAMPS)/bench: requirements-bench.txt $(STAMPS)/dev | $(STAMPS)
	@echo "setup: what is measured against ..." >&2
	@tools/packages bench
	@touch $@

$(STAMPS)/front: package-lock.json .npmrc tools/npm tools/vendor $(STAMPS)/packages | $(STAMPS)
	@echo "setup: front-end packages ..." >&2
	@tools/npm ci --silent --no-progress --ignore-scripts
	@$(BIN)/python tools/vendor
	@touch $@

$(STAMPS)/words: $(wildcard src/bihuan/locale/*/LC_MESSAGES/*.po) tools/words $(STAMPS)/packages | $(STAMPS)
	@tools/words
	@touch $@
