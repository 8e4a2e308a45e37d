#!/usr/bin/env bash
# How the server holds under load, beside a handler with nothing behind it. `benches/load.sh --help` says what there is;
# docs/performance.md what it gave.
set -euo pipefail
exec python3 "$(dirname "$0")/load.py" "$@"
