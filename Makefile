# make PYTHON=python3.13 … takes another CPython; make advice PERSONA=FILE another applicant.
PYTHON  ?= python3
PERSONA ?= knowledge/personas/graduate_needing_visa.yaml
AS_OF   ?= 2026-09-10
VENV    ?= .venv
ARGS    ?=
# By module, so that what its tests share is made once, and in order of name: the many small files of cases come last and even out the ends.
SPREAD  := --numprocesses auto --dist loadscope --no-loadscope-reorder

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --quiet

# A stamp names the Python it was made with: another PYTHON, or a changed pyproject.toml, makes the environment anew.
VERSION   := $(shell $(PYTHON) -c 'import sys; print(sys.implementation.cache_tag)')
INSTALLED := $(VENV)/installed-$(VERSION)
TESTABLE  := $(VENV)/testable-$(VERSION)
BENCHABLE := $(VENV)/benchable-$(VERSION)

.PHONY: help advice test cov golden check format bench bench-long test-browser look-docx ledger-kills ledger-scale soak fuzz asan engine clean

help:  ## Lists these targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

advice: $(INSTALLED)  ## Writes the advice for one shipped persona into out/advice
	@$(BIN)/smartpick advise $(PERSONA) --as-of $(AS_OF) --out out/advice --format html,md,json

test: $(TESTABLE)  ## Runs every test; ARGS="-k letters" narrows it
	$(BIN)/python -m pytest $(SPREAD) $(ARGS)

cov: $(TESTABLE)  ## Runs every test and reports branch coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(SPREAD) $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-browser: $(TESTABLE)  ## Opens the documents in a Chromium: accessibility, keyboard, phone, print, dark
	$(PIP) --editable '.[test,browser]'
	SMARTPICK_BROWSER=1 $(BIN)/python -m pytest -rs tests/test_browser.py $(ARGS) || [ $$? -eq 5 ]  # left out, and why

look-docx: $(TESTABLE)  ## Lays Word documents out in LibreOffice, counts their pages, leaves them in out/look
	SMARTPICK_LOOK=1 $(BIN)/python -m pytest -rs tests/test_word_pages.py $(ARGS)

golden: $(TESTABLE)  ## Records the golden files anew; review the diff
	$(BIN)/python -m pytest --record-golden $(ARGS)

check: $(TESTABLE)  ## Runs the linter, the formatter's check, the type checker and the check of the rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/smartpick rules check

format: $(TESTABLE)  ## Formats the code and repairs what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BENCHABLE)  ## Measures the engines beside each other and writes docs/performance.md
	$(BIN)/python -m tests.bench $(ARGS)

ledger-kills: $(TESTABLE)  ## Kills a hundred processes while they append to a ledger
	$(BIN)/python -m tests.ledger_kills --kills 100 $(ARGS)

ledger-scale: $(TESTABLE)  ## Measures a ledger of 10,000 entries
	$(BIN)/python -m tests.ledger_scale --entries 10000 $(ARGS)

bench-long: $(BENCHABLE)  ## Measures what takes longer: 100,000 consultations of each engine
	$(BIN)/python -m tests.bench --long $(ARGS)

soak: $(TESTABLE)  ## Tries generated scenarios on all engines for half an hour; ARGS="--seconds 60" for a short run
	$(BIN)/python -m tests.soak --seconds 1800 $(ARGS)

fuzz: $(TESTABLE)  ## Tries 200,000 broken and random files, half an hour; ARGS="--inputs 5000" for a short run
	$(BIN)/python -m tests.fuzz --inputs 200000 --seed 1 $(ARGS)

asan:  ## Runs the driver's tests, the cases and a long run, the C core under an address sanitizer
	PYTHON=$(PYTHON) tests/sanitizer.sh

# The published durable-rules calls a function that CPython 3.13 dropped, and so builds but does not import. The flag gives the
# call its present name; pip's cache is left out because it may hold a build made without the flag.
engine:
	@$(BIN)/python -c 'import durable_rules_engine' 2>/dev/null || { \
	  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject \
	    $(PIP) --no-cache-dir --force-reinstall durable-rules==2.0.28 \
	  && $(BIN)/python -c 'import durable_rules_engine'; \
	} >$(VENV)/durable-rules.log 2>&1 \
	|| echo 'durable-rules is not to be had here ($(VENV)/durable-rules.log says why); the plain matcher serves.'

clean:  ## Removes what make made
	rm -rf $(VENV) .venv-asan out dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --editable .
	@$(MAKE) --no-print-directory engine
	@touch $@

$(TESTABLE): $(INSTALLED)
	$(PIP) --editable '.[test]'
	@touch $@

$(BENCHABLE): $(TESTABLE)
	$(PIP) --editable '.[bench]' || echo 'clipspy or experta is not to be had here; the bench leaves them out.'
	@touch $@
