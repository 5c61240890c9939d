# PostgreSQL and Chromium for the tests: found, or installed by root on Debian, or named in one line.

need_tools() {
  local missing=()
  [[ -n $(find_initdb) ]] || missing+=(postgresql)
  [[ ! -d tests/browser || -n $(find_chromium) ]] || missing+=(chromium)
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "make test needs: ${missing[*]} (on Debian: sudo apt-get install ${missing[*]})" >&2
    exit 1
  fi
}

find_initdb() {
  command -v initdb && return
  compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1
}

find_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || true
}

# Starts a server on a socket in a folder of its own, without any port, and exports TEST_DATABASE_URL.
start_postgres() {
  PG_BIN=$(dirname "$(find_initdb)")
  # A socket's path may hold 107 bytes: the folder stays near the root.
  PG_FOLDER=$(mktemp -d /tmp/manger-pg.XXXXXX)
  PG_AS=()
  # PostgreSQL refuses to run as root.
  if [[ $(id -u) -eq 0 ]]; then
    local who=postgres
    id -u postgres >/dev/null 2>&1 || who=nobody
    chown "$who" "$PG_FOLDER"
    PG_AS=(setpriv --reuid "$who" --regid "$(id -g "$who")" --clear-groups)
  fi
  postgres_runs initdb -D "$PG_FOLDER/data" -U manger --auth trust --encoding UTF8 --locale C --no-sync >/dev/null
  postgres_runs pg_ctl -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" -w start -o \
    "-c listen_addresses='' -c unix_socket_directories=$PG_FOLDER -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300" >/dev/null
  export TEST_DATABASE_URL="postgres://manger@localhost/postgres?host=$PG_FOLDER"
}

stop_postgres() {
  [[ -n ${PG_FOLDER:-} ]] || return 0
  postgres_runs pg_ctl -D "$PG_FOLDER/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$PG_FOLDER"
}

postgres_runs() {
  (cd / && "${PG_AS[@]}" "$PG_BIN/$1" "${@:2}")
}
