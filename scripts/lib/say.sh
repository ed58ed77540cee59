# shellcheck shell=bash
# Words for people, shared by the scripts of this folder. Everything goes to stdout, errors to stderr.

say() { printf '%s\n' "$*"; }

fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# step LABEL COMMAND... runs a command that may take long: its output goes to a log, every few seconds a line tells that it
# goes on, and the end tells how long it took. When it fails, the end of the log is shown.
step() {
  local label=$1 log begin status=0 pid
  shift
  log=$(mktemp)
  begin=$SECONDS
  say "  $label ..."
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  tell_on "$pid" "$log" "$begin"
  wait "$pid" || status=$?
  if ((status != 0)); then
    printf 'error: %s failed after %d s:\n' "$label" $((SECONDS - begin)) >&2
    tail -n 30 "$log" >&2
  else
    say "  $label: done in $((SECONDS - begin)) s"
  fi
  rm -f "$log"
  return "$status"
}

tell_on() {
  local pid=$1 log=$2 begin=$3 next=5 last
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    if ((SECONDS - begin >= next)); then
      last=$(tail -n 1 "$log" | tr -d '\r' | cut -c 1-100)
      say "    $((SECONDS - begin)) s  $last"
      next=$((next + 5))
    fi
  done
}
