#!/usr/bin/env bash
# Format, lints, documentation, import arrows, licences. Stops at the first that fails.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --locked --quiet
cargo test --locked --quiet --test arrows

if cargo deny --version >/dev/null 2>&1; then
  cargo deny --offline check licenses bans sources
  # The advisories are a clone that only a connected machine can refresh.
  if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-db*/*" >/dev/null; then
    cargo deny --offline check --disable-fetch advisories
  else
    echo "advisories: skipped, their data is not on this machine (cargo deny fetch brings it)"
  fi
else
  echo "licences and advisories: skipped, cargo-deny is not installed (cargo install cargo-deny)"
fi
