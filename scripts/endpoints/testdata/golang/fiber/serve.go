package main

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// serve prints what the framework lists. It adds HEAD to every GET; a parameter that may be left out makes two paths.
func serve(app *fiber.App) error {
	app.Handler() // puts the mounted apps in their place
	var all written
	gets, heads := map[string]bool{}, []string{}
	for _, r := range app.GetRoutes(true) {
		switch r.Method {
		case "GET":
			gets[r.Path] = true
		case "HEAD":
			heads = append(heads, r.Path)
			continue
		}
		for _, path := range optional(r.Path) {
			all.add(r.Method, path)
		}
	}
	for _, path := range heads {
		if !gets[path] || strings.HasPrefix(path, "/all") {
			all.add("HEAD", path)
		}
	}
	all.print()
	return nil
}

func optional(path string) []string {
	whole, ok := strings.CutSuffix(path, "?")
	if !ok {
		return []string{path}
	}
	return []string{whole, whole[:strings.LastIndexByte(whole, '/')]}
}
