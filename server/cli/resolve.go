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
	list, listErr := c.Previews(ctx)
	if listErr != nil {
		return s, listErr
	}
	var ids []string
	for _, p := range list {
		if strings.HasPrefix(p.GenerationID, arg) && !slices.Contains(ids, p.GenerationID) {
			ids = append(ids, p.GenerationID)
		}
	}
	switch len(ids) {
	case 0:
		return s, err
	case 1:
		return c.Status(ctx, ids[0])
	}
	slices.Sort(ids)
	return s, &usageError{fmt.Sprintf("%s is the beginning of %d ids", quote(arg), len(ids)), "it could be " + strings.Join(ids, ", ")}
}

func badID(id string) error {
	return &usageError{quote(id) + " is no id", "an id is 1-128 characters of A-Z, a-z, 0-9, dot, underscore and hyphen"}
}
