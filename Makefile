# Two commands matter: `make study` and `make test`. Each makes what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# What a study runs on: make study SCALE=full DATA=clothing SEED=1 OUT=runs/full
STUDIES ?= all
SCALE   ?= small
DATA    ?= wardrobe
SEED    ?= 0
OUT     ?= runs
# Studies that run, and notebooks that are tested, at a time
JOBS    ?= 2

# The newest of the supported Pythons that answers, the plain `python3` first
MIN     := 3.11
OLD     := import sys; sys.exit(sys.version_info < tuple(map(int, '$(MIN)'.split('.'))))
PYTHON  ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do "$$p" -c "$(OLD)" 2>/dev/null && echo "$$p" && break; done)
VENV    ?= .venv
BIN     := $(VENV)/bin
READY   := $(VENV)/.ready
PIP     := $(BIN)/python -m pip --disable-pip-version-check --no-input
UV      ?= uv

.PHONY: help study test checks export notebooks card explore times readme report preview docs lab lock clean

help: ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | while IFS='|' read -r t d; do printf '  make %-10s %s\n' "$$t" "$$d"; done
	@echo; echo "  SCALE=$(SCALE) DATA=$(DATA) SEED=$(SEED) OUT=$(OUT) STUDIES=$(STUDIES) JOBS=$(JOBS) PYTHON=$(PYTHON)"

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo "fashionstudy needs Python $(MIN) or newer, and none was found; install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi
	@"$(PYTHON)" -c "$(OLD)" || { echo "fashionstudy needs Python $(MIN) or newer; $(PYTHON) is $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c "import venv, ensurepip" 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments: its venv module is missing (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(READY): requirements.lock settings.ini setup.py | $(BIN)/python
	@echo "Installing the locked packages into $(VENV): about 6 GB on Linux, some minutes, once."
	$(PIP) install --quiet --progress-bar on -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

study: $(READY) ## Run every study on two cores and print its tables (SCALE=, DATA=, SEED=, OUT=, STUDIES=, JOBS=)
	$(BIN)/fashionstudy run $(STUDIES) --data "$(DATA)" --scale "$(SCALE)" --seed "$(SEED)" --jobs "$(JOBS)" --out "$(OUT)"
	$(BIN)/fashionstudy report --ledger "$(OUT)/ledger.jsonl"

test: $(READY) ## Test every notebook at scale tiny, then check the repository
	$(BIN)/python tools/test.py --jobs $(JOBS)

checks: $(READY) ## Check the repository only
	$(BIN)/python tools/check.py

export: $(READY) ## Write the library from the notebooks, and clean them
	$(BIN)/nbdev_export
	$(BIN)/nbdev_clean

notebooks: $(READY) ## Run all notebooks (SCALE=, SEED=) and write their outputs back, cleaned
	$(BIN)/fashionstudy notebooks --scale "$(SCALE)" --seed "$(SEED)"
	$(BIN)/python tools/report.py
	$(BIN)/python tools/readme.py

card: $(READY) ## Draw nbs/card.jpg, which stands beside links to the site
	$(BIN)/python tools/card.py

explore: $(READY) ## Write nbs/try-it.html, on which anyone can search
	$(BIN)/python -c "from fashionstudy.explore import site_page; print(site_page('nbs/try-it.html'))"

times: $(READY) ## Write at the head of each notebook how long it takes, from nbs/times.json
	$(BIN)/python tools/times.py

readme: $(READY) ## Write README.md from nbs/index.ipynb
	$(BIN)/python tools/readme.py

report: $(READY) ## Write report/ from nbs/ledger.jsonl
	$(BIN)/python tools/report.py

preview: $(READY) ## Render the pages into _preview/ without Quarto
	$(BIN)/python tools/preview.py

docs: $(READY) ## Render the site into _docs/ with Quarto
	@command -v quarto >/dev/null || { echo "the site needs Quarto (quarto.org); \`make preview\` shows the pages without it" >&2; exit 1; }
	@touch README.md # nbdev leaves it alone then; `make readme` is what makes it
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/nbdev_docs

lab: $(READY) ## Open the landing page and its table of contents in JupyterLab
	@mkdir -p $(VENV)/lab
	@JUPYTERLAB_WORKSPACES_DIR=$(VENV)/lab $(BIN)/jupyter lab workspaces import tools/lab.json >/dev/null 2>&1
	JUPYTERLAB_WORKSPACES_DIR="$(CURDIR)/$(VENV)/lab" $(BIN)/jupyter lab --ServerApp.root_dir=nbs --LabApp.default_url=/lab/workspaces/fashionstudy

lock: ## Write requirements.lock from settings.ini (needs uv)
	"$(PYTHON)" tools/requirements.py | $(UV) pip compile - --universal --python-version $(MIN) --fork-strategy fewest --no-annotate --no-emit-index-url \
	  --custom-compile-command "make lock" --quiet --output-file requirements.lock $(LOCKFLAGS)

clean: ## Remove what was made, but not .venv and runs/
	rm -rf _proc _docs _preview build dist *.egg-info nbs/nbdev.yml nbs/.hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
