# What the README names, nothing else. `make` alone lists it.
.DEFAULT_GOAL := help
.PHONY: help run test check bench
SHELL := /bin/bash

help: ## List the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: assets/vendor ## Build and serve fictional data on LISTEN (127.0.0.1:8080)
	cargo build --release --locked
	@exec "$${CARGO_TARGET_DIR:-target}/release/manger-local" serve --demo

test: assets/vendor ## Run every test, on SQLite and on a throw-away PostgreSQL
	@scripts/test.sh

check: assets/vendor ## Format, lints, documentation, licences
	@scripts/check.sh

bench: assets/vendor ## Measure search, import, start-up, timetables, open pages and registrations
	cargo bench --locked

# Made from the pinned packages whenever their list or the scripts that copy them change.
assets/vendor: package-lock.json $(wildcard scripts/*.mjs scripts/*.csv)
	npm ci --no-audit --no-fund --loglevel=error
	node scripts/vendor.mjs
	@touch assets/vendor
