# `make` sets everything up and builds source/ into build/. `make help` lists the rest.
# Written for GNU Make 3.81, which macOS ships, and for Debian's 4.x.

.DEFAULT_GOAL := build
.SUFFIXES:
.PHONY: build test coverage lint verify release bench pictures proof gallery hooks messages mathjax lock wheel clean distclean help

BIN := .venv/bin

# The goals go along so that one message, or one run of apt, covers all that this make will need.
SETUP := GOALS='$(MAKECMDGOALS)' sh scripts/setup.sh
RUNTIME := .venv/.runtime-ready
DEVELOPMENT := .venv/.development-ready
VERIFIERS := .tools/.verifiers-ready
# make lock: the resolver, kept out of the product's own environment.
UV := .tools/uv/bin/uv
UV_VERSION := 0.13.9
COMPILE = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
# make test TESTS="tests/test_doctor.py -k pango": the arguments that pytest gets besides.
TESTS ?=

# The layers are written in pyproject.toml.
LINT = $(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-logo --no-cache

# Python from outside Homebrew looks for Pango only where this says (macOS; no other system reads it).
LIBRARIES := DYLD_FALLBACK_LIBRARY_PATH="$${DYLD_FALLBACK_LIBRARY_PATH:-/opt/homebrew/lib:/usr/local/lib:/opt/local/lib}"

build: $(RUNTIME) ## Set up, then build source/ into build/ (the default)
	@$(LIBRARIES) $(BIN)/publish build

test: $(DEVELOPMENT) ## Set up, then run the fast tests, and beside them the linters and the type checker
	@said=$$(mktemp); { $(LINT); } >$$said 2>&1 & lint=$$!; trap 'kill $$lint 2>/dev/null; rm -f $$said' EXIT; \
	$(LIBRARIES) $(BIN)/pytest -n 2 --dist worksteal $(TESTS); tested=$$?; \
	wait $$lint; linted=$$?; cat $$said; [ $$tested = 0 ] && [ $$linted = 0 ]

coverage: $(DEVELOPMENT) ## The fast tests with the lines that they run; fails under the floor in pyproject.toml
	@$(LIBRARIES) $(BIN)/pytest -n 2 --dist worksteal --cov $(TESTS)

lint: $(DEVELOPMENT) ## Only the linters, the type checker and the layers
	@$(LINT)

verify: $(DEVELOPMENT) $(VERIFIERS) ## Set up the slow validators, then run them: EPUBCheck, Ace, veraPDF, a browser
	@$(LIBRARIES) $(BIN)/pytest -m verify -n 2 --dist loadfile --no-loadscope-reorder -rs $(TESTS)

bench: $(DEVELOPMENT) ## Measure publish against the script that it replaces (benchmarks/pdf.py: its PDFs alone)
	@$(LIBRARIES) $(BIN)/python benchmarks/run.py

pictures: $(RUNTIME) ## Draw the pictures in docs/pictures/ from the handbook (needs Chromium)
	@$(LIBRARIES) $(BIN)/python scripts/pictures.py

proof: $(RUNTIME) ## Proof our own PDFs and pages of other engines: the table of docs/proof.md
	@$(LIBRARIES) $(BIN)/python scripts/proof.py

gallery: $(RUNTIME) ## Draw the pictures in docs/gallery/: our pages, and one text by three engines (needs Chromium)
	@$(LIBRARIES) $(BIN)/python scripts/gallery.py

hooks: $(DEVELOPMENT) ## Accept WeasyPrint's functions as they are now; first read each that tests/weasy/test_hooks.py names
	@$(LIBRARIES) $(BIN)/python scripts/hooks.py

messages: $(DEVELOPMENT) ## Gather what is said to people into publish/locale/, and compile the catalogues
	@PYTHONPATH=. $(BIN)/python scripts/messages.py

mathjax: ## Bundle MathJax into publish/formulas/mathjax/ again (needs node and npm)
	cd scripts/mathjax && npm install --no-audit --no-fund --no-package-lock --silent && node bundle.mjs

lock: $(UV) ## Resolve the dependencies again and write the lock files
	$(COMPILE) --group build pyproject.toml -o requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock -o requirements-dev.lock
	$(COMPILE) --group verify --extra cluster --constraint requirements.lock --constraint requirements-dev.lock pyproject.toml -o requirements-verify.lock
	$(COMPILE) --no-deps tests/verify/requirements.in -o tests/verify/requirements.lock

wheel: $(RUNTIME) ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist/*.whl

release: $(DEVELOPMENT) ## Build the wheel and try it in a bare environment (docs/releasing.md)
	@$(LIBRARIES) $(BIN)/python scripts/release.py check

clean: ## Delete what was built: build/, dist/, caches
	rm -rf build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find publish tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## Delete what was set up as well: .venv/, .tools/
	rm -rf .venv .tools

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

$(RUNTIME): requirements.lock pyproject.toml scripts/setup.sh
	@$(SETUP) runtime
	@touch $@

$(DEVELOPMENT): $(RUNTIME) requirements-dev.lock
	@$(SETUP) development
	@touch $@

$(VERIFIERS): $(DEVELOPMENT) requirements-verify.lock tests/verify/requirements.lock tests/verify/package.json tests/verify/package-lock.json
	@$(SETUP) verifiers
	@touch $@

$(UV): $(RUNTIME)
	@$(BIN)/python -m venv .tools/uv
	@.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@
