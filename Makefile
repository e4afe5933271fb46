# Goodfit. `make` alone lists what there is. Needs Python 3.11 to 3.13 and make; everything else goes into .venv.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

# The Python that .venv is made with: say `make PYTHON=/path/to/python3` to choose; else the first of PYTHONS that will do.
PYTHON ?=
PYTHONS = python3.13 python3.12 python3.11 python3
JOBS ?= 3
ARGS ?=
SETS ?=
UV = 0.13.9
LINTED = goodfit graders tests $(wildcard docs/*.py docs/site/*.py)

# nbgrader starts programs of its own (alembic) by name, so .venv/bin leads the PATH of what is run. Bytecode is written,
# whatever the environment says: else each of the many processes would compile our modules anew
RUN = PYTHONDONTWRITEBYTECODE= PATH="$(CURDIR)/.venv/bin:$$PATH"
PIP = PIP_USER=0 .venv/bin/python -m pip --disable-pip-version-check -qq

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-19s %s\n", $$1, $$2 }' Makefile
	@echo 'JOBS=N: processes for the tests ($(JOBS)); ARGS="-k word": more words for pytest or the demo'

demo: .venv/.stamp ## grade an invented class, and say what became of everybody (SETS=... takes other sets)
	@$(RUN) .venv/bin/goodfit demo $(SETS) $(ARGS)

test: .venv/.stamp ## all tests but the slow ones
	@$(RUN) .venv/bin/python -m pytest -n $(JOBS) --dist worksteal tests $(ARGS)

test-all: .venv/.stamp ## the slow ones as well
	@$(RUN) .venv/bin/python -m pytest -n $(JOBS) --dist worksteal tests --all $(ARGS)

benchmark: .venv/.stamp ## seconds and memory per submission, against nbgrader, Otter (ARGS="--otter ...") and the floor
	@$(RUN) .venv/bin/python tests/benchmarks/grading.py $(ARGS)

benchmark-notebooks: .venv/.stamp ## seconds of each source notebook with its reference answers
	@$(RUN) .venv/bin/python tests/benchmarks/notebooks.py $(ARGS)

docs: .venv/.stamp ## build the documentation site, offline: build/site/index.html
	@$(RUN) .venv/bin/python docs/site/build.py

lint: .venv/.stamp ## ruff, mypy on goodfit, which module may import which
	@$(RUN) ruff check $(LINTED)
	@$(RUN) ruff format --check $(LINTED)
	@$(RUN) mypy
	@$(RUN) lint-imports --no-cache

format: .venv/.stamp ## let ruff repair what it can
	@$(RUN) ruff check --fix $(LINTED)
	@$(RUN) ruff format $(LINTED)

setup: .venv/.stamp ## only make .venv

# Two stamps: a new lock file makes .venv anew, so that nothing stale stays in it; a new pyproject.toml takes seconds.
.venv/.stamp: .venv/.locked pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.locked: requirements.lock
	@$(find-python); \
	echo "Setting up .venv with $$base (some minutes the first time)"; \
	$(make-venv) || exit 1; \
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

# Sets $base: the interpreter itself, not the one of a virtual environment that may be active (.venv, say)
define find-python
base=; \
for python in $(or $(PYTHON),$(PYTHONS)); do \
	base=$$($$python -c 'import sys; (3, 11) <= sys.version_info < (3, 14) or sys.exit(1); print(getattr(sys, "_base_executable", "") or sys.executable)' 2>/dev/null) && break; \
	base=; \
done; \
if [ -z "$$base" ]; then \
	echo "Goodfit needs Python 3.11, 3.12 or 3.13, and found none as: $(or $(PYTHON),$(PYTHONS))." >&2; \
	echo "Install one, or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1; \
fi
endef

# Some systems ship Python without ensurepip: there a pip that is already on the machine fills .venv
define make-venv
rm -rf .venv; \
if $$base -c 'import ensurepip' 2>/dev/null; then \
	$$base -m venv .venv; \
elif $$base -m pip --version >/dev/null 2>&1; then \
	$$base -m venv --without-pip .venv && PIP_USER=0 $$base -m pip --python .venv/bin/python install -qq pip; \
else \
	echo "$$base has neither ensurepip nor pip, so it cannot make a virtual environment." >&2; \
	echo "On Debian and Ubuntu: apt-get install python3-venv; or name another: make PYTHON=/path/to/python3" >&2; \
	false; \
fi
endef

# Extras stay in the lock file: pip before 23.3 does not see that `package==1` settles `package[extra]`
lock: ## write requirements.lock anew from pyproject.toml, with uv
	@$(find-python); \
	test -x build/uv/bin/uv || { $$base -m venv build/uv && build/uv/bin/python -m pip -qq install uv==$(UV); }
	@{ echo '# Written by `make lock` from pyproject.toml: every package the course, the graders, their tests and pages need,'; \
	   echo '# for Python 3.11 to 3.13. Not to be edited by hand.'; } > build/requirements.lock
	@build/uv/bin/uv pip compile pyproject.toml --group dev --group docs --universal --python-version 3.11 --fork-strategy fewest \
		--upgrade --generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet >> build/requirements.lock
	@if grep -n -e '://' -e '^torch==' build/requirements.lock; then echo 'make lock: the lines above must not be in a lock file' >&2; exit 1; fi
	@mv build/requirements.lock requirements.lock

attacks: .venv/.stamp ## what comes of each attack on the graders (ARGS="reading --place last --tier bubblewrap --user")
	@$(RUN) .venv/bin/python tests/support/attack_command.py $(ARGS)

kills: .venv/.stamp ## kill processes of a run at random moments; no grade may be lost, doubled or changed (ARGS="--kills 500")
	@$(RUN) .venv/bin/python tests/support/kill_command.py $(ARGS)

load: .venv/.stamp ## a class of 300, one in ten hostile, against the same class with honest ones in their place
	@$(RUN) .venv/bin/python tests/benchmarks/load.py $(ARGS)

fuzz: .venv/.stamp ## read inputs that nobody thought of; no error but the ones meant for it (ARGS="--inputs 1000000 --seed 2")
	@$(RUN) .venv/bin/python tests/support/fuzz_command.py $(ARGS)

coverage: .venv/.stamp ## which lines and branches of goodfit/ no test runs (ARGS as of make test)
	@mkdir -p build/coverage && rm -f build/coverage/* && chmod 1777 build/coverage # tests run commands as another user
	-@$(RUN) .venv/bin/coverage run -m pytest -n $(JOBS) --dist worksteal tests $(ARGS)
	@.venv/bin/coverage combine -q && .venv/bin/coverage report

clean: ## remove .venv, build/ and caches; submissions, grades and feedback stay
	@rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache *.egg-info
	@find goodfit graders tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

.PHONY: help demo test test-all coverage attacks kills load fuzz benchmark benchmark-notebooks docs lint format setup lock clean
