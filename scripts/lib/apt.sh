# shellcheck shell=bash
# Debian packages, installed without starting a service. Needs say.sh.

# as_root COMMAND... runs a command as root.
as_root() {
  if ((EUID == 0)); then
    "$@"
  else
    sudo "$@"
  fi
}

lists_are_new=

# apt_install PACKAGE... installs packages; nothing they bring is started.
apt_install() {
  policy_begin
  local status=0
  if [ -z "$lists_are_new" ]; then
    step "apt-get update" as_root apt-get update -q || status=$?
    lists_are_new=1
  fi
  if ((status == 0)); then
    step "apt-get install $*" as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "$@" || status=$?
  fi
  policy_end
  return "$status"
}

readonly POLICY=/usr/sbin/policy-rc.d
policy_is_ours=

# policy_begin tells dpkg to start no service. One that the machine has already stays as it is.
policy_begin() {
  no_postgres_cluster
  if [ -e "$POLICY" ]; then
    return
  fi
  policy_is_ours=1
  trap policy_end EXIT
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
  as_root chmod 755 "$POLICY"
}

policy_end() {
  if [ -n "$policy_is_ours" ]; then
    as_root rm -f "$POLICY"
    policy_is_ours=
  fi
}

# no_postgres_cluster keeps the package from making a database of its own: only the programs are wanted.
no_postgres_cluster() {
  local conf=/etc/postgresql-common/createcluster.d/previewd.conf
  if have postgres || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    return # what the machine's owner set up is none of our business
  fi
  as_root mkdir -p "${conf%/*}"
  say "create_main_cluster = false" | as_root tee "$conf" >/dev/null
}
