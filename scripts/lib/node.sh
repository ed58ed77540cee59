# shellcheck shell=bash
# Node for the web app. Needs say.sh and tools.sh.

# What the web app's tools ask for, and what is fetched where the machine's own is older.
readonly NODE_OLDEST=20.19.0
readonly NODE_PACKAGE=node@22.21.1

# node_new_enough reports whether the node on the path will do.
node_new_enough() {
  have node || return 1
  local found
  found=$(node --version)
  [ "$(printf '%s\n%s\n' "$NODE_OLDEST" "${found#v}" | sort -V | head -n 1)" = "$NODE_OLDEST" ]
}

# node_ready puts a Node on the path that is new enough: the machine's own, or one of the npm registry's, which is kept.
node_ready() {
  local bin=$TOOLS/node/node_modules/node/bin
  if node_new_enough; then return; fi
  if ! [ -x "$bin/node" ]; then
    mkdir -p "$TOOLS/node"
    step "npm install $NODE_PACKAGE" npm install --prefix "$TOOLS/node" --no-save --no-audit --no-fund "$NODE_PACKAGE"
  fi
  PATH=$bin:$PATH
  node_new_enough
}

# modules_install installs exactly what the lock file names, unless it did so before.
modules_install() {
  node_ready
  if ! cmp -s web/package-lock.json web/node_modules/.installed; then
    step "npm ci" npm --prefix web ci --no-audit --no-fund
    cp web/package-lock.json web/node_modules/.installed
  fi
}
