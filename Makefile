# `make help` lists what can be done. Everything runs in the project's own environments; nothing is installed system-wide.

PYTHON := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install train run chat test lint eval faults protocol domain widget lock clean tools

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

install: ## get everything the assistant needs (.venv, Python 3.10)
	@python3 scripts/bootstrap

train: install ## train the model, when something it is made from has changed
	@$(PYTHON) scripts/train

run: install ## start the whole clinic demo on this machine
	@$(PYTHON) scripts/run

chat: install ## talk to the assistant in this terminal
	@$(PYTHON) scripts/chat

test: install tools ## run every check (one alone: .venv/bin/python scripts/test NAME)
	@$(PYTHON) scripts/test

lint: install tools ## check style and types only
	@$(PYTHON) scripts/test lint

eval: install ## measure the assistant on the benchmarks
	@$(PYTHON) -m benchmarks.language

faults: install train ## measure how fast the advice comes while something behind the gateway fails
	@$(PYTHON) -m benchmarks.faults

protocol: install ## check protocol/ and clinic.yml, write results/protocol.html
	@$(PYTHON) scripts/protocol

domain: install ## write domain.yml anew from protocol/ and clinic.yml
	@$(PYTHON) scripts/domain

widget: install ## build the website widget anew from widget/ and protocol/ (needs Node.js)
	@$(PYTHON) scripts/last_resort
	@npm ci --silent --prefix widget
	@npm run --silent --prefix widget check
	@npm run --silent --prefix widget build

lock: ## pin requirements*.txt anew (newer versions: python3 scripts/bootstrap lock --upgrade)
	@python3 scripts/bootstrap lock

clean: ## remove what can be made again (keeps .env and the database)
	@rm -rf widget/node_modules .venv .venv-tools .uv models .rasa results .run .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

tools:
	@python3 scripts/bootstrap tools
