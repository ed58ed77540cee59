package worker

import (
	"bytes"
	"io/fs"
	"path"
	"slices"

	"previewd/runtime/source"
)

// scanned bounds what is looked through for words, in bytes.
const scanned = 32 << 20

// words stand in the code or the manifests of every app that publishes an OpenAPI document: what makes it has one of these in its name.
var words = [][]byte{
	[]byte("openapi"), []byte("OpenAPI"), []byte("OpenApi"), []byte("swagger"), []byte("Swagger"), []byte("fastapi"), []byte("litestar"),
	[]byte("apispec"), []byte("flasgger"), []byte("spectacular"), []byte("springdoc"), []byte("Swashbuckle"), []byte("robyn"),
}

// spoken are the kinds of files that code and manifests are in. Locks are not among them: they name what nobody uses.
var spoken = []string{
	".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".go", ".java", ".kt", ".kts", ".gradle", ".xml", ".cs", ".csproj", ".rb",
	".php", ".rs", ".ex", ".exs", ".toml", ".txt", ".mod", ".cfg",
}

var manifests = []string{"package.json", "composer.json", "Pipfile", "Gemfile", "Dockerfile"}

// speaksOfDocuments says whether the app may publish an OpenAPI document. Others need not be asked, which each would note in its log.
func speaksOfDocuments(tree *source.Tree) bool {
	left := int64(scanned)
	for _, f := range tree.Files() {
		if !slices.Contains(spoken, path.Ext(f.Path)) && !slices.Contains(manifests, path.Base(f.Path)) {
			continue
		}
		if left -= f.Size; left < 0 {
			return true // nobody knows
		}
		data, err := fs.ReadFile(tree.FS(), f.Path)
		if err == nil && slices.ContainsFunc(words, func(word []byte) bool { return bytes.Contains(data, word) }) {
			return true
		}
	}
	return false
}
