# shellcheck shell=bash
# What a release is made of. Needs say.sh, and tools.sh and apt.sh from release_tools on; work, version and REVISION are of scripts/release.
# shellcheck disable=SC2154

# release_tag prints the version that the commit is tagged with.
release_tag() {
  git describe --exact-match --tags --match 'v[0-9]*' 2>/dev/null ||
    fail "this commit has no version's tag" "git tag v0.1.0, or name a version to try: VERSION=v0.1.0-try scripts/release"
}

# release_version VERSION refuses what is no semantic version.
release_version() {
  [[ $1 =~ ^v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?$ ]] ||
    fail "$1 is no version" "it has to be as in v1.2.3 or v1.2.3-rc.1 (https://semver.org)"
}

# release_described VERSION refuses one that CHANGELOG.md does not describe.
release_described() {
  grep -q -F "## [${1#v}] - " CHANGELOG.md ||
    fail "CHANGELOG.md does not describe ${1#v}" "give what is under Unreleased the heading: ## [${1#v}] - $(date +%Y-%m-%d)"
}

# release_tools installs what only a release needs.
release_tools() {
  npm sbom --help >/dev/null 2>&1 || fail "npm is missing, or too old to list packages" "install npm 10 or later"
  tool_present "$CYCLONEDX_GOMOD" || tool_install "$CYCLONEDX_GOMOD"
  if [ "$(go env GOARCH)" = amd64 ] && ! have "$ARM64_COMPILER" && have apt-get; then
    apt_install gcc-aarch64-linux-gnu libc6-dev-arm64-cross || say "  without it there is no release for linux/arm64"
  fi
}

readonly ARM64_COMPILER=aarch64-linux-gnu-gcc

# release_compiler ARCH names the C compiler that makes programs for it, if there is one here.
release_compiler() {
  if [ "$1" = "$(go env GOHOSTARCH)" ]; then
    say "${CC:-gcc}"
  elif [ "$1" = arm64 ] && have "$ARM64_COMPILER"; then
    say "$ARM64_COMPILER"
  else
    say "no C compiler makes programs for linux/$1 here: none is released" >&2
    return 1
  fi
}

# release_archive NAME FOLDER packs the program with what an operator needs beside it. Names, owners and times are the same wherever
# it is made.
release_archive() {
  local top=$work/$1
  mkdir -p "$top/scripts/lib"
  mv bin/previewd "$top/previewd"
  cp -r README.md CHANGELOG.md docs deploy docker-compose.yml .env.example "$top"
  [ ! -e LICENSE ] || cp LICENSE "$top"
  cp scripts/env scripts/swarm-node "$top/scripts"
  cp scripts/lib/say.sh "$top/scripts/lib"
  release_dockerfile >"$top/Dockerfile"
  printf '*\n!previewd\n' >"$top/.dockerignore"
  tar --create --directory "$work" --format gnu --sort name --mtime "@$SOURCE_DATE_EPOCH" --owner 0 --group 0 --numeric-owner "$1" |
    gzip -n -9 >"$2/$1.tar.gz"
}

# release_dockerfile is the last stage of the Dockerfile, with the program that is there instead of one that is built.
release_dockerfile() {
  say "# previewd's image, of the program in this folder: docker-compose build"
  say "ARG BASE=$(sed -n 's/^ARG BASE=//p' Dockerfile)"
  sed -n '/^FROM .* AS previewd$/,$p' Dockerfile |
    sed "s,^COPY --from=build /previewd ,COPY previewd ,; s/^ARG VERSION=.*/ARG VERSION=$version/; s/^ARG REVISION.*/ARG REVISION=$REVISION/"
}

# release_sboms VERSION FOLDER lists, in CycloneDX, the Go modules that are in the program and the npm packages that are in its page.
release_sboms() {
  local archive
  for archive in "$2"/*.tar.gz; do
    archive=${archive##*/}
    "$TOOLS/cyclonedx-gomod" bin -json -licenses -std -noserial -notimestamp -version "$1" "$work/${archive%.tar.gz}/previewd" 2>"$work/log" |
      node "$SCRIPTS/lib/sbom.mjs" go >"$2/${archive%.tar.gz}.go.cdx.json" || fail "no list of Go modules" "$(tail -n 5 "$work/log")"
  done
  (cd web && npm sbom --sbom-format cyclonedx --package-lock-only) | node "$SCRIPTS/lib/sbom.mjs" npm web/package.json "$1" >"$2/previewd-$1.web.cdx.json"
}

# release_buildinfo names what the bytes depend on, beside the commit.
release_buildinfo() {
  say "version: $version"
  say "revision: $REVISION"
  say "go: $(go env GOVERSION)"
  say "c: $(gcc --version | head -n 1)"
  say "libc: $(ldd --version | head -n 1)"
  ! have "$ARM64_COMPILER" || say "c for arm64: $("$ARM64_COMPILER" --version | head -n 1)"
  say "node: $(node --version)"
  say "npm: $(npm --version)"
}
