# previewd as an image: make image. It drives the host's Docker engine through the socket that is mounted into it; see
# docker-compose.yml. What builds and installs of previews trust are the container's own CA certificates: mount the host's.

# Versions are those of the base: its release for packages of Debian, go.sum and package-lock.json for all else. For a build that can be
# repeated name a base by its digest whose sources are Debian's archive as of one day.
ARG BASE=debian:trixie-slim

# What takes long, packages and what previewd stands on, is in layers of its own, so that a change of the code builds the code
# alone. It does without the cache mounts of BuildKit, which engines as old as Debian's builder do not have.

# The preview tab.
FROM ${BASE} AS web
LABEL previewd.build=web
# dpkg need not wait for a disk whose content is thrown away when anything fails.
RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe-io \
 && apt-get update && apt-get install -y --no-install-recommends ca-certificates npm
WORKDIR /src/web
# Behind a proxy that intercepts TLS, ca-certificates.crt in the build context names the certificates to trust, all of
# them; scripts/image puts the host's there. As a pattern it may be missing. It does not get into the image.
COPY ca-certificates.cr[t] web/package.json web/package-lock.json web/.npmrc ./
RUN if [ -f ca-certificates.crt ]; then mv ca-certificates.crt /etc/ssl/certs/; fi \
 && NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM ${BASE} AS go
LABEL previewd.build=go
# Debian's Go is older than the one go.mod names, which it fetches by itself.
RUN echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe-io \
 && apt-get update && apt-get install -y --no-install-recommends ca-certificates gcc golang-go libc6-dev
ENV GOTOOLCHAIN=auto GOFLAGS="-buildvcs=false -trimpath"
WORKDIR /src
COPY go.mod go.sum ca-certificates.cr[t] ./
RUN if [ -f ca-certificates.crt ]; then mv ca-certificates.crt /etc/ssl/certs/; fi && go mod download

# The packages of others that the two programs import. The list changes seldom, and only then is compiled what it names.
FROM go AS imports
LABEL previewd.build=imports
COPY . .
RUN CGO_ENABLED=0 go list -deps ./runtime/shim/cmd/shim | grep -v '^previewd' | sort >/shim \
 && CGO_ENABLED=1 go list -deps -tags netgo,osusergo . | grep -v '^previewd' | sort >/previewd

FROM go AS build
LABEL previewd.build=build
COPY --from=imports /shim /previewd /imports/
RUN CGO_ENABLED=0 go build $(cat /imports/shim) && CGO_ENABLED=1 go build -tags netgo,osusergo $(cat /imports/previewd)
COPY . .
COPY --from=web /src/web/dist/app web/dist/app
ARG VERSION=devel
ARG REVISION
# As in the Makefile: the shim has no C, previewd has the parsers' and is static all the same.
RUN CGO_ENABLED=0 go build -ldflags "-s -w" -o "runtime/shim/bin/shim-linux-$(go env GOARCH)" ./runtime/shim/cmd/shim \
 && CGO_ENABLED=1 go build -tags netgo,osusergo -o /previewd -ldflags \
      "-s -w -linkmode external -extldflags -static -X main.version=$VERSION -X main.revision=$REVISION" .

FROM ${BASE} AS previewd
# iptables is used only where the container has the host's network and NET_ADMIN.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates iptables \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && useradd --uid 65532 --home-dir /var/lib/previewd --create-home previewd
COPY --from=build /previewd /usr/local/bin/previewd
# Not root: the engine's socket is opened by its group, which is given at the start (--group-add). Rules that keep previews
# from private networks take root and NET_ADMIN, as docker-compose.yml gives them.
USER 65532
ENV PREVIEW_DATA_DIR=/var/lib/previewd
VOLUME /var/lib/previewd
EXPOSE 8080
ARG VERSION=devel
ARG REVISION
LABEL org.opencontainers.image.title="previewd" \
      org.opencontainers.image.description="Runs generated web projects in containers, with live previews" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="debian:trixie-slim"
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["previewd", "ready"]
ENTRYPOINT ["previewd"]
CMD ["serve"]
