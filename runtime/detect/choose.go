package detect

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// detectors is the table of all that can be recognised. Each looks at one folder and answers nil when it is not
// its kind of project.
var detectors = []func(folder, Options) *candidate{
	detectPython,
	detectNode,
	detectGo,
	detectStatic,
}

// maxFolders bounds how many folders are looked at for a project root.
const maxFolders = 200

// notRoots never hold the project to preview.
var notRoots = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "e2e": true, "spec": true, "docs": true, "doc": true,
	"example": true, "examples": true, "dist": true, "build": true, "out": true, "vendor": true, "public": true,
	"static": true, "assets": true, "templates": true, "migrations": true, "scripts": true, "fixtures": true,
	"testdata": true, "coverage": true,
}

// choose finds the project: the top folder if it can be run, else the best of the folders one or two levels down.
func choose(top folder, opts Options) *candidate {
	best := detectFolder(top, opts)
	if best != nil && best.rank >= rankProgram {
		return best
	}
	others := below(top, opts)
	if best != nil {
		others = append(others, best)
	}
	if len(others) == 0 {
		return nil
	}
	slices.SortStableFunc(others, compareCandidates)
	noteOthers(others)
	return others[0]
}

// detectFolder asks every detector about one folder and returns the best answer.
func detectFolder(f folder, opts Options) *candidate {
	var best *candidate
	for _, detect := range detectors {
		if c := detect(f, opts); c != nil && (best == nil || c.rank > best.rank) {
			best = c
		}
	}
	return best
}

// below looks at the folders one and two levels down. A folder that is a project of its own is not searched deeper.
func below(top folder, opts Options) []*candidate {
	var found []*candidate
	level, looked := []folder{top}, 0
	for range 2 {
		var next []folder
		for _, parent := range level {
			for _, name := range parent.folders() {
				if looked++; looked > maxFolders || notRoots[name] || strings.HasPrefix(name, ".") {
					continue
				}
				f := parent.sub(name)
				if c := detectFolder(f, opts); c != nil {
					found = append(found, c)
				} else {
					next = append(next, f)
				}
			}
		}
		level = next
	}
	return found
}

// compareCandidates orders servers before front ends before files, then shallow before deep, then by the folder's name.
func compareCandidates(a, b *candidate) int {
	return cmp.Or(
		cmp.Compare(b.weight(), a.weight()),
		cmp.Compare(depth(a.folder), depth(b.folder)),
		cmp.Compare(namePreference(a.folder), namePreference(b.folder)),
		cmp.Compare(b.rank, a.rank),
		cmp.Compare(a.folder.dir, b.folder.dir),
	)
}

func (c *candidate) weight() rank {
	if c.rank.server() {
		return rankServer
	}
	return c.rank
}

func depth(f folder) int {
	if f.dir == "." {
		return 0
	}
	return 1 + strings.Count(f.dir, "/")
}

// namePreference orders folders by what their names promise.
func namePreference(f folder) int {
	order := []string{"backend", "server", "api", "app", "web", "frontend", "client"}
	if at := slices.Index(order, strings.ToLower(path.Base(f.dir))); at >= 0 {
		return at
	}
	return len(order)
}

// noteOthers tells in the winner's notes which runnable projects were passed over.
func noteOthers(sorted []*candidate) {
	var names []string
	for _, c := range sorted[1:] {
		if c.rank >= rankStatic {
			names = append(names, c.label())
		}
	}
	if len(names) > 0 {
		sorted[0].note("Also found %s; set root in %s to preview another.", strings.Join(names, ", "), configFile)
	}
}

func (c *candidate) label() string {
	return cmp.Or(c.plan.Framework, string(c.plan.Runtime)) + c.folder.where()
}
