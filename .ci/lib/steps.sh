# Headings with timing, and counting tests. Sourced by .ci/run.

step_name=
passed=0
failed=0

# step NAME: ends the step before, if any, and begins another.
step() {
  end_step
  step_name=$1
  step_began=$SECONDS
  printf '\n== %s\n' "$step_name"
}

end_step() {
  if [ -n "$step_name" ]; then printf -- '-- %s: %d s\n' "$step_name" $((SECONDS - step_began)); fi
  step_name=
}

# count_tests LABEL LOG COMMAND…: runs tests, shows them, and prints `LABEL: N passed, N failed`. Fails when a test failed,
# when the command did, and when nothing ran at all.
count_tests() {
  local label=$1 log=$2 status=0 ok bad
  shift 2
  "$@" 2>&1 | tee "$log" || status=$?
  read -r ok bad < <(awk '/^test result:/ { ok += $4; bad += $6 } END { print ok + 0, bad + 0 }' "$log")
  printf '%s: %d passed, %d failed\n' "$label" "$ok" "$bad"
  passed=$((passed + ok))
  failed=$((failed + bad))
  [ "$status" -eq 0 ] && [ "$bad" -eq 0 ] && [ "$ok" -gt 0 ]
}

# same FILE COMMAND…: fails with the difference when the command does not print what the file holds.
same() {
  local file=$1
  shift
  "$@" >"$scratch/made"
  if ! diff -u "$file" "$scratch/made" | head -n 60; then
    echo "$file is not what \`$*\` prints; make it again" >&2
    return 1
  fi
}
