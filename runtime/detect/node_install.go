package detect

import (
	"encoding/json"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// nodeManager is the package manager of a project.
type nodeManager struct {
	name     string // npm, pnpm, yarn
	lockfile string // "" without one
}

// run is the command that runs a script.
func (m nodeManager) run(script string) string { return m.name + " run " + script }

var nodeLocks = []nodeManager{
	{"pnpm", "pnpm-lock.yaml"}, {"yarn", "yarn.lock"}, {"npm", "package-lock.json"}, {"npm", "npm-shrinkwrap.json"},
}

// detectManager goes by the packageManager field, then by lockfile; npm where nothing tells.
func (p *nodeProject) detectManager() nodeManager {
	wanted, _, _ := strings.Cut(p.pkg.PackageManager, "@")
	var found []nodeManager
	for _, m := range nodeLocks {
		if p.folder.isFile(m.lockfile) {
			found = append(found, m)
		}
	}
	for _, m := range found {
		if m.name == wanted {
			return m
		}
	}
	if wanted == "pnpm" || wanted == "yarn" {
		return nodeManager{name: wanted}
	}
	if len(found) > 1 {
		p.note("Several lockfiles: using %s.", found[0].lockfile)
	}
	if len(found) > 0 {
		return found[0]
	}
	if p.folder.first("bun.lock", "bun.lockb") != "" {
		p.note("Bun's lockfile is not read: installing with npm.")
	}
	if p.folder.isFile("pnpm-workspace.yaml") {
		return nodeManager{name: "pnpm"}
	}
	return nodeManager{name: "npm"}
}

// install is the install step, nil when there is nothing to install.
func (p *nodeProject) install() *Install {
	command := p.installCommand()
	if command == "" {
		return nil
	}
	inputs := p.manifests()
	if why := p.needsTree(); why != "" {
		inputs = p.folder.files()
		p.note("Every file takes part in the install: %s.", why)
	}
	return &Install{Command: command, Inputs: inputs}
}

func (p *nodeProject) installCommand() string {
	var steps []string
	if p.manager.lockfile != "" || p.workspace() || len(p.pkg.Dependencies)+len(p.pkg.DevDependencies)+len(p.pkg.Optional) > 0 {
		steps = append(steps, p.managerInstall())
	}
	for _, dir := range p.subProjects() {
		sub := &nodeProject{folder: p.folder.sub(dir), pkg: &nodePackage{}}
		sub.manager = sub.detectManager()
		steps = append(steps, "(cd "+quote(dir)+" && { "+sub.managerInstall()+"; })")
	}
	if len(p.extra) > 0 {
		steps = append(steps, "npm install --no-save --no-package-lock --no-audit --no-fund "+strings.Join(p.extra, " "))
	}
	if len(steps) > 1 {
		for i, step := range steps { // a step may hold alternatives
			if strings.Contains(step, " || ") && !strings.HasPrefix(step, "(") {
				steps[i] = "(" + step + ")"
			}
		}
	}
	return strings.Join(steps, " && ")
}

// managerInstall installs what is locked, development packages included: dev servers and compilers are among them.
func (p *nodeProject) managerInstall() string {
	switch p.manager.name {
	case "pnpm": // frozen where lock and manifest agree; native modules compile, which pnpm 10 leaves to be allowed
		return "pnpm install --no-frozen-lockfile --prod=false --prefer-offline --config.dangerouslyAllowAllBuilds=true"
	case "yarn":
		if p.yarnBerry() {
			return "YARN_ENABLE_IMMUTABLE_INSTALLS=false YARN_NODE_LINKER=node-modules yarn install"
		}
		return "yarn install --non-interactive --production=false --prefer-offline"
	}
	const flags = " --include=dev --no-audit --no-fund --prefer-offline"
	if p.manager.lockfile == "" {
		return "npm install" + flags
	}
	if !p.npmLockAgrees() {
		p.note("%s does not agree with package.json: installing with npm install instead of npm ci.", p.manager.lockfile)
		return "npm install" + flags
	}
	// A lockfile that is inconsistent further down is told by npm ci alone.
	return "npm ci" + flags + " || npm install" + flags
}

func (p *nodeProject) yarnBerry() bool {
	if p.folder.isFile(".yarnrc.yml") || regexp.MustCompile(`^yarn@[2-9]`).MatchString(p.pkg.PackageManager) {
		return true
	}
	lock, _ := p.folder.read("yarn.lock", maxLockfile)
	return strings.Contains(lock, "\n__metadata:")
}

// npmLockAgrees reports whether npm ci would accept the lockfile: it refuses one whose root asks for something
// else than package.json does.
func (p *nodeProject) npmLockAgrees() bool {
	text, ok := p.folder.read(p.manager.lockfile, maxLockfile)
	if !ok {
		return true // too large to tell
	}
	var lock struct {
		Packages map[string]struct {
			Dependencies, DevDependencies, OptionalDependencies map[string]string
		} `json:"packages"`
	}
	if json.Unmarshal([]byte(text), &lock) != nil {
		return false
	}
	root, ok := lock.Packages[""]
	return lock.Packages == nil || ok &&
		maps.Equal(root.Dependencies, p.pkg.Dependencies) &&
		maps.Equal(root.DevDependencies, p.pkg.DevDependencies) &&
		maps.Equal(root.OptionalDependencies, p.pkg.Optional)
}

// manifests are the files an install reads when no script of the project runs.
func (p *nodeProject) manifests() []string {
	found := []string{}
	for _, name := range p.folder.files() {
		base, dir := path.Base(name), path.Dir(name)
		switch {
		case base == "package.json" && (dir == "." || p.workspace() || slices.Contains(p.subProjects(), dir)),
			dir == "." && nodeInputs[base],
			nodeLockNames[base] && slices.Contains(p.subProjects(), dir),
			strings.HasPrefix(name, "patches/"), strings.HasPrefix(name, ".yarn/releases/"),
			strings.HasPrefix(name, ".yarn/patches/"), strings.HasPrefix(name, ".yarn/plugins/"),
			base == "schema.prisma" && p.pkg.hasAny("@prisma/client", "prisma"):
			found = append(found, name)
		}
	}
	return found
}

var (
	nodeInputs = map[string]bool{
		"package.json": true, "package-lock.json": true, "npm-shrinkwrap.json": true, "yarn.lock": true, "pnpm-lock.yaml": true,
		"pnpm-workspace.yaml": true, ".pnpmfile.cjs": true, ".npmrc": true, ".yarnrc": true, ".yarnrc.yml": true,
	}
	nodeLockNames = map[string]bool{
		"package-lock.json": true, "npm-shrinkwrap.json": true, "yarn.lock": true, "pnpm-lock.yaml": true, ".npmrc": true,
	}
)

// harmlessScript matches lifecycle scripts that read nothing of the project.
var harmlessScript = regexp.MustCompile(`^\s*(?:husky(?:\s+install)?|is-ci\b.*|(?:npx\s+)?only-allow\s+\w+|patch-package|prisma generate|exit 0|echo\b.*|true)?\s*(?:\|\|\s*(?:true|exit 0)\s*)?$`)

// needsTree says why an install reads more than manifests, "" when it does not.
func (p *nodeProject) needsTree() string {
	for _, name := range []string{"preinstall", "install", "postinstall", "prepare"} {
		if !harmlessScript.MatchString(p.pkg.Scripts[name]) {
			return "package.json has a " + name + " script"
		}
	}
	for _, group := range []map[string]string{p.pkg.Dependencies, p.pkg.DevDependencies, p.pkg.Optional} {
		for _, name := range slices.Sorted(maps.Keys(group)) {
			if strings.HasPrefix(group[name], "file:") || strings.HasPrefix(group[name], "link:") {
				return name + " is required from the project's own files"
			}
		}
	}
	if p.folder.isFile("binding.gyp") {
		return "binding.gyp compiles the project's own code"
	}
	return ""
}
