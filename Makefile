# Touchstone. `make` alone lists what there is.

PY := .venv/bin/python
RUN := PYTHONPATH=.:platform $(PY)
FOLDERS := attribution bench fraud platform regulator tenants tests manage.py

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench docs lock clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo:  ## everything from nothing: a served product with demo tenants, until Ctrl-C
	@scripts/bootstrap demo
	@PYTHONPATH=platform exec $(PY) -m runtime demo

test:  ## the whole suite, on TimescaleDB and once more on the embedded server
	@scripts/bootstrap dev
	@scripts/suite

check:  ## format, lint, types, contracts, migrations, deployment, API document, catalogues
	@scripts/bootstrap dev
	@scripts/check

format:  ## put the code in shape
	@scripts/bootstrap dev
	@.venv/bin/ruff format -q $(FOLDERS)
	@.venv/bin/ruff check -q --fix $(FOLDERS)

bench:  ## measure all rows, or one: make bench NAME=spine/markov-speed
	@scripts/bootstrap dev
	@scripts/with-services $(PY) -m bench $(NAME)

docs:  ## write the generated documents
	@scripts/bootstrap dev
	@$(RUN) manage.py docs

lock:  ## resolve the pinned versions anew
	@scripts/bootstrap dev
	@.venv/bin/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 \
		--no-emit-index-url --no-header -q -o requirements.lock

clean:  ## remove what the commands made, the demo's data included
	@if [ -x $(PY) ]; then PYTHONPATH=platform $(PY) -m runtime down; fi
	@rm -rf .venv .touchstone .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
