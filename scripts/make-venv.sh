#!/bin/sh
# Makes a virtual environment: make-venv.sh PYTHON FOLDER
# Debian's python3 comes without the module that does it, so that case is handled here.
set -eu
python=$1
folder=$2

stop() {
    printf '%s\n' "$@" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 || stop \
    "There is no '$python' on this machine. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3" \
    "找不到 '$python'。请安装 Python 3.11 或更新版本，或指定：make PYTHON=/path/to/python3"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop \
    "handheld needs Python 3.11 or newer; '$python' is $("$python" -V 2>&1). Name a newer one: make PYTHON=/path/to/python3" \
    "handheld 需要 Python 3.11 或更新版本。请指定：make PYTHON=/path/to/python3"

can_make_one() { "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; }

if ! can_make_one; then
    # Debian's package belongs to Debian's Python only.
    prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
    if [ "$prefix" = /usr ] && command -v apt-get >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ]; then
            echo "This Python cannot make virtual environments yet: installing Debian's python3-venv. 正在安装 Debian 的 python3-venv。"
            export DEBIAN_FRONTEND=noninteractive
            apt-get update -qq && apt-get install -qq -y python3-venv >/dev/null || stop \
                "Installing python3-venv failed. Run 'apt-get install python3-venv' to see why, then run make again." \
                "安装 python3-venv 失败。请运行 apt-get install python3-venv 查看原因，然后重新运行 make。"
        else
            stop "This Python cannot make virtual environments. Run this, then run make again:" \
                "此 Python 无法创建虚拟环境。请先运行下面的命令，再重新运行 make：" \
                "    sudo apt-get install python3-venv"
        fi
    fi
    can_make_one || stop \
        "'$python' cannot make virtual environments: its modules venv and ensurepip are missing. Install them, or name another Python: make PYTHON=/path/to/python3" \
        "'$python' 缺少 venv 和 ensurepip 模块，无法创建虚拟环境。请安装，或指定其他 Python：make PYTHON=/path/to/python3"
fi

"$python" -m venv --clear "$folder"
