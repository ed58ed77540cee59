package main

import (
	"fmt"
	"strings"
)

// writeGo is a gin app of packages, each with a handler and a file of work of its own; every file is about 4 KB long.
func writeGo(folder string, files int) (routes int, err error) {
	var imports, calls strings.Builder
	pairs := (files - 1) / 2
	for i := range pairs {
		fmt.Fprintf(&imports, "\titems%d \"shop/items%d\"\n", i, i)
		fmt.Fprintf(&calls, "\titems%d.New(v1).Routes(\"/items%d\")\n", i, i)
		if err := writeSource(folder, fmt.Sprintf("items%d/handler.go", i), handlerGo(i)); err != nil {
			return 0, err
		}
		routes += routesEach
		if err := writeSource(folder, fmt.Sprintf("items%d/work.go", i), fmt.Sprintf("package items%d\n", i)+busyGo(0, 20)); err != nil {
			return 0, err
		}
	}
	if err := writeSource(folder, "go.mod", "module shop\n\ngo 1.26\n"); err != nil {
		return 0, err
	}
	return routes, writeSource(folder, "main.go", "package main\n\nimport (\n\t\"github.com/gin-gonic/gin\"\n\n"+imports.String()+")\n\n"+
		"func main() {\n\tr := gin.Default()\n\tv1 := r.Group(\"/v1\")\n"+calls.String()+"\t_ = r.Run()\n}\n")
}

func handlerGo(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "package items%d\n\nimport \"github.com/gin-gonic/gin\"\n\ntype Handler struct{ group *gin.RouterGroup }\n\n"+
		"func New(g *gin.RouterGroup) *Handler { return &Handler{group: g} }\n\nfunc (h *Handler) Routes(prefix string) {\n\tg := h.group.Group(prefix)\n", i)
	for n := range routesEach {
		fmt.Fprintf(&b, "\tg.POST(\"/:id/do%d\", h.do%d)\n", n, n)
	}
	b.WriteString("}\n")
	for n := range routesEach {
		fmt.Fprintf(&b, "\n// do%d does it.\nfunc (h *Handler) do%d(c *gin.Context) { c.JSON(200, work%d(len(c.Param(\"id\")), nil)) }\n", n, n, n)
	}
	return b.String() + busyGo(100, 10)
}

// busyGo are functions of some everyday code.
func busyGo(from, functions int) string {
	var b strings.Builder
	for n := range functions {
		fmt.Fprintf(&b, "\nfunc work%d(value int, options map[string]int) map[string]int {\n\ttotal := map[string]int{}\n\tfor key, part := range options {\n"+
			"\t\tif _, ok := total[key]; part > value && !ok {\n\t\t\ttotal[key] = part * %d\n\t\t}\n\t}\n\treturn total\n}\n", n+from, n)
	}
	return b.String()
}
