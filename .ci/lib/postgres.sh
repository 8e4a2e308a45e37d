# A PostgreSQL 15 of our own, in a folder of its own, on a free port of the loopback. Sourced by .ci/run.

postgres_pid=
postgres_folder=

# PostgreSQL refuses to run as root.
as_postgres() {
  if [ "$(id -u)" -ne 0 ]; then "$@"; else runuser -u postgres -- "$@"; fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# Where files are in memory, if a gibibyte is free there. Each test makes a database of its own, of some 900 files, and drops it; for each
# file that is made ext4 passes over all inodes that were freed in the last seconds, which was nine tenths of the work of making databases.
roomy_folder() {
  local free
  free=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
  if [ "${free:-0}" -gt 1048576 ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

# Starts it and sets postgres_url.
start_postgres() {
  local bin port
  bin=$(postgres_bin)
  port=$(free_port)
  if [ "$(id -u)" -eq 0 ] && ! id postgres >/dev/null 2>&1; then useradd --system --no-create-home postgres; fi
  postgres_folder=$(mktemp -d -p "$(roomy_folder)")
  if [ "$(id -u)" -eq 0 ]; then chown postgres "$postgres_folder"; fi
  cd "$postgres_folder"
  as_postgres "$bin/initdb" --pgdata="$postgres_folder/data" --username=postgres --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --no-sync >/dev/null
  # No fsync: what is kept here is thrown away. `synchronous_commit` stays on, as the program wants it.
  if ! as_postgres "$bin/pg_ctl" start --pgdata="$postgres_folder/data" --log="$postgres_folder/log" -w -t 30 -s -o \
    "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$postgres_folder -c max_connections=400 -c max_wal_size=256MB -c fsync=off"; then
    cat "$postgres_folder/log" >&2
    return 1
  fi
  cd "$OLDPWD"
  postgres_pid=$(head -n 1 "$postgres_folder/data/postmaster.pid")
  postgres_url="postgres://postgres@127.0.0.1:$port/postgres"
}

# Stops it by its process id and removes what it kept. Does nothing when none was started.
stop_postgres() {
  if [ -n "$postgres_pid" ] && kill -INT "$postgres_pid" 2>/dev/null; then
    for _ in $(seq 100); do
      kill -0 "$postgres_pid" 2>/dev/null || break
      sleep 0.1
    done
  fi
  postgres_pid=
  if [ -n "$postgres_folder" ]; then rm -rf "$postgres_folder"; fi
  postgres_folder=
}
