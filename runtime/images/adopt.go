package images

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// numericUser is a user that a passwd file cannot turn into root.
var numericUser = regexp.MustCompile(`^[1-9][0-9]{0,8}(:[1-9][0-9]{0,8})?$`)

func plainUser(user string) bool { return numericUser.MatchString(user) }

// adopt names a project's image, after giving its working folder to the app's user where it would run as root or
// as a user whose number only the image knows.
func (s *Store) adopt(ctx context.Context, id string, b *projectBuild, sink Sink) error {
	config, err := s.o.Engine.ImageConfig(ctx, id)
	if err != nil {
		return fmt.Errorf("project image: %w", err)
	}
	if len(config.Entrypoint)+len(config.Command) == 0 {
		return noCommand()
	}
	var seen stages
	defer s.dropLate(ctx, &seen) // not before the end: what a failed step leaves stands on the image that the next one needs
	folder := path.Clean("/" + config.WorkDir)
	if !plainUser(config.User) && folder != "/" {
		_, err := s.derive(ctx, id, b, &seen, []string{"USER 0", "RUN " + jsonList("chown", "-hR", appUser, folder), "USER " + appUser})
		var failed *preview.BuildError
		if !errors.As(err, &failed) {
			return err
		}
		sink.System(preview.Warning, "the image has no chown: %s stays read-only for the app", folder)
	}
	user := appUser
	if plainUser(config.User) {
		user = config.User
	}
	_, err = s.derive(ctx, id, b, &seen, []string{"USER " + user})
	return err
}

// derive builds a few steps on top of a project's image, silently. The owner's label is taken off first: otherwise
// the step's container would pass for an instance. So nobody else knows afterwards whose the images of a failed build
// are; they are added to seen.
func (s *Store) derive(ctx context.Context, id string, b *projectBuild, seen *stages, steps []string) (string, error) {
	var text strings.Builder
	text.WriteString("FROM " + id + "\nLABEL previewd.owner=\"\"\n")
	for _, step := range steps {
		text.WriteString(step + "\n")
	}
	made, err := s.o.Engine.Build(ctx, preview.BuildSpec{
		Tag: b.tag, Dockerfile: "Dockerfile", Context: tarOf(map[string]file{"Dockerfile": {0o644, []byte(text.String())}}),
		Labels: s.labels(imageProject, b.tag[len(projectRepo)+1:]), Network: preview.NetworkNone, Limits: b.Limits,
	}, &lineWriter{emit: seen.see})
	if err != nil {
		seen.end()
	}
	return made, err
}

func jsonList(words ...string) string {
	data, err := json.Marshal(words)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(data)
}

func noCommand() *preview.Reason {
	return &preview.Reason{
		Code: preview.NoStartCommand, Message: "The project's Dockerfile has neither CMD nor ENTRYPOINT.",
		Hint: "End it with the command that starts the server, such as CMD [\"node\", \"server.js\"].",
	}
}

// buildFailed words a failed step; other errors stay as they are.
func buildFailed(err error) error {
	var failed *preview.BuildError
	if !errors.As(err, &failed) {
		return err
	}
	step := ""
	for _, line := range failed.Lines {
		if m := stepLine.FindStringSubmatch(line); m != nil {
			step = " at " + shorten(m[1], 160)
		}
	}
	r := &preview.Reason{
		Code:     preview.InstallFailed,
		Message:  "The project's Dockerfile failed" + step + ": " + shorten(failed.Message, 300),
		Hint:     "The last log lines show what the step printed. Correct the Dockerfile and launch again.",
		Evidence: &preview.Evidence{LastLines: tail(failed.Lines)},
	}
	if c, _ := findCause(failed.Lines); c != nil {
		r.Hint = c.hint
	}
	return r
}

var stepLine = regexp.MustCompile(`^(Step [0-9]+/[0-9]+ : .*)$`)

func buildTimeout(after time.Duration) *preview.Reason {
	return &preview.Reason{
		Code:    preview.InstallTimeout,
		Message: fmt.Sprintf("Building the project's Dockerfile did not end within %.0f seconds.", after.Seconds()),
		Hint:    "Do less in the build, or build on an image that already holds what the project needs.",
	}
}
