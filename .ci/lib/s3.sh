# An S3 server of our own, in a folder of its own, on a free port of the loopback. Sourced by .ci/run.

s3_pid=
s3_folder=
# The newest that the compiler of this project builds.
s3_version=0.14.1
s3_cache=${XDG_CACHE_HOME:-$HOME/.cache}/copydesk-ci/s3s-fs-$s3_version

# Builds it the first time, which takes some minutes; later runs find it.
ensure_s3() {
  if [ ! -x "$s3_cache/bin/s3s-fs" ]; then
    CARGO_PROFILE_DEV_DEBUG=false cargo install --quiet --debug --locked --root "$s3_cache" --features binary "s3s-fs@$s3_version"
  fi
}

# Starts it and sets s3_url, which names a bucket. The tests know the key that opens it.
start_s3() {
  local port
  ensure_s3
  port=$(free_port)
  s3_folder=$(mktemp -d)
  mkdir "$s3_folder/media"
  "$s3_cache/bin/s3s-fs" --host 127.0.0.1 --port "$port" --access-key copydesk --secret-key copydesk-test "$s3_folder" \
    >"$s3_folder/log" 2>&1 &
  s3_pid=$!
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      s3_url="http://127.0.0.1:$port/media"
      return
    fi
    kill -0 "$s3_pid" 2>/dev/null || break
    sleep 0.1
  done
  echo 'the S3 server did not start:' >&2
  cat "$s3_folder/log" >&2
  return 1
}

# Stops it by its process id and removes what it kept. Does nothing when none was started.
stop_s3() {
  if [ -n "$s3_pid" ]; then
    kill "$s3_pid" 2>/dev/null || true
    wait "$s3_pid" 2>/dev/null || true
  fi
  s3_pid=
  if [ -n "$s3_folder" ]; then rm -rf "$s3_folder"; fi
  s3_folder=
}
