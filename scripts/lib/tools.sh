# shellcheck shell=bash
# The tools of development, built from source at pinned versions into a folder of their own. Needs say.sh.

readonly TOOLS=${XDG_CACHE_HOME:-$HOME/.cache}/previewd/tools
# shellcheck disable=SC2034 # whoever sources this names the tools it wants
readonly GOLANGCI_LINT=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.11.4
# shellcheck disable=SC2034
readonly GOTESTSUM=gotest.tools/gotestsum@v1.13.0
# shellcheck disable=SC2034
readonly CYCLONEDX_GOMOD=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

# tool_present PACKAGE@VERSION reports whether the tool is there in that version.
tool_present() {
  local name=${1%@*} version=${1##*@}
  [ -x "$TOOLS/${name##*/}" ] || return 1
  go version -m "$TOOLS/${name##*/}" | grep -q -F -e "$(printf '\t%s\t' "$version")"
}

tool_install() {
  mkdir -p "$TOOLS"
  step "go install ${1##*/}" env GOBIN="$TOOLS" CGO_ENABLED=0 go install "$1"
}

# Schemathesis is a Python program: it gets a virtual environment of its own, with everything it stands on at the pinned
# versions. The list it was made from stays beside it and tells whether it is still the wanted one.
readonly SCHEMATHESIS=$TOOLS/schemathesis
readonly SCHEMATHESIS_LIST=${BASH_SOURCE[0]%/*}/schemathesis.txt

schemathesis_present() {
  [ -x "$SCHEMATHESIS/bin/schemathesis" ] && cmp -s "$SCHEMATHESIS_LIST" "$SCHEMATHESIS/list"
}

schemathesis_install() {
  rm -rf "$SCHEMATHESIS"
  mkdir -p "$TOOLS"
  step "python3 -m venv" python3 -m venv "$SCHEMATHESIS"
  step "pip install schemathesis" "$SCHEMATHESIS/bin/pip" install --disable-pip-version-check --only-binary :all: -r "$SCHEMATHESIS_LIST"
  cp "$SCHEMATHESIS_LIST" "$SCHEMATHESIS/list"
}

# Compose 2 is built in its module's own folder: it excludes versions of others, which go install does not put up with.
readonly COMPOSE2=$TOOLS/compose2
readonly COMPOSE2_MODULE=github.com/docker/compose/v2
readonly COMPOSE2_VERSION=v2.40.3

compose2_present() { [ "$("$COMPOSE2" version --short 2>/dev/null)" = "${COMPOSE2_VERSION#v}" ]; }

compose2_install() {
  local folder
  mkdir -p "$TOOLS"
  step "go mod download compose $COMPOSE2_VERSION" go mod download "$COMPOSE2_MODULE@$COMPOSE2_VERSION"
  folder=$(go mod download -json "$COMPOSE2_MODULE@$COMPOSE2_VERSION" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  step "go build compose $COMPOSE2_VERSION" env CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -C "$folder" -trimpath -buildvcs=false \
    -ldflags "-s -w -X $COMPOSE2_MODULE/internal.Version=$COMPOSE2_VERSION" -o "$COMPOSE2" ./cmd
}
