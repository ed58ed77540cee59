package detect

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// poetry installs what pyproject.toml requires, held to the versions of poetry.lock. It does without Poetry itself,
// which is fifty packages to fetch and asks an API of the index that mirrors do not have.
func (d *pyDeps) poetry(f folder, p pyproject) {
	d.inputs = f.inputs("poetry.lock", "pyproject.toml")
	d.lockedNames(f, "poetry.lock")
	specs := slices.Clone(p.Project.Dependencies)
	if p.Tool.Poetry != nil {
		for _, name := range slices.Sorted(maps.Keys(p.Tool.Poetry.Dependencies)) {
			spec, local := poetrySpec(name, p.Tool.Poetry.Dependencies[name])
			d.tree = d.tree || local
			if spec != "" {
				specs = append(specs, spec)
			}
		}
	}
	if len(specs) == 0 {
		return
	}
	for i, spec := range specs {
		specs[i] = quoteAlways(spec)
	}
	install := pipInstall + strings.Join(specs, " ")
	if locked := poetryLocked(f); len(locked) > 0 {
		d.steps = append(d.steps, "printf '%s\\n' "+strings.Join(locked, " ")+" > /tmp/constraints.txt")
		install += " --constraints /tmp/constraints.txt"
	}
	d.steps = append(d.steps, install)
}

var pinned = regexp.MustCompile(`^[A-Za-z0-9._-]+==[A-Za-z0-9._+!-]+$`)

// poetryLocked lists the lockfile's versions as name==version; packages locked at several versions are left out.
func poetryLocked(f folder) []string {
	text, _ := f.read("poetry.lock", maxLockfile)
	var lock struct {
		Package []struct {
			Name    string
			Version string
			Source  map[string]any
		}
	}
	if toml.Unmarshal([]byte(text), &lock) != nil {
		return nil
	}
	versions := map[string][]string{}
	for _, one := range lock.Package {
		if pin := one.Name + "==" + one.Version; one.Source == nil && pinned.MatchString(pin) {
			versions[one.Name] = append(versions[one.Name], pin)
		}
	}
	var locked []string
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		if len(versions[name]) == 1 {
			locked = append(locked, versions[name][0])
		}
	}
	return locked
}

// poetrySpec words one of Poetry's dependencies as a requirement (PEP 508), "" for python itself and for what is
// optional. local says that it lies in the project's own files.
func poetrySpec(name string, value any) (spec string, local bool) {
	if strings.EqualFold(name, "python") {
		return "", false
	}
	version, _ := value.(string)
	table, _ := value.(map[string]any)
	if optional, _ := table["optional"].(bool); optional {
		return "", false
	}
	if dir, ok := table["path"].(string); ok {
		return "./" + strings.TrimPrefix(dir, "./"), true
	}
	version = cmp.Or(version, text(table["version"]))
	if extras, ok := table["extras"].([]any); ok && len(extras) > 0 {
		name += "[" + strings.Trim(strings.Join(strings.Fields(fmt.Sprint(extras)), ","), "[]") + "]"
	}
	if git := text(table["git"]); git != "" {
		name += " @ git+" + git
		if rev := cmp.Or(text(table["rev"]), text(table["tag"]), text(table["branch"])); rev != "" {
			name += "@" + rev
		}
		version = ""
	}
	spec = name + poetryVersion(version)
	if marker := text(table["markers"]); marker != "" {
		spec += " ; " + marker
	}
	return spec, false
}

func text(value any) string {
	s, _ := value.(string)
	return s
}

// poetryVersion turns Poetry's version constraints into those of PEP 440: ^1.2 is >=1.2,<2.
func poetryVersion(constraint string) string {
	if strings.Contains(constraint, "|") { // alternatives have no like
		return ""
	}
	var parts []string
	for part := range strings.SplitSeq(constraint, ",") {
		part = strings.ReplaceAll(part, " ", "")
		switch {
		case part == "" || part == "*":
		case part[0] == '^':
			parts = append(parts, ">="+part[1:]+",<"+bump(part[1:], true))
		case part[0] == '~' && !strings.HasPrefix(part, "~="):
			parts = append(parts, ">="+part[1:]+",<"+bump(part[1:], false))
		case part[0] >= '0' && part[0] <= '9':
			parts = append(parts, "=="+part)
		default:
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ",")
}

// bump is the first version that ^version (caret) or ~version no longer allows.
func bump(version string, caret bool) string {
	fields := strings.Split(version, ".")
	at := min(1, len(fields)-1)
	if caret {
		at = 0
		for at < len(fields)-1 && fields[at] == "0" {
			at++
		}
	}
	n, _ := strconv.Atoi(fields[at])
	return strings.Join(append(slices.Clone(fields[:at]), strconv.Itoa(n+1)), ".")
}
