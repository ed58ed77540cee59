package golang_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPackages(t *testing.T) {
	for name, test := range map[string]struct{ files, want string }{
		"names of other packages": {`== main.go
package main

import (
	. "net/http"

	. "app/dotted"
	other "app/paths"
)

type local = other.Route

func main() {
	other.Prefix = "/set"
	HandleFunc(other.Join("a"), nil)
	HandleFunc(Dotted, nil)
	HandleFunc(Made("b").Path, nil)
	var r Thing
	r.Path = "/thing"
	HandleFunc(r.Path, nil)
	for _, r := range []other.Route{{Path: "/c"}, local{Path: other.Base + "/d"}} {
		HandleFunc(r.Path, nil)
	}
	other.Table["x"] = "/x"
	for _, p := range other.Table { HandleFunc(p, nil) }
	HandleFunc("/"+string(other.Kind("k")), nil)
}
== paths/paths.go
package paths

const Base = "/base"

var Prefix = "/p"

var Table = map[string]string{"y": "/y"}

type Kind string

type Route struct{ Path string }

func Join(p string) string { return Prefix + "/" + p }
== dotted/dotted.go
package dotted

const Dotted = "/dotted"

type Thing struct{ Path string }

func Made(p string) Thing { return Thing{"/" + p} }
`, "* /b|* /base/d|* /c|* /dotted|* /k|* /set/a|* /thing|* /x|* /y"},

		"routers under names of their own": {`== main.go
package main

import (
	"github.com/gin-gonic/gin"

	"app/web"
)

type server struct {
	*gin.Engine
	v1 *gin.RouterGroup
}

func main() {
	s := &server{Engine: gin.New()}
	s.v1 = s.Group("/v1")
	s.GET("/own", nil)
	s.v1.Handle("PUT", "/put/:id", nil)
	s.v1.Match([]string{"GET", "HEAD"}, "/match", nil)
	s.Static("/files", ".")
	s.StaticFile("/icon", "icon.png")
	s.NoRoute(nil)
	web.Mount(s.Engine)
	web.Register(s.Engine.Group("/group"))
}
== web/web.go
package web

import "github.com/gin-gonic/gin"

type Router = gin.Engine
type Func func(r gin.IRoutes)

var all = []Func{func(r gin.IRoutes) { r.GET("/listed", nil) }}

func Mount(r *Router) { r.POST("/aliased", nil) }

func Register(r gin.IRoutes) {
	for _, f := range all { f(r) }
}
`, "GET /files/{filepath}|GET /group/listed|GET /icon|GET /own|GET /v1/match|HEAD /v1/match|POST /aliased|PUT /v1/put/{id}"},

		"a module in the place of another": {`== cmd/app/main.go
package main

import (
	"net/http"

	"example.com/lib/paths"
)

func main() { http.HandleFunc(paths.One, nil) }
== go.mod
module app

go 1.26

require example.com/lib v1.0.0

replace example.com/lib => ./lib
== lib/go.mod
module example.com/lib
== lib/paths/paths.go
package paths

const One = "/replaced"
`, "* /replaced"},

		"fiber": {`== main.go
package main

import "github.com/gofiber/fiber/v2"

func main() {
	app := fiber.New()
	app.Get("/users/:id<int>/:tab?", nil)
	app.Get("/o/:a?/:b?", nil)
	app.Add("PUT", "/put", nil)
	app.All("/all", nil)
	app.Static("/files", "./public")
	app.Route("/admin", func(r fiber.Router) { r.Post("/x", nil) })
	sub := fiber.New()
	sub.Get("/in/*", nil)
	app.Mount("/sub", sub)
	app.Listen(":80")
}
`, "* /all|GET /files/{path}|GET /o|GET /o/{a}|GET /o/{a}/{b}|GET /sub/in/{path}|GET /users/{id}|GET /users/{id}/{tab}|POST /admin/x|PUT /put"},

		"echo": {`== main.go
package main

import "github.com/labstack/echo/v4"

func main() {
	e := echo.New()
	e.Match([]string{"GET", "PUT"}, "/match", nil)
	e.Add("PATCH", "/added/:id", nil, nil)
	e.Any("/any", nil)
	e.File("/icon", "icon.png")
	g := e.Group("/g", nil)
	g.DELETE("/*", nil)
	e.Logger.Fatal(e.Start(":80"))
}
`, "* /any|DELETE /g/{path}|GET /icon|GET /match|PATCH /added/{id}|PUT /match"},

		"gorilla": {`== main.go
package main

import (
	"net/http"

	"github.com/gorilla/mux"
)

func main() {
	r := mux.NewRouter()
	api := r.PathPrefix("/api").Methods("GET", "PUT").Subrouter()
	api.HandleFunc("/both", nil)
	api.HandleFunc("/get", nil).Methods("GET", "POST")
	r.Path("/named").Methods(http.MethodDelete).HandlerFunc(nil).Name("x")
	r.NewRoute().Path("/new/{id:[a-z]{2}}").Handler(nil)
	r.Methods("GET").Path("/never")
	http.ListenAndServe("", r)
}
`, "* /new/{id}|DELETE /named|GET /api/both|GET /api/get|PUT /api/both"},

		"chi": {`== main.go
package main

import (
	"net/http"

	"github.com/go-chi/chi/v5"
)

type admin struct{ chi.Router }

func main() {
	r := chi.NewRouter()
	r.Handle("PUT /handled", nil)
	r.HandleFunc("/func", nil)
	r.Method("POST", "/method", nil)
	r.Mount("/debug", profiler.New())
	a := admin{chi.NewRouter()}
	a.Get("/x", nil)
	r.Mount("/admin/", a)
	http.ListenAndServe("", r)
}
`, "* /debug/{path}|* /func|GET /admin/x|POST /method|PUT /handled"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(strings.Split(test.want, "|"), listed(routesOf(t.Context(), folder(test.files)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
