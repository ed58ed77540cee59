package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// resolve turns a generation's id, or the beginning of exactly one id, into its latest status.
func resolve(ctx context.Context, c *client.Client, arg string) (client.Status, error) {
	if !preview.ValidID(arg) {
		return client.Status{}, badID(arg)
	}
	s, err := c.Status(ctx, arg)
	if exitCode(err) != ExitNotFound {
		return s, err
	}
	id, err := complete(ctx, c, arg, err)
	if err != nil {
		return s, err
	}
	return c.Status(ctx, id)
}

// complete finds the one id that arg is the beginning of. Where there is none the error is unknown.
func complete(ctx context.Context, c *client.Client, arg string, unknown error) (string, error) {
	list, err := c.Previews(ctx)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, p := range list {
		if strings.HasPrefix(p.GenerationID, arg) && !slices.Contains(ids, p.GenerationID) {
			ids = append(ids, p.GenerationID)
		}
	}
	switch len(ids) {
	case 0:
		return "", unknown
	case 1:
		return ids[0], nil
	}
	slices.Sort(ids)
	return "", &usageError{fmt.Sprintf("%s is the beginning of %d ids", quote(arg), len(ids)), "it could be " + strings.Join(ids, ", ")}
}

func badID(id string) error {
	return &usageError{quote(id) + " is no id", "an id is 1-128 characters of A-Z, a-z, 0-9, dot, underscore and hyphen"}
}
