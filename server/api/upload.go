package api

import (
	"cmp"
	"fmt"
	"io"
	"mime"
	"net/http"

	"previewd/runtime/preview"
	"previewd/runtime/source"
	"previewd/server/problem"
)

// Content types of an upload.
const (
	typeGzip = "application/gzip"
	typeZip  = "application/zip"
	typeJSON = "application/json"
)

// projectHeader and the query's project_id name the project of an archive, which has no place for it.
const projectHeader = "X-Project-ID"

// upload is a generation's files on their way in.
type upload struct {
	media     string
	projectID string // JSON has it inside, which counts
	body      io.Reader
	limits    source.Limits
}

// newUpload checks what can be checked before the body is read.
func (a *API) newUpload(w http.ResponseWriter, r *http.Request) (upload, error) {
	up := upload{limits: source.Limits{Bytes: int64(a.Config.MaxUploadMB) << 20, Files: a.Config.MaxFiles}}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		media = ""
	}
	switch media {
	case typeGzip, "application/x-gzip", "application/x-tar+gzip":
		up.media = typeGzip
	case typeZip, "application/x-zip-compressed":
		up.media = typeZip
	case typeJSON:
		up.media = typeJSON
	default:
		return up, problem.Newf(problem.UnsupportedMediaType, "Content-Type: want %s, %s or %s", typeGzip, typeZip, typeJSON)
	}
	up.projectID, err = namedProject(r)
	if err == nil && up.media != typeJSON {
		err = checkProject(up.projectID)
	}
	if err != nil {
		return up, err
	}
	up.body, err = bounded(w, r, up.maxBody())
	return up, err
}

// maxBody is the most bytes that the allowed files can take on the wire: JSON spells a byte in up to six, and each
// file has a header or a name.
func (up upload) maxBody() int64 {
	const perFile, slack = 4 << 10, 1 << 20
	size := up.limits.Bytes
	if up.media == typeJSON {
		size *= 6
	}
	return size + int64(up.limits.Files)*perFile + slack
}

// bounded refuses a body that says it is too large before it is sent, and ends one that becomes so.
func bounded(w http.ResponseWriter, r *http.Request, limit int64) (io.Reader, error) {
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	return http.MaxBytesReader(w, r.Body, limit), nil
}

// namedProject is the project that the query or else the header names, "" where neither does.
func namedProject(r *http.Request) (string, error) {
	inQuery, err := one(r, "project_id")
	if err != nil {
		return "", err
	}
	inHeader := r.Header.Get(projectHeader)
	for _, id := range []string{inQuery, inHeader} {
		if id == "" {
			continue
		}
		if err := checkProject(id); err != nil {
			return "", err
		}
	}
	return cmp.Or(inQuery, inHeader), nil
}

func checkProject(id string) error {
	switch {
	case id == "":
		return invalid("project_id", "is required")
	case !preview.ValidID(id):
		return invalid("project_id", "want 1-128 characters of A-Z, a-z, 0-9, dot, underscore and hyphen")
	}
	return nil
}

// read unpacks the body.
func (up upload) read() (tree *source.Tree, projectID string, err error) {
	projectID = up.projectID
	switch up.media {
	case typeJSON:
		if projectID, tree, err = source.FromJSON(up.body, up.limits); err == nil {
			err = checkProject(projectID)
		}
	case typeZip:
		tree, err = readZip(up.body, up.limits)
	default:
		tree, err = source.FromTarGz(up.body, up.limits)
	}
	if err != nil {
		return nil, "", fmt.Errorf("read upload: %w", bodyProblem(err))
	}
	return tree, projectID, nil
}

// readZip needs all of the archive: its directory stands at the end.
func readZip(body io.Reader, limits source.Limits) (*source.Tree, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	return source.FromZip(data, limits)
}
