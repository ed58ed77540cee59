package golang

import (
	"strings"
)

func newEcho(path string) *framework {
	fw := &framework{
		name: "echo", path: path,
		made: set("New NewWithConfig"), types: set("Echo Group Router"), zero: "Echo",
		join: func(prefix, p string) string { return prefix + p }, write: colons,
	}
	return fw.with(upperVerbs+" CONNECT TRACE", echoVerb).with("Any", every).with("Match Add", byMethodFirst).
		with("Group", grouped).with("Host Use Pre Router With", itself).with("File FileFS", staticFile).
		with("Static StaticFS", echoStatic).with("Start StartTLS StartServer Shutdown Routes Logger RouteNotFound", nothing)
}

// echoStatic is e.Static(prefix, folder).
func echoStatic(in *interp, c routerCall) value {
	if t, ok := target(c.arg(0)).(text); ok {
		in.add(c, []string{"GET"}, text(strings.TrimSuffix(string(t), "/")+"*"), 0, nil)
	}
	return nil
}

func newHTTPRouter(path string) *framework {
	fw := &framework{
		name: "httprouter", path: path, made: set("New"), types: set("Router Group"), zero: "Router",
		join: func(prefix, p string) string { return prefix + p }, write: colons,
	}
	return fw.with(upperVerbs, verb).with("Handle Handler HandlerFunc", byMethod).
		with("ServeFiles", staticFile).with("Lookup", nothing).with("NewGroup", grouped)
}

// newAny stands for routers of packages not known here.
func newAny() *framework {
	fw := &framework{
		name: "unknown", path: "?", join: joinPlain,
		write: func(p string) []string { return braces(colons(p)[0]) },
	}
	return fw.with(upperVerbs+" "+titleVerbs, verb).with("Any All HandleFunc", every).with("Group", grouped)
}
