# shellcheck shell=bash
# The parts of scripts/swarm. Needs say.sh. A bed is known by its slot, 0 to 9, from which names and addresses follow; node I
# has the address 10.213.SLOT.I, this machine .254.
# shellcheck disable=SC2013 # lists are of words

readonly BEDS=/tmp/previewd-swarm
readonly SLOT=${SWARM_SLOT:-0}
readonly BED=$BEDS/$SLOT
readonly PREFIX=pvsw$SLOT
readonly LAN=10.213.$SLOT
# Swarm's own pulse is 5 s; a lost node is noticed after three beats.
readonly HEARTBEAT=${SWARM_HEARTBEAT:-1s}

in_switch() { nsenter --net="/run/netns/${PREFIX}sw" "$@"; }
in_node() { nsenter --net="/run/netns/$PREFIX$1" "${@:2}"; }
node_docker() { DOCKER_TLS_VERIFY='' DOCKER_HOST=unix://$BED/n$1/docker.sock docker "${@:2}"; }

start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# lives PID START-TIME: a pid alone may be another process's by now.
lives() { [ -n "${2:-}" ] && [ "$(start_time "$1")" = "$2" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

bed_up() {
  local nodes=$1 i
  [ ! -e "$BED" ] || bed_down
  mkdir -p "$BED/tls"
  seq "$nodes" >"$BED/nodes"
  printf '%s\n' "${SWARM_OWNER:-}" >"$BED/owner"
  bed_lan "$nodes"
  bed_keys "$nodes"
  for i in $(seq "$nodes"); do node_start "$i"; done
  for i in $(seq "$nodes"); do node_wait "$i"; done
  bed_join "$nodes"
}

# bed_lan connects the nodes and this machine by a bridge in a namespace of its own.
bed_lan() {
  local i
  ip netns add "${PREFIX}sw"
  in_switch sh -c 'ip link set lo up; ip link add br0 type bridge; ip link set br0 up'
  ip link add "${PREFIX}h" type veth peer name "v${PREFIX}h" netns "${PREFIX}sw"
  in_switch ip link set "v${PREFIX}h" master br0 up
  ip addr add "$LAN.254/24" dev "${PREFIX}h"
  ip link set "${PREFIX}h" up
  for i in $(seq "$1"); do
    ip netns add "$PREFIX$i"
    ip link add "v$PREFIX$i" netns "${PREFIX}sw" type veth peer name eth0 netns "$PREFIX$i"
    in_switch ip link set "v$PREFIX$i" master br0 up
    in_node "$i" sh -c "ip link set lo up; ip addr add $LAN.$i/24 dev eth0; ip link set eth0 up; ip route add default via $LAN.254"
  done
}

# bed_keys makes an authority for the bed, a key for each node's engine and one for who calls them, for two days.
bed_keys() {
  local i tls=$BED/tls
  openssl ecparam -name prime256v1 -genkey -noout -out "$tls/ca-key.pem"
  openssl req -x509 -new -key "$tls/ca-key.pem" -subj '/CN=previewd test bed' -days 2 -out "$tls/ca.pem"
  bed_key key cert "subjectAltName=DNS:previewd" clientAuth
  for i in $(seq "$1"); do bed_key "n$i-key" "n$i-cert" "subjectAltName=IP:$LAN.$i" serverAuth; done
}

bed_key() {
  local tls=$BED/tls
  openssl ecparam -name prime256v1 -genkey -noout -out "$tls/$1.pem"
  openssl req -new -key "$tls/$1.pem" -subj "/CN=$1" |
    openssl x509 -req -CA "$tls/ca.pem" -CAkey "$tls/ca-key.pem" -CAcreateserial -days 2 \
      -extfile <(printf '%s\nextendedKeyUsage=%s\n' "$3" "$4") -out "$tls/$2.pem" 2>/dev/null
}

# node_start: nsenter and not `ip netns exec`, which mounts a new /sys and hides the hierarchies of cgroup v1.
node_start() {
  local i=$1 root=$BED/n$1 tls=$BED/tls pid fd
  mkdir -p "$root"
  (
    for fd in 3 4 5 6 7 8 9; do eval "exec $fd>&-"; done
    exec setsid nsenter --net="/run/netns/$PREFIX$i" unshare --uts sh -c "hostname $PREFIX$i; exec \"\$@\"" sh \
      dockerd --data-root "$root/data" --exec-root "$root/exec" --pidfile "$root/docker.pid" --log-level warn \
      -H "unix://$root/docker.sock" -H "tcp://$LAN.$i:2376" --tlsverify --tlscacert "$tls/ca.pem" \
      --tlscert "$tls/n$i-cert.pem" --tlskey "$tls/n$i-key.pem" --no-new-privileges --icc=false \
      --insecure-registry "$LAN.254:5000" --insecure-registry "$LAN.1:5000" \
      --bip 172.19.0.1/24 --default-address-pool base=172.20.0.0/16,size=24 </dev/null >>"$root/dockerd.log" 2>&1
  ) &
  pid=$!
  printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$root/process"
}

node_wait() {
  local begin=$SECONDS
  until node_docker "$1" version >/dev/null 2>&1; do
    if ((SECONDS - begin >= 30)); then
      tail -n 20 "$BED/n$1/dockerd.log" >&2
      fail "the dockerd of node $1 does not answer"
    fi
    sleep 0.1
  done
}

bed_join() {
  local i token
  node_docker 1 swarm init --advertise-addr "$LAN.1" --listen-addr "$LAN.1:2377" --dispatcher-heartbeat "$HEARTBEAT" >/dev/null
  token=$(node_docker 1 swarm join-token -q worker)
  for i in $(seq 2 "$1"); do
    node_docker "$i" swarm join --token "$token" --advertise-addr "$LAN.$i" --listen-addr "$LAN.$i:2377" "$LAN.1:2377" >/dev/null
  done
  for i in $(seq "$1"); do
    node_docker 1 node update --label-add "previewd.engine=tcp://$LAN.$i:2376" --label-add "previewd.address=$LAN.$i" \
      --label-add "name=n$i" "$(node_docker "$i" info --format '{{.Swarm.NodeID}}')" >/dev/null
  done
}

# bed_env is what previewd and docker need to speak to the first node, the manager.
bed_env() {
  printf 'export DOCKER_HOST=unix://%s PREVIEW_SWARM_TLS_DIR=%s PREVIEW_BACKEND=swarm\n' "$BED/n1/docker.sock" "$BED/tls"
}

node_kill() {
  local pid started
  read -r pid started <"$BED/n$1/process"
  ! lives "$pid" "$started" || kill -KILL "$pid"
  while lives "$pid" "$started"; do sleep 0.05; done
  rm -f "$BED/n$1/docker.pid"
}

bed_nodes() { cat "$BED/nodes" 2>/dev/null || true; }

bed_down() {
  local i
  for i in $(bed_nodes); do node_down "$i" & done
  wait
  bed_end_rest
  grep -oE " $BED/[^ ]+" /proc/mounts | sort -r | while read -r mounted; do umount -l "$mounted" 2>/dev/null || true; done
  for i in $(bed_nodes); do ip netns del "$PREFIX$i" 2>/dev/null || true; done
  ip netns del "${PREFIX}sw" 2>/dev/null || true
  ip link del "${PREFIX}h" 2>/dev/null || true
  rm -rf "$BED"
}

# node_down ends a node by force: nothing on it is worth a goodbye, and a swarm without its manager knows none.
node_down() {
  local pid started
  read -r pid started 2>/dev/null <"$BED/n$1/process" || return 0
  if lives "$pid" "$started"; then
    kill -KILL "$pid" 2>/dev/null || true
  fi
}

# bed_end_rest ends what a killed dockerd leaves: its containerd, and the shims and instances below that. They are known by
# the bed's folder in their command line, instances by their shim as parent.
bed_end_rest() {
  local pid found
  for _ in 1 2 3 4 5; do
    found=''
    for pid in $(bed_processes); do
      found=yes
      end_children "$pid"
      kill -KILL "$pid" 2>/dev/null || true
    done
    [ -n "$found" ] || return 0
    sleep 0.2
  done
}

bed_processes() {
  local dir
  for dir in /proc/[0-9]*; do
    case $(cat "$dir/comm" 2>/dev/null) in containerd* | dockerd | docker-proxy | runc) ;; *) continue ;; esac
    if tr '\0' '\n' <"$dir/cmdline" 2>/dev/null | grep -qF "$BED/"; then
      printf '%s\n' "${dir#/proc/}"
    fi
  done
}

# end_children ends the children of one process, by their ids.
end_children() {
  local child
  cat /proc/"$1"/task/*/children 2>/dev/null | tr ' ' '\n' | while read -r child; do
    end_children "$child"
    kill -KILL "$child" 2>/dev/null || true
  done || true # it may have ended meanwhile
}

# beds_sweep takes down the beds whose owner is gone.
beds_sweep() {
  local bed pid started
  for bed in "$BEDS"/[0-9]; do
    read -r pid started 2>/dev/null <"$bed/owner" || continue
    if [ -n "$pid" ] && ! lives "$pid" "${started:-}"; then
      SWARM_SLOT=${bed##*/} "$SCRIPTS/swarm" down
    fi
  done
}
