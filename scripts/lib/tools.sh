# shellcheck shell=bash
# The tools of development, built from source at pinned versions into a folder of their own. Needs say.sh.

readonly TOOLS=${XDG_CACHE_HOME:-$HOME/.cache}/previewd/tools
# shellcheck disable=SC2034 # whoever sources this names the tools it wants
readonly GOLANGCI_LINT=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.11.4
# shellcheck disable=SC2034
readonly GOTESTSUM=gotest.tools/gotestsum@v1.13.0

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
