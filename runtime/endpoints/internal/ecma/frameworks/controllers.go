package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Keys of what decorators note at classes, members and parameters.
const (
	metaController = "controller"
	metaVerb       = "verb"
	metaPath       = "path"
	metaVersion    = "version"
	metaModule     = "module"
	metaSummary    = "summary"
	metaTags       = "tags"
	metaIn         = "in"
	metaName       = "name"
	metaStyle      = "style"
	metaHidden     = "hidden"
)

// controllerDecorator makes a class a controller.
func controllerDecorator(name, style string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		at := c.Arg(0)
		var version, tags eval.Value
		if o, ok := at.(*eval.Object); ok {
			version = c.M.Get(o, "version")
			at = c.M.Get(o, "path")
			if _, ok := paths(at); !ok {
				at = c.M.Get(o, "route")
			}
		}
		return eval.Decorator(name, func(m *eval.Machine, t eval.Target) {
			if t.Member != nil || t.Param != nil {
				return
			}
			t.Class.Meta[metaController] = at
			if version != nil {
				t.Class.Meta[metaVersion] = version
			}
			if tags != nil {
				t.Class.Meta[metaTags] = tags
			}
			TableOf(m).controller(t.Class, style)
		})
	})
}

// verbDecorator makes a method a route.
func verbDecorator(name, verb string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		at := c.Arg(0)
		if o, ok := at.(*eval.Object); ok {
			if at = c.M.Get(o, "url"); !isText(at) {
				at = c.M.Get(o, "path")
			}
		}
		return eval.Decorator(name, func(_ *eval.Machine, t eval.Target) {
			if t.Member == nil {
				return
			}
			t.Member.Meta[metaVerb], t.Member.Meta[metaPath] = eval.Str{S: verb}, at
		})
	})
}

func isText(v eval.Value) bool {
	_, ok := paths(v)
	return ok
}

// verbDecorators are Get, Post and so on, with the text around their names.
func verbDecorators(props map[string]eval.Value, before string, write func(string) string) {
	for _, verb := range []string{"Get", "Post", "Put", "Delete", "Patch", "Head", "Options", "All"} {
		method := strings.ToUpper(verb)
		if verb == "All" {
			method = "*"
		}
		name := before + write(verb)
		props[name] = verbDecorator(name, method)
	}
}

func asIs(s string) string { return s }

// note is a decorator that notes its argument under the key.
func note(name, key string, pick func(c *eval.Call) eval.Value) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		v := pick(c)
		return eval.Decorator(name, func(_ *eval.Machine, t eval.Target) {
			switch {
			case t.Param != nil:
				t.Param.Meta[key] = v
			case t.Member != nil:
				t.Member.Meta[key] = v
			default:
				t.Class.Meta[key] = v
			}
		})
	})
}

func first(c *eval.Call) eval.Value { return c.Arg(0) }

// paramDecorator is @Query("name") and its like.
func paramDecorator(name, in string) eval.Value {
	return eval.Native(name, func(c *eval.Call) eval.Value {
		key := c.Arg(0)
		return eval.Decorator(name, func(_ *eval.Machine, t eval.Target) {
			if t.Param == nil {
				return
			}
			t.Param.Meta[metaIn], t.Param.Meta[metaName] = eval.Str{S: in}, key
		})
	})
}

// decorators are the controllers of libraries that put them on Express, Koa or Fastify.
func decorators(style string, controllers []string, before string, write func(string) string) *eval.Partial {
	props := map[string]eval.Value{}
	for _, name := range controllers {
		props[name] = controllerDecorator(name, style)
	}
	verbDecorators(props, before, write)
	for name, in := range map[string]string{
		"Param": "path", "QueryParam": "query", "Body": "body", "HeaderParam": "header", "Path": "path", "Query": "query",
		"requestParam": "path", "queryParam": "query", "requestBody": "body", "Header": "header", "PathParams": "path",
		"QueryParams": "query", "BodyParams": "body",
	} {
		props[name] = paramDecorator(name, in)
	}
	props["Tags"] = note("Tags", metaTags, func(c *eval.Call) eval.Value { return &eval.Array{Items: c.Args} })
	return &eval.Partial{Name: style, Props: props}
}

// RoutingControllers is the package routing-controllers.
func RoutingControllers(*eval.Machine) eval.Value {
	p := decorators("routing-controllers", []string{"Controller", "JsonController"}, "", asIs)
	server := func(at int) eval.Value {
		return eval.Native("server", func(c *eval.Call) eval.Value {
			TableOf(c.M).serve(c.M, c.Arg(at), "routePrefix")
			if r, ok := routerOf(c.Arg(0)); ok {
				return r
			}
			return &eval.Unknown{Label: "app"}
		})
	}
	p.Props["createExpressServer"], p.Props["createKoaServer"] = server(0), server(0)
	p.Props["useExpressServer"], p.Props["useKoaServer"] = server(1), server(1)
	return p
}

// Tsoa is the package tsoa.
func Tsoa(*eval.Machine) eval.Value {
	p := decorators("tsoa", []string{"Route"}, "", asIs)
	p.Props["Controller"] = &eval.Unknown{Label: "Controller", Pkg: "tsoa"}
	return p
}

// Inversify is the package inversify-express-utils.
func Inversify(*eval.Machine) eval.Value {
	p := decorators("inversify", []string{"controller"}, "http", asIs)
	p.Props["InversifyExpressServer"] = eval.Native("InversifyExpressServer", func(c *eval.Call) eval.Value {
		if prefix := option(c.M, c.Arg(2), "rootPath"); prefix != "" {
			TableOf(c.M).prefix("inversify", prefix)
		}
		return &eval.Unknown{Label: "server"}
	})
	return p
}

// Overnight is @overnightjs/core, Midway's and others that only differ in names.
func Overnight(*eval.Machine) eval.Value {
	return decorators("overnight", []string{"Controller"}, "", asIs)
}

// FastifyDecorators is the package fastify-decorators.
func FastifyDecorators(*eval.Machine) eval.Value {
	return decorators("fastify-decorators", []string{"Controller"}, "", strings.ToUpper)
}

// Loopback is @loopback/rest: methods of any class are routes.
func Loopback(*eval.Machine) eval.Value {
	props := map[string]eval.Value{}
	for name, verb := range map[string]string{"get": "GET", "post": "POST", "put": "PUT", "patch": "PATCH", "del": "DELETE"} {
		decorate := verbDecorator(name, verb)
		props[name] = eval.Native(name, func(c *eval.Call) eval.Value {
			inner, _ := c.M.Call(decorate, eval.Undefined{}, c.Args, c.Site).(*eval.Func)
			return eval.Native(name, func(at *eval.Call) eval.Value {
				if class := eval.ClassOf(at); class != nil {
					TableOf(at.M).controller(class, "loopback")
				}
				return inner.Native(at)
			})
		})
	}
	return &eval.Partial{Name: "loopback", Props: props}
}

// Tsed is the packages of Ts.ED.
func Tsed(*eval.Machine) eval.Value {
	p := decorators("tsed", []string{"Controller"}, "", asIs)
	p.Props["Configuration"] = eval.Native("Configuration", func(c *eval.Call) eval.Value {
		mount, _ := c.M.Get(c.Arg(0), "mount").(*eval.Object)
		for _, prefix := range eval.Keys(mount) {
			TableOf(c.M).prefix("tsed", prefix)
		}
		return eval.Undefined{}
	})
	return p
}
