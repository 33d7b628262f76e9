# On a fresh machine `make demo` and `make test` do their own set-up: a virtual environment in .venv,
# the pinned packages (hashes checked), then xlscore itself. A stamp file makes the next run quick.
# On Windows use scripts/demo.ps1 and scripts/test.ps1.

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready
DEMO_OUT ?= demo-out
# More arguments for pytest, e.g. make test PYTEST_ARGS="-m 'not office'"
PYTEST_ARGS ?=
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SOAK_MINUTES ?= 5

.PHONY: help demo test coverage lint format bench soak messages docs requirements clean

help:
	@echo 'make demo    play the sample campaign into $(DEMO_OUT)/'
	@echo 'make test    run the tests'
	@echo 'make coverage run the tests, and say which lines none of them reaches'
	@echo 'make lint    ruff, mypy and the import contracts'
	@echo 'make bench   measure'
	@echo 'make soak    watch, collect and decide under random kills for SOAK_MINUTES=$(SOAK_MINUTES)'
	@echo 'make messages compile the Vietnamese catalogue'
	@echo 'make docs    write docs/findings.md from the catalogue of findings'
	@echo 'make clean   remove .venv, $(DEMO_OUT)/ and caches'

demo: $(RUN_READY)
	@rm -rf '$(DEMO_OUT)'
	@$(BIN)/xlscore demo '$(DEMO_OUT)'

# A module stays in one process: what its tests share is made once, a demo campaign for one.
# A process that a hang ended (faulthandler_timeout) is not begun anew: it would meet the same test again.
SPREAD = -n 2 --dist loadscope --max-worker-restart=0
test: $(DEV_READY)
	@$(PYTHON) -m pytest $(SPREAD) $(PYTEST_ARGS)

coverage: $(DEV_READY)
	@$(PYTHON) -m pytest $(SPREAD) --cov=xlscore --cov-report=term $(PYTEST_ARGS)

lint: $(DEV_READY)
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy
	@$(BIN)/lint-imports

format: $(DEV_READY)
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .

bench: $(DEV_READY)
	@for script in benchmarks/bench_*.py; do $(PYTHON) "$$script" || exit 1; done

soak: $(DEV_READY)
	@$(PYTHON) -m tests.soaking --minutes $(SOAK_MINUTES)

messages: $(DEV_READY)
	@$(BIN)/pybabel compile --domain xlscore --directory xlscore/locale

docs: $(DEV_READY)
	@$(PYTHON) -m xlscore.catalogue_docs > docs/findings.md

# Pin anew after a change of dependencies in pyproject.toml: every release file's hash, so that one list
# serves Python 3.11 to 3.13 on Linux and Windows.
COMPILE = $(PYTHON) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command 'make requirements'
requirements: $(DEV_READY)
	@$(PYTHON) -m pip install --quiet uv
	@$(COMPILE) --upgrade --group dev --output-file requirements/dev.txt
	@$(COMPILE) --constraint requirements/dev.txt --group build --output-file requirements/run.txt

clean:
	rm -rf $(VENV) '$(DEMO_OUT)' build dist .coverage .coverage.* htmlcov \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find xlscore tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_READY): requirements/run.txt pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh '$(VENV)' requirements/run.txt
	@touch $@

$(DEV_READY): requirements/dev.txt pyproject.toml scripts/setup.sh
	@sh scripts/setup.sh '$(VENV)' requirements/dev.txt
	@touch $@
