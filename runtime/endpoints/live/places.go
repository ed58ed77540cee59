package live

import (
	"slices"
	"strings"
)

// documents are where frameworks and their usual additions publish OpenAPI.
var documents = [...]string{
	"/openapi.json",     // FastAPI, Litestar's and many others' default
	"/swagger.json",     // flask-restx, Swagger UI's first guess
	"/api/openapi.json", // apps behind a prefix
	"/v3/api-docs",      // springdoc
	"/docs-json",        // NestJS with its page at /docs
	"/api-json",         // NestJS with its page at /api
	"/api-docs",         // springfox, swagger-jsdoc by hand
	"/swagger/doc.json", // swaggo
	"/api/v1/openapi.json",
}

// pages are where Swagger UI and its like stand. Where the document is, their scripts say.
var pages = [...]string{"/docs", "/api-docs/", "/swagger", "/documentation", "/swagger/index.html", "/api/docs"}

// telling are parts of paths of routes that have to do with documents.
var telling = []string{"openapi", "swagger", "api-docs", "apidocs", "redoc", "/docs", "documentation", "/schema"}

// hinted are those of the app's own routes that may be or lead to a document, documents first.
func hinted(routes []string) (documents, pages []string) {
	for _, p := range routes {
		lower := strings.ToLower(p)
		if strings.Contains(p, "{") || !slices.ContainsFunc(telling, func(part string) bool { return strings.Contains(lower, part) }) {
			continue
		}
		if strings.HasSuffix(lower, "json") || strings.HasSuffix(lower, ".yaml") || strings.HasSuffix(lower, ".yml") || strings.HasSuffix(strings.Trim(lower, "/"), "schema") {
			documents = append(documents, p)
		} else {
			pages = append(pages, p)
		}
	}
	return documents[:min(len(documents), maxHints)], pages[:min(len(pages), maxHints)]
}

const maxHints = 6
