# `make` alone lists what there is. Every target sets up what it needs.
# 直接运行 make 可查看全部命令；每个命令都会自行完成所需的安装。

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Errors only: pip has its say about many harmless things.
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq

# With `make -j2 check` the output of each check stays in one piece.
MAKEFLAGS += --output-sync=target
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# What has been installed into the virtual environment, and from which files.
MADE    := $(VENV)/.made
RUNTIME := $(VENV)/.runtime
DEV     := $(VENV)/.dev
# What the pages are vendored from and checked with. Running handheld needs no Node.
WEB     := scripts/web
NPM     := $(WEB)/node_modules/.installed
# Clients of other makers, which read what is published; and the official parser of AsyncAPI.
OTHERS  := tests/clients/js
CLIENTS := $(OTHERS)/node_modules/.installed

.PHONY: help setup demo test check bench soak format docs vendor font screenshots lock clean \
        check-format check-lint check-mypy check-basedpyright check-imports check-docs check-web

help: ## List the commands. 列出全部命令。
	@echo "handheld: make COMMAND. Each sets up what it needs. 每个命令都会自行完成所需的安装。"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | \
	    while IFS='|' read -r name text; do printf '%-14s %s\n' "$$name" "$$text"; done

setup: $(DEV) ## Make .venv and install everything. 创建 .venv 并安装全部依赖。
	@echo "Everything is installed in $(VENV). 全部依赖已安装在 $(VENV)。"

demo: $(RUNTIME) ## Play the demonstration, then serve it with phones that answer. 运行演示，并在线应答。
	@echo "Running the demonstration; Ctrl+C ends it. 正在运行演示，按 Ctrl+C 结束。"
	@$(BIN)/handheld demo

test: $(DEV) $(CLIENTS) ## Run the tests. 运行测试。
	@echo "Running the tests in two processes. 正在用两个进程运行测试。"
	@# Those of the documentation are run by `make check`.
	@$(BIN)/python -m pytest -n 2 --dist worksteal --durations=30 --ignore=tests/docs

check: check-format check-lint check-mypy check-basedpyright check-imports check-docs check-web ## Run every check but the tests. 运行测试以外的全部检查。
	@echo "All checks passed. 全部检查通过。"

bench: $(DEV) ## Measure, in a minute or two. 运行性能测量。
	@echo "Measuring. 正在运行性能测量。"
	@$(BIN)/python -m benchmarks

soak: $(DEV) ## Measure and test at full size, for long. 长时间满负荷测量与测试。
	@echo "Measuring at full size; this takes a while. 正在满负荷测量，需要一些时间。"
	@$(BIN)/python -m benchmarks --soak
	@echo "Running the long tests. 正在运行长时间测试。"
	@$(BIN)/python -m pytest -m soak

format: $(DEV) ## Format the code and mend what can be mended. 格式化代码并自动修正。
	@echo "Formatting the code. 正在格式化代码。"
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

docs: $(RUNTIME) ## Write docs/reference/ from the code. 从代码生成参考文档。
	@echo "Writing docs/reference. 正在生成参考文档。"
	@$(BIN)/python -m handheld.entrypoints.reference docs/reference

vendor: $(NPM) ## Write static/vendor/ from the locked npm packages. 从锁定的 npm 包生成网页所用的库。
	@echo "Writing src/handheld/web/static/vendor. 正在生成网页所用的库。"
	@node $(WEB)/vendor.mjs

font: $(DEV) $(NPM) ## Cut the Chinese font for machines without one. 裁剪网页中文字体。
	@echo "Cutting the font; this takes about a minute. 正在裁剪字体，约需一分钟。"
	@$(BIN)/python $(WEB)/make_font.py

screenshots: $(DEV) ## Take pictures of all pages. 为全部页面截图。
	@echo "Playing the story to 16:05, then taking about 150 pictures; this takes some minutes. 正在演到 16:05 并为全部页面截图，需要几分钟。"
	@$(BIN)/python $(WEB)/screenshots.py

check-format: $(DEV)
	@echo "Checking the format (ruff format). 正在检查代码格式。"
	@$(BIN)/ruff format --check

check-lint: $(DEV)
	@echo "Checking the code (ruff check). 正在检查代码规范。"
	@$(BIN)/ruff check

check-mypy: $(DEV)
	@echo "Checking the types (mypy). 正在用 mypy 检查类型。"
	@$(BIN)/mypy

check-basedpyright: $(DEV)
	@echo "Checking the types again (basedpyright). 正在用 basedpyright 检查类型。"
	@$(BIN)/basedpyright --pythonpath $(BIN)/python

check-imports: $(DEV)
	@echo "Checking who imports whom (import-linter). 正在检查模块间的依赖。"
	@$(BIN)/lint-imports --no-logo

check-docs: $(DEV) $(CLIENTS)
	@echo "Checking the documentation against the code. 正在对照代码检查文档。"
	@$(BIN)/python -m pytest tests/docs

check-web: $(NPM)
	@echo "Checking the types of the pages (tsc). 正在检查网页代码的类型。"
	@$(WEB)/node_modules/.bin/tsc -p $(WEB)/tsconfig.json
	@$(WEB)/node_modules/.bin/tsc -p $(WEB)/tsconfig.worker.json

# The stamps: a target is rebuilt when a file that it was made from has changed.

$(MADE): scripts/make-venv.sh
	@echo "Making the virtual environment $(VENV). 正在创建虚拟环境 $(VENV)。"
	@sh scripts/make-venv.sh "$(PYTHON)" $(VENV)
	@touch $@

$(RUNTIME): $(MADE) pyproject.toml requirements/runtime.txt requirements/build.txt
	@echo "Installing handheld and what it needs. 正在安装 handheld 及其运行依赖。"
	@$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	@echo "Installing the tools for tests and checks. 正在安装测试与检查工具。"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(CLIENTS): $(OTHERS)/package.json $(OTHERS)/package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { \
	    echo "Clients of other makers are tested with Node 18 or newer and npm. Install them: apt-get install nodejs npm" >&2; \
	    echo "测试外部客户端需要 Node 18 或更新版本及 npm。请安装：apt-get install nodejs npm" >&2; exit 1; }
	@echo "Installing clients of other makers, to test with. 正在安装用于测试的外部客户端。"
	@npm ci --prefix $(OTHERS) --ignore-scripts --loglevel=error
	@touch $@

$(NPM): $(WEB)/package.json $(WEB)/package-lock.json
	@command -v node >/dev/null && command -v npm >/dev/null || { \
	    echo "The pages are checked with Node 18 or newer and npm. Install them: apt-get install nodejs npm" >&2; \
	    echo "检查网页代码需要 Node 18 或更新版本及 npm。请安装：apt-get install nodejs npm" >&2; exit 1; }
	@echo "Installing what the pages are checked with. 正在安装网页检查工具。"
	@npm ci --prefix $(WEB) --ignore-scripts --loglevel=error
	@touch $@

# The files must name no registry, so that each machine uses its own: hence the --no-emit
# options, and pip's own settings are not read. Constraints keep the three files in step.
LOCK_VENV := .venv-lock
COMPILE = env -u PIP_FIND_LINKS -u PIP_INDEX_URL -u PIP_EXTRA_INDEX_URL \
    PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" \
    $(LOCK_VENV)/bin/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

lock: scripts/make-venv.sh ## Choose the newest versions again and lock them. 重新选定并锁定依赖版本。
	@echo "Choosing versions and locking them with their hashes; run it with Python 3.11, the oldest supported. 正在重新锁定依赖。"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Use Python 3.11: make lock PYTHON=/path/to/python3.11")'
	@sh scripts/make-venv.sh "$(PYTHON)" $(LOCK_VENV)
	@$(LOCK_VENV)/bin/python -m pip --disable-pip-version-check -qq install pip-tools==7.6.2
	@$(COMPILE) -o requirements/dev.txt --extra dev pyproject.toml
	@$(COMPILE) -o requirements/runtime.txt -c requirements/dev.txt pyproject.toml
	@$(COMPILE) -o requirements/build.txt -c requirements/dev.txt --only-build-deps --all-build-deps pyproject.toml
	@rm -rf $(LOCK_VENV)
	@if grep -nE '://|file:|index-url|find-links|trusted-host' requirements/*.txt; then \
	    echo "These lines name a registry: mend the options in the Makefile. 锁定文件中出现了软件源地址。" >&2; exit 1; fi
	@echo "Locked. Commit requirements/ with the reason for the change. 已锁定。"

clean: ## Remove what the other commands made. 删除其他命令生成的文件。
	@echo "Removing $(VENV), caches and builds. 正在删除 $(VENV)、缓存和构建产物。"
	@rm -rf $(VENV) $(LOCK_VENV) $(WEB)/node_modules build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
