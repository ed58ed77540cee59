# previewd: `make up` runs it, `make test` tests it. `make help` lists the targets.

SHELL       := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS   += --no-print-directory

GOARCH   := $(shell go env GOARCH 2>/dev/null)
VERSION  := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
REVISION := $(shell git describe --always --dirty --abbrev=40 --exclude='*' 2>/dev/null)
SHIM     := runtime/shim/bin/shim-linux-$(GOARCH)
EXAMPLE  ?= examples/fastapi-notes

# The command line of the preview that `make up` launches, such as ARGS='--memory 256'.
ARGS ?=

# previewd has C in it, the parsers that read projects, and is one static file all the same. Names of hosts and users are
# looked up by Go's own code: glibc's loads libraries at run time.
STATIC := -tags netgo,osusergo
LINK   := -s -w -linkmode external -extldflags -static

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1	\2/p' $(MAKEFILE_LIST) | expand -t 14

.PHONY: up
up: setup web build ## install what is missing, build, and run a preview of EXAMPLE in the foreground
	@exec scripts/with-engine bin/previewd dev $(ARGS) $(EXAMPLE)

.PHONY: setup
setup: ## install what is missing on this machine
	@scripts/setup

.PHONY: build
build: shim ## build bin/previewd
	@echo "build: bin/previewd"
	@CGO_ENABLED=1 go build -trimpath $(STATIC) -ldflags "$(LINK) -X main.version=$(VERSION) -X main.revision=$(REVISION)" -o bin/previewd .

# The page that previewd shows to people is embedded, too. Without npm there is another in its place that says so.
.PHONY: web
web: ## build the preview tab, for the next build to embed
	@scripts/web build

# Process 1 of every preview. It is embedded into previewd and so comes first.
.PHONY: shim
shim:
	@echo "build: $(SHIM)"
	@CGO_ENABLED=0 GOOS=linux go build -trimpath -buildvcs=false -ldflags "-s -w" -o $(SHIM) ./runtime/shim/cmd/shim

.PHONY: test
test: setup-dev web shim ## install what is missing and run every test
	@scripts/with-engine scripts/test

.PHONY: lint
lint: setup-dev shim ## check code, scripts and generated documents
	@scripts/lint

.PHONY: setup-dev
setup-dev:
	@scripts/setup --dev

.PHONY: bench
bench: setup build ## measure launches against plain docker, and many at once
	@scripts/with-engine go run ./scripts/bench $(ARGS)

IMAGE ?= previewd:latest

.PHONY: image
image: setup ## build previewd's own image, IMAGE
	@scripts/with-engine scripts/image $(IMAGE)

.PHONY: image-test
image-test: image shim ## build the image and run a preview through it, with a PostgreSQL of its own
	@PREVIEWD_IMAGE=$(IMAGE) scripts/with-engine go test -tags image -count=1 ./scripts/imagetest

.PHONY: compose-test
compose-test: setup-dev image shim ## bring docker-compose.yml up, preview, break things, and see the right alerts fire; with both Composes
	@scripts/with-engine scripts/composetest/run $(IMAGE) $(ARGS)

.PHONY: stack-test
stack-test: setup-dev image shim ## deploy deploy/stack.yml on a swarm of three nodes, preview, and kill a previewd; as root
	@scripts/stacktest/run $(IMAGE)

# Without a tag it can be tried: make release VERSION=v0.2.0-try
.PHONY: release
release: setup ## make a release of the commit's tag: dist/release
	@scripts/release

.PHONY: release-check
release-check: setup ## make a release twice, in different places, and compare every byte
	@scripts/release-check

.PHONY: generate
generate: shim ## write what is generated anew
	go generate ./...
	@scripts/types

.PHONY: docs
docs: setup-dev shim ## run the commands of docs/api.md and write their answers anew
	@scripts/with-engine go test ./server/app -run TestAPIByExample -count 1 -update

.PHONY: down
down: ## stop the Docker engine, if setup started it
	@scripts/setup --stop-engine

.PHONY: clean-images
clean-images: ## remove the images that image, compose-test and stack-test keep for their next run
	docker image prune --all --force --filter label=previewd.build

.PHONY: clean
clean: ## remove what was built
	rm -rf bin dist coverage web/dist/app web/lib web/shots runtime/shim/bin/shim-linux-*
