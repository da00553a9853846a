# Each target sets up what it needs, on a machine that has Python 3.11 or later and nothing else.
PYTHON ?= python3
DATA ?=
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo serve test check audit bench lock clean

demo: $(VENV)/.run              ## the whole journey on invented records, or on yours: make demo DATA=folder
	@scripts/demo $(BIN)/python $(if $(DATA),"$(DATA)")

serve: $(VENV)/.served          ## the service on an invented nation, at http://127.0.0.1:8000; prints who can sign in
	@PYTHONPATH=src $(BIN)/python -m openpeel serve --all-in-one --demonstration --port $(PORT)

test: $(VENV)/.work check        ## every check and the whole test suite
	@scripts/system-packages
	@scripts/build-look $(BIN)/python
	$(BIN)/pytest -n 2 --dist loadfile

check: $(VENV)/.work             ## style, types and the one-way imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@scripts/audit $(BIN)/python || [ $$? -eq 2 ]  # 2: nobody could be asked, which it says

audit: $(VENV)/.work             ## known weaknesses of what we depend on, as PyPI tells them
	@scripts/audit $(BIN)/python

bench: $(VENV)/.work             ## measure against what you would use instead; writes docs/explanation/performance.md
	$(BIN)/python -m benchmarks

lock: $(VENV)/.work              ## choose the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile -q --generate-hashes --universal --no-header -U pyproject.toml --extra service -o requirements.lock
	$(BIN)/uv pip compile -q --generate-hashes --universal --no-header -U pyproject.toml --group dev --all-extras -o requirements-dev.lock

$(VENV)/.run: requirements.lock
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.served: requirements.lock scripts/build-look $(wildcard src/openpeel/web/look/source/*)
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.lock
	scripts/build-look $(BIN)/python
	@touch $@

$(VENV)/.work: requirements-dev.lock pyproject.toml
	test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements-dev.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

clean:                      ## forget what was set up and made
	rm -rf $(VENV) demo
