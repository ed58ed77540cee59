package client

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
)

// Generation is what the API says of an upload.
type Generation struct {
	ID        string `json:"id"`
	ProjectID string `json:"project_id"`
	Files     int    `json:"files"`
	Bytes     int64  `json:"bytes"` // unpacked
	Digest    string `json:"digest"`
	Framework string `json:"framework"` // "" when it was not recognised
	Runtime   string `json:"runtime"`
}

// PutGeneration stores a project's files, a tar.gz archive, under an id of the caller's choice.
func (c *Client) PutGeneration(ctx context.Context, id, projectID string, archive []byte) (Generation, error) {
	var g Generation
	err := c.do(ctx, call{
		method: http.MethodPut,
		path:   []string{"generations", id},
		query:  url.Values{"project_id": {projectID}},
		header: http.Header{"Content-Type": {"application/gzip"}},
		body:   bytes.NewReader(archive),
		out:    &g,
	})
	return g, err
}
