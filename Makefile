# Talanoa: `make run` starts a node, `make test` passes all tests; nothing else is needed than Python 3.11, git and make.
.POSIX:
.PHONY: help env environment environment-dev run demo two-nodes check test test-needs faults bench messages lock install upgrade clean

BIN = .venv/bin
# A machine that forbids compiled modules would pay for them again in each of the many processes of the tests.
COMPILING = PYTHONDONTWRITEBYTECODE=
RUN_PORT = 8080
RUN_DIR = .data/run
DEMO_DIR = .data/demo
RUN_ENV = MALLOC_ARENA_MAX=2 TALANOA_DEVELOPMENT=1 TALANOA_PUBLIC_URL=http://localhost:$(RUN_PORT) \
	TALANOA_LISTEN=127.0.0.1:$(RUN_PORT) TALANOA_DATA_DIR=$(RUN_DIR)
COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--universal --python-version 3.11 pyproject.toml

help:
	@echo "make run        a node of your own at http://localhost:$(RUN_PORT), data in $(RUN_DIR)"
	@echo "make demo       the same with a made-up network, data in $(DEMO_DIR)"
	@echo "make two-nodes  two nodes that follow each other; prints what arrived where and when"
	@echo "make check      formatting, lint rules, types, import contracts"
	@echo "make test       all tests (as root on Debian it installs what they need)"
	@echo "make faults     the long fault tests: kill -9, hanging hosts, a database that goes; writes FAULTS.md"
	@echo "make bench      the measurements"
	@echo "make env        builds .venv and starts nothing"
	@echo "make messages   collects the strings to translate and compiles the translations"
	@echo "make lock       writes the hash-locked requirements anew"
	@echo "make install HOST=network.example   the service on this machine, see deploy/README.md"
	@echo "make upgrade    a backup, then the newest version of the installed service"

env: environment-dev

environment:
	@deploy/environment.sh requirements.txt

environment-dev:
	@deploy/environment.sh requirements.txt requirements-dev.txt

run: environment
	@mkdir -p $(RUN_DIR)
	@exec env $(RUN_ENV) $(BIN)/talanoa run --first-start

demo: environment
	@mkdir -p $(DEMO_DIR)
	@exec env $(RUN_ENV) TALANOA_DATA_DIR=$(DEMO_DIR) $(BIN)/talanoa run --first-start --demo

two-nodes: environment-dev
	@$(COMPILING) $(BIN)/python -m tests.two_nodes

check: environment-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

test-needs:
	@deploy/test-needs.sh

test: environment-dev test-needs
	$(COMPILING) $(BIN)/pytest -n 2 -q

faults: environment-dev test-needs
	$(COMPILING) TALANOA_TEST_FAULTS=long $(BIN)/pytest -q tests/faults

bench: environment-dev
	$(COMPILING) $(BIN)/python -m tests.bench

messages: environment-dev
	$(BIN)/python -m node.i18n extract compile check

lock: environment-dev
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --group build -o requirements.txt
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(COMPILE) --group dev -o requirements-dev.txt

install: environment
	@deploy/install.sh "$(HOST)"

upgrade:
	@deploy/upgrade.sh

clean:
	rm -rf .data/run build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
