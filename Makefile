# What one can do here. `make` lists it.
# Debian's own Python is built with profile-guided optimisation: it prints in 0.87 of the time of a plain build.
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
BIN := .venv/bin
SITE ?= playground/site
SCOPE ?= tree
WORDS := -l de -l fr -l es -l ja --no-obsolete --no-location --no-wrap -i .venv -i "playground/*" -i "tests/*" -i "bench/*" -i "staticfiles/*" -i "node_modules/*"
export DEBUG ?= 1
export PYTHONPATH := $(CURDIR)

.DEFAULT_GOAL := help
.PHONY: help install demo test check sample gallery corpus engine bench words lock format clean

help: ## list what one can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: .venv/ready playground/node_modules/.ready ## install what is missing: Debian, Python and npm packages

demo: install ## try it: a make-believe Confluence and XPress on this machine (SITE=folder serves other content)
	$(BIN)/python -m playground demo --site "$(SITE)"

sample: install ## the main job without a browser: PAGE=id SCOPE=page|tree|space OUT=file.pdf [SITE= OPTIONS= REPORT=]
	@test -n "$(PAGE)" -a -n "$(OUT)" || { echo "usage: make sample SITE=folder PAGE=id SCOPE=page|tree|space OUT=file.pdf [OPTIONS=file.json] [REPORT=file.json]" >&2; exit 2; }
	$(BIN)/python -m playground sample --site "$(SITE)" --page "$(PAGE)" --scope "$(SCOPE)" --out "$(OUT)" $(if $(OPTIONS),--options "$(OPTIONS)") $(if $(REPORT),--report "$(REPORT)")

gallery: install ## print the playground's own space, and draw its sheets into docs/gallery
	$(BIN)/python -m playground gallery --page 65552 --out docs/gallery

test: install ## run the tests (DATABASE_URL=postgres://… for PostgreSQL; ARGS= for pytest)
	$(BIN)/python -m pytest $(ARGS)

check: install ## format, lint, types, layers, templates, deployment settings, migrations, OpenAPI
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --lint
	DEBUG=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(40))') XPRESS_BASE_URL=https://xpress.example.com \
	  $(BIN)/python -W error -W "ignore:path is deprecated:DeprecationWarning" manage.py check --deploy --fail-level WARNING
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn >/dev/null

format: install ## put code and templates into their usual form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/djlint templates --reformat --quiet || true

corpus: install ## export real pages and compare the PDFs with them, word by word [SOURCE=name PAGES=count XPRESS_SHARED=folder]
	$(BIN)/python -m bench.corpus $(if $(SOURCE),--source "$(SOURCE)") $(if $(PAGES),--pages "$(PAGES)")

engine: .venv/engine ## compile the hot part of WeasyPrint, as the production image has it: 0.75 of the time

bench: install engine ## print the same pages by XPress, WeasyPrint and Chromium, and compare [ARGS="--quick"; ARGS=--help tells]
	$(BIN)/python -m bench.bench $(ARGS)

words: .venv/ready ## gather the texts of the screens into xpress/locale, and compile what is translated (needs gettext)
	$(BIN)/python manage.py makemessages $(WORDS)
	$(BIN)/python manage.py makemessages -d djangojs $(WORDS)
	$(BIN)/python manage.py compilemessages --locale de --locale fr --locale es --locale ja

lock: .venv/ready ## resolve the dependencies anew into deploy/requirements*.txt
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra postgres --extra cluster -o deploy/requirements.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --extra postgres --extra cluster --extra dev -c deploy/requirements.txt -o deploy/requirements-dev.txt pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make lock" --group compile -o deploy/requirements-compile.txt

clean: ## remove what install and the runs made
	rm -rf .venv playground/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .corpus corpus.json bench.json xpress.sqlite3

.venv/ready: deploy/requirements-dev.txt deploy/apt-packages.txt deploy/install-packages
	deploy/install-packages run build try
	test -x $(BIN)/python || $(PYTHON) -m venv .venv 2>/dev/null || python3 -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements-dev.txt
	touch $@

.venv/engine: .venv/ready deploy/requirements-compile.txt deploy/compile-engine deploy/compile_engine.py
	deploy/install-packages compile
	deploy/compile-engine .venv
	touch $@

playground/node_modules/.ready: playground/package-lock.json | .venv/ready
	cd playground && npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@
