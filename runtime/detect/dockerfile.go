package detect

import (
	"path"
	"regexp"
	"strconv"

	"previewd/runtime/preview"
)

var (
	dockerExpose = regexp.MustCompile(`(?mi)^[ \t]*EXPOSE[ \t]+(\d{1,5})`)
	dockerFrom   = regexp.MustCompile(`(?mi)^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)(?:[ \t]+AS[ \t]+(\S+))?`)
	dockerKnown  = regexp.MustCompile(`(?i)(?:^|/)(?:node|python|golang|nginx|httpd|caddy|debian|ubuntu|alpine|scratch|busybox|uv|bun)(?:$|[:@-])`)

	dockerWebServer = regexp.MustCompile(`(?i)(?:^|/)(?:nginx|httpd|caddy)(?:$|[:@-])`)
)

// detectDockerfile uses the project's own Dockerfile.
func detectDockerfile(f folder, _ Options) *candidate {
	name := f.first("Dockerfile", "dockerfile", "Containerfile", "docker/Dockerfile")
	if name == "" {
		return nil
	}
	c := newCandidate(f, preview.RuntimeDockerfile)
	c.plan.Dockerfile, c.rank = name, rankServer
	text, _ := f.text(name)
	if m := dockerExpose.FindStringSubmatch(text); m != nil {
		if port, _ := strconv.Atoi(m[1]); port > 0 && port <= 65535 {
			c.plan.Port = port
		}
	}
	c.note("Building %s.", path.Join(f.dir, name))
	return c
}

// orDockerfile prefers a recognised runtime, whose dependencies are cached, over the project's Dockerfile, unless
// the Dockerfile is what makes the project work.
func orDockerfile(found *candidate, top folder, opts Options) *candidate {
	docker := findDockerfile(top, found, opts)
	switch {
	case docker == nil:
		return found
	case found == nil || found.missing != nil && opts.Command == "":
		return docker
	case needsDockerfile(docker, found):
		docker.note("The Dockerfile is used rather than %s: it brings more than that.", found.label())
		return docker
	}
	found.note("The Dockerfile is not used: %s was recognised and starts faster; set runtime: dockerfile in %s to use it.",
		found.label(), configFile)
	return found
}

// findDockerfile looks in the top folder, then in the project's, then, when there is no project, in every folder
// one and two levels down.
func findDockerfile(top folder, found *candidate, opts Options) *candidate {
	if docker := detectDockerfile(top, opts); docker != nil {
		return docker
	}
	if found != nil {
		return detectDockerfile(found.folder, opts)
	}
	for _, name := range top.files() {
		if f := top.sub(path.Dir(name)); path.Base(name) == "Dockerfile" && depth(f)-depth(top) <= 2 && !notRoots[path.Base(f.dir)] {
			return detectDockerfile(f, opts)
		}
	}
	return nil
}

// needsDockerfile reports whether the Dockerfile brings something that the candidate, a front end or files at
// best, cannot stand for.
func needsDockerfile(docker, found *candidate) bool {
	if found.rank.server() {
		return false
	}
	if _, language := foreignLanguage(docker.folder); language != "" {
		return true
	}
	text, _ := docker.folder.text(docker.plan.Dockerfile)
	bases := dockerFrom.FindAllStringSubmatch(text, 64)
	if found.rank == rankStatic { // only a web server's own image does nothing but serve the files
		return len(bases) != 1 || !dockerWebServer.MatchString(bases[0][1])
	}
	stages := map[string]bool{}
	for _, m := range bases {
		if !stages[m[1]] && !dockerKnown.MatchString(m[1]) {
			return true
		}
		stages[m[2]] = true
	}
	return false
}
