#!/usr/bin/env bash
# Every test, on SQLite and on a PostgreSQL of our own that is gone when the script ends, however it ends.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.sh
source scripts/tools.sh

need_tools
trap stop_postgres EXIT
trap 'exit 130' INT TERM
start_postgres

cargo test --workspace --locked --no-fail-fast
if [[ -d tests/browser ]]; then
  cargo build --locked
  CHROMIUM=$(find_chromium) node --test tests/browser/*.test.mjs
fi
