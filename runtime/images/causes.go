package images

import (
	"regexp"
	"strings"
)

// cause is a usual way for an install to fail, known by a line of its output.
type cause struct {
	pattern *regexp.Regexp // its groups name the culprit
	text    string         // %s stands for the culprit
	unnamed string         // used when no group matched
	hint    string
}

func (c *cause) message(culprit string) string {
	if culprit == "" || !strings.Contains(c.text, "%s") {
		if c.unnamed != "" {
			return c.unnamed
		}
		return strings.ReplaceAll(c.text, "%s ", "")
	}
	return strings.ReplaceAll(c.text, "%s", shorten(culprit, 200))
}

// causes are tried in this order: a full disk makes every other line unreliable, and a compiler's error comes
// before the package manager's own summary of it.
var causes = []cause{
	{
		pattern: regexp.MustCompile(`ENOSPC|EDQUOT|EFBIG|No space left on device|[Dd]isk quota exceeded|File size limit exceeded|File too large`),
		text:    "the disk space of an install was used up.",
		hint:    "Depend on fewer or smaller packages.",
	},
	{
		pattern: regexp.MustCompile(`fatal error: (\S+): No such file or directory`),
		text:    "a native module needs the C header %s, which is not there.",
		hint:    "Choose a package that comes ready built (for PostgreSQL in Python psycopg[binary] or psycopg2-binary), or bring a Dockerfile that installs the library.",
	},
	{
		pattern: regexp.MustCompile(`pg_config executable not found|Package (\S+) was not found in the pkg-config|mysql_config not found|Failed to find .*pkg-config`),
		text:    "a native module needs the library %s, which is not there.",
		unnamed: "a native module needs a C library that is not there.",
		hint:    "Choose a package that comes ready built (for PostgreSQL in Python psycopg[binary] or psycopg2-binary), or bring a Dockerfile that installs the library.",
	},
	{
		pattern: regexp.MustCompile(`npm (?:error|ERR!) (?:code )?ERESOLVE|npm (?:error|ERR!) While resolving: (\S+)`),
		text:    "the versions of %s and of what depends on it exclude one another (ERESOLVE).",
		unnamed: "versions of packages exclude one another (ERESOLVE).",
		hint:    "Align the versions in package.json so that peer dependencies agree, or add an .npmrc with legacy-peer-deps=true.",
	},
	{
		pattern: regexp.MustCompile(`No matching version found for (\S+?)\.?$|ERR_PNPM_NO_MATCHING_VERSION.*?No matching version found for (\S+)|Couldn't find any versions for "([^"]+)"`),
		text:    "there is no version %s in the registry.",
		unnamed: "a version that is asked for is not in the registry.",
		hint:    "Ask for a version that exists; a range such as ^4.0.0 is the safest.",
	},
	{
		pattern: regexp.MustCompile(`npm (?:error|ERR!) code ETARGET`),
		text:    "a version that is asked for is not in the registry.",
		hint:    "Ask for a version that exists; a range such as ^4.0.0 is the safest.",
	},
	{
		pattern: regexp.MustCompile(`[Nn]o matching distribution found for ([^\s(]+)|[Cc]ould not find a version that satisfies the requirement ([^\s(]+)|there is no version of (\S+)|Because (\S+) was not found in the package registry`),
		text:    "no version of %s fits.",
		hint:    "Check the package's name and version; it may also have no release for this version of Python.",
	},
	{
		pattern: regexp.MustCompile(`'([^']+)' is not in (?:this|the npm) registry|The requested resource '([^']+)' could not be found|ERR_PNPM_FETCH_404.*/(\S+?):? Not Found|npm (?:error|ERR!) code E404|"?Couldn't find package "([^"]+)"|error An unexpected error occurred: ".*/(\S+): Not found"`),
		text:    "the package %s does not exist in the registry.",
		unnamed: "a package does not exist in the registry.",
		hint:    "Check the package's name.",
	},
	{
		pattern: regexp.MustCompile(`(?:EBADENGINE|ERR_PNPM_UNSUPPORTED_ENGINE|The engine "node" is incompatible with this module).*`),
		text:    "a package asks for another version of Node.",
		hint:    "Previews run Node 24. Correct \"engines\", or choose a version of the package that supports it.",
	},
	{
		pattern: regexp.MustCompile(`requires a different Python: (.*)|No interpreter found for (.*?) in|Requires-Python|requires-python|does not satisfy Python(.*)`),
		text:    "the project or a package asks for another version of Python (%s).",
		unnamed: "the project or a package asks for another version of Python.",
		hint:    "Previews run Python 3.13. Correct requires-python, or choose versions of the packages that support it.",
	},
	{
		pattern: regexp.MustCompile("`npm ci` can only install packages when your package.json and package-lock.json|ERR_PNPM_OUTDATED_LOCKFILE|lockfile needs to be updated|lockfile would have been modified|[Ll]ockfile .*is (?:out of date|outdated)"),
		text:    "the lockfile does not fit the manifest.",
		hint:    "Write the lockfile anew from the manifest, or leave it out.",
	},
	{
		pattern: regexp.MustCompile(`missing go\.sum entry for (?:module providing package |go\.mod file; )?(\S*)`),
		text:    "go.sum has no entry for %s",
		unnamed: "go.sum lacks an entry.",
		hint:    "Run go mod tidy and upload go.sum with go.mod.",
	},
	{
		pattern: regexp.MustCompile(`go: (\S+): (?:reading .*: 4(?:03|04|10)|invalid version|no matching versions|unknown revision)`),
		text:    "there is no module %s in that version.",
		hint:    "Check the module's path and version in go.mod.",
	},
	{
		pattern: regexp.MustCompile(`git(?: executable)?.*(?:not found|No such file)|spawn git ENOENT`),
		text:    "a dependency comes from a git repository, and installs have no git.",
		hint:    "Depend on a released version from the registry instead.",
	},
	{
		pattern: regexp.MustCompile(`EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|Temporary failure in name resolution|Connection (?:refused|timed out)|dns error|error sending request|dial tcp|certificate verify failed|UNABLE_TO_VERIFY|x509:`),
		text:    "a package registry could not be reached.",
		hint:    "Launch again. If it goes on, the operator must look at the network of installs and at PREVIEW_CA_BUNDLE.",
	},
	{
		pattern: regexp.MustCompile(`(?:^|: )(?:/bin/)?sh: \d+: (\S+): not found`),
		text:    "the install command uses %s, which is not there.",
		hint:    "Use the runtime's own package managers, or bring a Dockerfile.",
	},
	{
		pattern: regexp.MustCompile(`Invalid requirement|JSONParseError|EJSONPARSE|TOML parse error|errors parsing go\.mod|Failed to parse`),
		text:    "the manifest cannot be read.",
		hint:    "Correct the syntax of the manifest; the last lines tell where.",
	},
}
