# shellcheck shell=bash
# The base image of the runtimes. Needs say.sh and apt.sh.

readonly BASE_SUITE=trixie
readonly BASE_IMAGE=debian:$BASE_SUITE-slim

docker_() {
  if engine_answers; then
    docker "$@"
  else
    as_root docker "$@"
  fi
}

image_present() { docker_ image inspect --format '{{.Id}}' "$BASE_IMAGE" >/dev/null 2>&1; }

# image_get pulls the base image or, where no registry answers, makes it from Debian's packages.
image_get() {
  if image_pull; then
    return
  fi
  say "  no registry answers: making $BASE_IMAGE from Debian packages"
  local missing=()
  have mmdebstrap || missing+=(mmdebstrap)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  if ((${#missing[@]})); then
    apt_install "${missing[@]}"
  fi
  step "bootstrapping $BASE_IMAGE" image_bootstrap
}

# image_pull gives a registry ten seconds to answer, and one that does the time it takes.
image_pull() {
  local log pid begin=$SECONDS status=0
  log=$(mktemp)
  say "  pulling $BASE_IMAGE ..."
  docker_ pull "$BASE_IMAGE" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if ((SECONDS - begin >= 10)) && ! grep -q 'Pulling' "$log"; then
      kill "$pid" 2>/dev/null || true
      break
    fi
    sleep 0.2
  done
  wait "$pid" 2>/dev/null || status=$?
  rm -f "$log"
  if ((status == 0)); then
    say "  pulling $BASE_IMAGE: done in $((SECONDS - begin)) s"
  fi
  return "$status"
}

# image_bootstrap leaves out what a container never reads, now and in what is installed on top of it.
image_bootstrap() {
  set -o pipefail
  as_root mmdebstrap --variant=minbase \
    --dpkgopt='path-exclude=/usr/share/doc/*' \
    --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    "$BASE_SUITE" - |
    docker_ import --change 'CMD ["bash"]' - "$BASE_IMAGE"
}
