package detect

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
)

// workspace reports whether the folder is the root of a monorepo.
func (p *nodeProject) workspace() bool {
	return len(p.pkg.Workspaces) > 0 || p.folder.isFile("pnpm-workspace.yaml")
}

// orchestrated matches root scripts that only start other packages' scripts, several at once.
var orchestrated = regexp.MustCompile(`\b(?:turbo|lerna|nx|npm-run-all|wsrun)\b|--workspaces\b|\s-ws\b|--recursive|\s-r\s|--filter|--parallel|workspaces foreach`)

// memberStart finds the package of a monorepo to start when its root does not start one itself. The root stays
// the project, because packages are installed there.
func (p *nodeProject) memberStart(root *nodeStart, opts Options) (string, *nodeStart) {
	if !p.workspace() || root != nil && root.rank != rankNone && !orchestrated.MatchString(root.command) {
		return "", nil
	}
	var best *nodeStart
	var from string
	for _, dir := range p.members() {
		pkg, err := readPackage(p.folder.sub(dir))
		if err != nil {
			continue
		}
		member := &nodeProject{folder: p.folder.sub(dir), pkg: pkg, manager: p.manager}
		s := member.start(opts)
		if s == nil || best != nil && compareMembers(s.rank, dir, best.rank, from) >= 0 {
			continue
		}
		best, from = s, dir
		p.extra = member.extra
	}
	if best == nil {
		return "", nil
	}
	p.note("Starting %s of the monorepo; set command in %s to start another.", from, configFile)
	return from, best.in(from)
}

// compareMembers prefers servers, then what names promise.
func compareMembers(a rank, dirA string, b rank, dirB string) int {
	server := func(r rank) int {
		if r.server() {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(server(a), server(b)),
		cmp.Compare(namePreference(folder{dir: dirA}), namePreference(folder{dir: dirB})),
		strings.Compare(dirA, dirB),
	)
}

// in moves a start into a folder of the project.
func (s *nodeStart) in(dir string) *nodeStart {
	cd := "cd " + quote(dir) + " && "
	moved := *s
	if s.command != "" {
		moved.command = cd + s.command
	}
	moved.prepare = nil
	for _, one := range s.prepare {
		moved.prepare = append(moved.prepare, cd+one)
	}
	if s.static != "" {
		moved.static = path.Join(dir, s.static)
	}
	return &moved
}

// members lists the folders with a package.json of their own, bounded.
func (p *nodeProject) members() []string {
	var dirs []string
	for _, name := range p.folder.files() {
		dir := path.Dir(name)
		if path.Base(name) == "package.json" && dir != "." && strings.Count(dir, "/") < 3 && len(dirs) < maxFolders {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

var enters = regexp.MustCompile(`(?:\bcd\s+|--prefix[\s=]+|--cwd[\s=]+|-C\s+)["']?([\w./-]+)`)

// subProjects are folders that the root's scripts enter, and that have packages of their own to install.
func (p *nodeProject) subProjects() []string {
	if p.workspace() {
		return nil
	}
	var dirs []string
	for _, name := range slices.Concat(serverScripts, []string{"client", "frontend", "backend", "dev:client", "dev:frontend", "dev:backend"}) {
		for _, m := range enters.FindAllStringSubmatch(p.pkg.Scripts[name], 8) {
			dir := path.Clean(m[1])
			if !strings.HasPrefix(dir, "..") && dir != "." && p.folder.isFile(dir+"/package.json") && !slices.Contains(dirs, dir) {
				dirs = append(dirs, dir)
			}
		}
	}
	slices.Sort(dirs)
	return dirs
}
