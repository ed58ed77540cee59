package images

import (
	"encoding/json"
	"regexp"
	"strings"
)

var (
	plainRef   = regexp.MustCompile(`^[a-z0-9][A-Za-z0-9._/:@-]*$`)
	plainValue = regexp.MustCompile(`^[A-Za-z0-9._/:@-]*$`)
	argument   = regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?::-([A-Za-z0-9._/:@-]*))?\}|([A-Za-z_][A-Za-z0-9_]*))`)
	onlyHex    = regexp.MustCompile(`^[0-9a-f]+$`)
	plainPath  = regexp.MustCompile(`^[A-Za-z0-9._/@+*?~,\[\]-]+$`)
	flagWord   = regexp.MustCompile(`^--[a-z]+(=[^"'\\` + "`" + `]*)?$`)
	stageIndex = regexp.MustCompile(`^[0-9]+$`)
)

// arguments notes the defaults of global arguments that FROM may use.
func (d *dockerfile) arguments(rest string) {
	for pair := range strings.FieldsSeq(rest) {
		name, value, ok := strings.Cut(pair, "=")
		value = d.expand(strings.Trim(value, `"'`))
		if ok && plainValue.MatchString(value) {
			d.args[name] = value
		} else {
			delete(d.args, name)
		}
	}
}

// expand puts arguments in. One that is not known stays, and is refused as no plain name.
func (d *dockerfile) expand(text string) string {
	return argument.ReplaceAllStringFunc(text, func(use string) string {
		m := argument.FindStringSubmatch(use)
		if value := d.args[m[1]+m[3]]; value != "" {
			return value
		}
		if strings.Contains(use, ":-") {
			return m[2]
		}
		return use
	})
}

// from checks FROM [--platform=…] image [AS name] and writes it anew with its arguments put in, so that the engine
// reads what was checked.
func (d *dockerfile) from(rest string, first, next int) error {
	words := strings.Fields(rest)
	if len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:] // the platform: previews run on the engine's own
	}
	if len(words) != 1 && (len(words) != 3 || !strings.EqualFold(words[1], "as")) {
		return refused(first+1, "FROM must read FROM image or FROM image AS name")
	}
	image := d.expand(words[0])
	if err := d.use(image, first+1); err != nil {
		return err
	}
	d.lines[first] = "FROM " + image
	if len(words) == 3 {
		if !plainRef.MatchString(strings.ToLower(words[2])) {
			return refused(first+1, "the stage's name must be a plain word")
		}
		d.lines[first] += " AS " + words[2]
		d.names[strings.ToLower(words[2])] = true
	}
	for i := first + 1; i < next && i < len(d.lines); i++ {
		d.lines[i] = ""
	}
	d.stages++
	return nil
}

// use notes an image that the Dockerfile stands on, unless it is one of its own stages.
func (d *dockerfile) use(image string, line int) error {
	if image == "scratch" || d.names[strings.ToLower(image)] {
		return nil
	}
	if !plainRef.MatchString(image) {
		return refused(line, "the image's name must be plain, with arguments that have a plain default")
	}
	// The engine takes hex digits for the beginning of any image's id, other people's included.
	if onlyHex.MatchString(image) || strings.HasPrefix(image, "sha256:") {
		return refused(line, "an image must be named with its tag, not by its id")
	}
	if strings.HasPrefix(withoutHost(image), repository) {
		return refused(line, "images of "+repository+" are not for projects")
	}
	d.refs = append(d.refs, image)
	return nil
}

// withoutHost removes the registry's host: the engine leaves out that of its default registry, so that a name with
// it may be one of the engine's own images.
func withoutHost(image string) string {
	host, rest, ok := strings.Cut(image, "/")
	if ok && strings.ContainsAny(host, ".:") {
		return rest
	}
	return image
}

// copy checks what COPY --from names. Without it, COPY reads nothing but the build context.
func (d *dockerfile) copy(rest string, line int) error {
	flags, _, err := splitFlags(rest, line)
	if err != nil {
		return err
	}
	for _, flag := range flags {
		from, ok := strings.CutPrefix(flag, "--from=")
		if !ok || stageIndex.MatchString(from) && len(from) < 3 {
			continue // a stage's number; the engine takes numbers for nothing else while they are small
		}
		if err := d.use(from, line); err != nil {
			return err
		}
	}
	return nil
}

// addSources refuses ADD of anything but files of the build context: the engine would fetch an address from the
// host's own network.
func addSources(rest string, line int) error {
	_, rest, err := splitFlags(rest, line)
	if err != nil {
		return err
	}
	words := strings.Fields(rest)
	if strings.HasPrefix(rest, "[") {
		if json.Unmarshal([]byte(rest), &words) != nil {
			return refused(line, "ADD's list cannot be read")
		}
	}
	if len(words) < 2 {
		return refused(line, "ADD needs a source and a destination")
	}
	for _, source := range words[:len(words)-1] {
		if !plainPath.MatchString(source) {
			return refused(line, "ADD may only add files of the project, with plain names; use RUN to fetch a file")
		}
	}
	return nil
}

// splitFlags takes the flags off. Quotes and escapes in them are refused: the engine would undo them first.
func splitFlags(rest string, line int) (flags []string, after string, err error) {
	for strings.HasPrefix(rest, "--") {
		var flag string
		flag, rest, _ = strings.Cut(rest, " ")
		if !flagWord.MatchString(flag) {
			return nil, "", refused(line, "flags must be plain, without quotes and escapes")
		}
		flags = append(flags, flag)
	}
	return flags, rest, nil
}
