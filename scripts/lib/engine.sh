# shellcheck shell=bash
# The Docker engine: whether one answers, and starting and stopping one where nothing else does. Needs say.sh and apt.sh.

readonly ENGINE_STATE=/run/previewd
readonly ENGINE_RECORD=$ENGINE_STATE/dockerd # "pid start-time" of an engine that setup started
readonly ENGINE_LOG=/var/log/previewd-dockerd.log

engine_answers() { have docker && timeout 5 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# engine_answers_root asks as root, for a user who may not talk to it.
engine_answers_root() { have docker && as_root timeout 5 docker version >/dev/null 2>&1; }

# engine_on_socket reports whether an engine answers though its command line is missing.
engine_on_socket() {
  local socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
  [ "${socket#unix://}" != "$socket" ] && have curl &&
    curl -fs -m 5 --unix-socket "${socket#unix://}" http://engine/_ping >/dev/null 2>&1
}

has_systemd() { [ -d /run/systemd/system ]; }

engine_start() {
  if [ -n "${DOCKER_HOST:-}" ]; then
    fail "no Docker engine answers at DOCKER_HOST" "start it, or unset DOCKER_HOST to use one on this machine"
  fi
  if has_systemd; then
    step "starting docker by systemd" as_root systemctl enable --now docker
  else
    say "  starting dockerd (no systemd here); its log is $ENGINE_LOG"
    as_root "$BASH" "$SCRIPTS/lib/dockerd-start" "$ENGINE_RECORD" "$ENGINE_LOG"
  fi
  engine_wait
}

engine_wait() {
  local begin=$SECONDS
  while ((SECONDS - begin < 60)); do
    if engine_answers || { ((EUID != 0)) && engine_answers_root; }; then
      say "  the engine answers after $((SECONDS - begin)) s"
      return
    fi
    if [ -r "$ENGINE_RECORD" ] && ! engine_is_ours; then
      break # it ended
    fi
    sleep 0.2
  done
  engine_explain
}

engine_explain() {
  as_root tail -n 15 "$ENGINE_LOG" >&2 2>/dev/null || true
  if as_root grep -q -i iptables "$ENGINE_LOG" 2>/dev/null; then
    fail "dockerd does not start, and its log speaks of iptables" \
      "a kernel without nf_tables needs the legacy variant, one without ip_tables the other:" \
      "  update-alternatives --set iptables /usr/sbin/iptables-legacy   (or iptables-nft)" \
      "  update-alternatives --set ip6tables /usr/sbin/ip6tables-legacy (or ip6tables-nft)" \
      "then run this again"
  fi
  fail "dockerd does not answer" "see $ENGINE_LOG"
}

# engine_is_ours reports whether the process that setup started still lives.
engine_is_ours() {
  local pid started
  read -r pid started 2>/dev/null <"$ENGINE_RECORD" && lives "$pid" "$started"
}

# lives PID START-TIME tells by proc(5): the pid alone may have been given to another process, and one that has ended may
# still wait to be reaped.
lives() {
  local state began rest
  rest=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 1
  state=${rest%% *}
  began=$(cut -d ' ' -f 20 <<<"$rest")
  [ "$state" != Z ] && [ "$began" = "$2" ]
}

engine_stop() {
  local pid started begin=$SECONDS
  if ! read -r pid started 2>/dev/null <"$ENGINE_RECORD"; then
    say "no engine was started by setup: nothing to stop"
    return
  fi
  if lives "$pid" "$started"; then
    as_root kill -TERM "$pid"
    while lives "$pid" "$started"; do
      ((SECONDS - begin < 60)) || fail "dockerd ($pid) does not end" "see $ENGINE_LOG"
      sleep 0.2
    done
    say "stopped dockerd ($pid) in $((SECONDS - begin)) s"
  fi
  as_root rm -f "$ENGINE_RECORD"
}

# engine_access lets this user talk to the engine; a new session, or scripts/with-engine, has the group.
engine_access() {
  if ((EUID == 0)) || engine_answers; then
    return
  fi
  if id -nG "$USER" | tr ' ' '\n' | grep -qx docker; then
    return
  fi
  say "  adding $USER to the group docker (whoever is in it can become root on this machine)"
  as_root usermod -aG docker "$USER"
}
