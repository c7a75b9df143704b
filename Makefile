# Everything here sets itself up in .venv. A fresh machine needs Python 3.11 or newer, git and make, nothing else.

# The first of these that is new enough; `make PYTHON=/path/to/python3 …` overrides it.
candidates := python3 python3.14 python3.13 python3.12 python3.11
new_enough := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach name,$(candidates),$(shell $(name) -c '$(new_enough)' 2>/dev/null && echo $(name))))

bin := .venv/bin
pip := $(bin)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
pytest := $(bin)/python -m pytest -n auto
code := $(wildcard src tests bench)

.DEFAULT_GOAL := help
.PHONY: help demo check test quick soak bench bench-engine format clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: .venv/runtime  ## one sentence to a closed ticket, on the project in examples/notes
	@TICKETY_BIN=$(CURDIR)/$(bin) examples/demo.sh

check: .venv/dev  ## format, lint, types, import contracts, spelling, dependencies
	$(bin)/ruff format --check .
	$(bin)/ruff check .
	$(bin)/mypy $(code)
	$(bin)/lint-imports --no-logo
	$(bin)/typos
	$(bin)/deptry src

test: .venv/dev  ## every test, those that need the package registry included
	$(pytest)

quick: .venv/dev  ## the tests that need neither the network nor patience
	$(pytest) -m "not network and not slow"

soak: .venv/dev  ## the same rules under many more random examples; takes as long as a coffee
	TICKETY_KILLS=5000 TICKETY_SEEDS=100000 $(pytest) -m "not network" --hypothesis-profile=soak

bench: .venv/runtime  ## CPU and wall time of the command line beside bare Python
	@$(bin)/python -m compileall -q src
	$(bin)/python -m bench.cli
	$(bin)/python -m bench.store

bench-engine: .venv-bench/peers  ## the engine beside langgraph, dbos and huey, which come into an environment of their own
	@.venv-bench/bin/python -m compileall -q src
	.venv-bench/bin/python -m bench.engine
	.venv-bench/bin/python -m bench.adding
	.venv-bench/bin/python -m bench.idle

format: .venv/dev  ## rewrite the code in the house format
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

clean:  ## remove the environment and every cache
	rm -rf .venv .venv-bench dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find $(code) -name __pycache__ -type d -prune -exec rm -rf {} +

# Two sizes of environment, each a stamp. Sources are compiled at once, because PYTHONDONTWRITEBYTECODE may be
# set, and then every start of the command line would compile them again.

.venv/runtime: pyproject.toml constraints.txt | $(bin)/python
	$(pip) --editable .
	$(bin)/python -m compileall -q src
	@touch $@

.venv/dev: pyproject.toml constraints.txt | $(bin)/python
	$(pip) --editable '.[dev]'
	$(bin)/python -m compileall -q src
	@touch $@ .venv/runtime

.venv-bench/peers: pyproject.toml constraints.txt | $(bin)/python
	$(bin)/python -m venv .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@touch $@

$(bin)/python:
	@python="$(PYTHON)"; \
	if [ -z "$$python" ]; then \
	    echo "Tickety needs Python 3.11 or newer, and none of $(candidates) is that." >&2; \
	    echo "Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python3) and try again." >&2; \
	    exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make an environment: its ensurepip or venv module is missing." >&2; \
	    echo "Install it (Debian, Ubuntu: apt install python3-venv) and try again." >&2; \
	    exit 1; \
	fi; \
	"$$python" -m venv .venv || { rm -rf .venv; exit 1; }
