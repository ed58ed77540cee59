// Package static serves a folder the way static hosts do: clean URLs, a single-page app's fallback, no listings.
package static

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"syscall"
)

const (
	index = "index.html"
	// wellKnown is the one dot folder that is meant for the public (RFC 8615).
	wellKnown = ".well-known"
)

// Handler serves the files of a folder. The folder is opened anew for each request: it may be replaced, or come
// into being, while the handler serves.
type Handler struct{ dir string }

// NewHandler returns a Handler of dir.
func NewHandler(dir string) *Handler { return &Handler{dir: dir} }

// ServeHTTP answers GET and HEAD.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	root, err := os.OpenRoot(h.dir) // no name and no link in it leads out
	if err != nil {
		http.NotFound(w, r)
		return
	}
	defer func() { _ = root.Close() }()
	serve(w, r, root)
}

func serve(w http.ResponseWriter, r *http.Request, root *os.Root) {
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if hidden(name) {
		http.NotFound(w, r)
		return
	}
	if name != "" && !strings.HasSuffix(r.URL.Path, "/") && isDir(root, name) {
		redirectToFolder(w, r, name)
		return
	}
	for _, candidate := range candidates(r, name) {
		if serveFile(w, r, root, candidate) {
			return
		}
	}
	http.NotFound(w, r)
}

// candidates are the files that a path may mean, best first.
func candidates(r *http.Request, name string) []string {
	names := []string{path.Join(name, index)}
	if name != "" && !strings.HasSuffix(r.URL.Path, "/") {
		names = []string{name, name + ".html"}
	}
	if path.Ext(name) == "" && strings.Contains(r.Header.Get("Accept"), "text/html") {
		names = append(names, index) // a single-page app's own routes
	}
	return names
}

// hidden says that a path is not for the public: .env, .git/config.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != wellKnown {
			return true
		}
	}
	return strings.ContainsRune(name, 0)
}

func isDir(root *os.Root, name string) bool {
	info, err := root.Stat(name)
	return err == nil && info.IsDir()
}

// redirectToFolder adds the slash without which a page's relative links lead elsewhere. The location is relative,
// so that it holds behind any proxy and never leads to another host.
func redirectToFolder(w http.ResponseWriter, r *http.Request, name string) {
	location := url.URL{Path: "./" + path.Base(name) + "/", RawQuery: r.URL.RawQuery}
	w.Header().Set("Location", location.String())
	w.WriteHeader(http.StatusMovedPermanently)
}

// serveFile answers with the file, if it is one.
func serveFile(w http.ResponseWriter, r *http.Request, root *os.Root, name string) bool {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a named pipe must not hold the server up
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	head := w.Header()
	head.Set("Content-Type", typeOf(f, name))
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cache-Control", "no-cache") // ask each time: the next edit is to be seen
	head.Set("ETag", etag(info))
	http.ServeContent(w, r, "", info.ModTime(), f)
	return true
}

func etag(info fs.FileInfo) string {
	return fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size())
}

func typeOf(f io.ReaderAt, name string) string {
	if known := contentType(name); known != "" {
		return known
	}
	var head [512]byte
	n, _ := f.ReadAt(head[:], 0)
	return http.DetectContentType(head[:n])
}
