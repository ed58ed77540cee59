package frameworks

import (
	"strings"

	"previewd/runtime/endpoints/internal/ecma/eval"
)

// Packages gives the evaluator what it knows of a package, or nil.
func Packages(m *eval.Machine, name string) eval.Value {
	if build := known(name); build != nil {
		return build(m)
	}
	switch {
	case strings.HasPrefix(name, "hono/"), strings.HasPrefix(name, "@hono/"):
		return Hono(m)
	case strings.HasPrefix(name, "@tsed/"):
		return Tsed(m)
	case strings.Contains(name, "express") && strings.Contains(name, "router"):
		return ExpressRouter(expressDialect())
	case strings.Contains(name, "koa") && strings.Contains(name, "router"):
		return KoaRouter(m)
	}
	return nil
}

func known(name string) func(m *eval.Machine) eval.Value {
	switch name {
	case "express", "ultimate-express", "express-ws-routes":
		return Express
	case "koa":
		return Koa
	case "koa-mount":
		return KoaMount
	case "koa-compose", "koa-combine-routers":
		return KoaCompose
	case "fastify":
		return Fastify
	case "@fastify/autoload", "fastify-autoload":
		return FastifyAutoload
	case "fastify-plugin":
		return FastifyPlugin
	case "hono":
		return Hono
	case "elysia":
		return Elysia
	case "restify", "restify-router":
		return Restify
	case "polka", "@tinyhttp/app", "hyper-express", "router":
		return ExpressLike(name, pattern{regexp: '(', optionals: true, stars: true, splat: true}, "prefix")
	case "itty-router":
		return ExpressLike(name, pattern{optionals: true, stars: true}, "base")
	case "h3", "nitropack/runtime":
		return H3
	case "@hapi/hapi", "hapi":
		return Hapi
	case "zod":
		return Zod
	case "@sinclair/typebox", "@fastify/type-provider-typebox":
		return TypeBox
	case "consign", "express-load", "express-consign":
		return Consign
	}
	return controllerLibrary(name)
}

func controllerLibrary(name string) func(m *eval.Machine) eval.Value {
	switch name {
	case "@nestjs/common":
		return NestCommon
	case "@nestjsx/crud", "@dataui/crud":
		return Crud
	case "@loopback/rest":
		return Loopback
	case "@nestjs/core":
		return NestCore
	case "@nestjs/swagger":
		return NestSwagger
	case "@nestjs/config":
		return NestConfig
	case "routing-controllers":
		return RoutingControllers
	case "tsoa", "@tsoa/runtime":
		return Tsoa
	case "inversify-express-utils", "@inversifyjs/http-core":
		return Inversify
	case "@overnightjs/core", "@midwayjs/core", "@midwayjs/decorator", "@decorators/express":
		return Overnight
	case "fastify-decorators":
		return FastifyDecorators
	case "@adonisjs/core/services/router", "@ioc:Adonis/Core/Route":
		return Adonis
	}
	return nil
}

// Serves reports whether the package is a framework that is known here.
func Serves(name string) bool { return known(name) != nil || strings.HasPrefix(name, "@tsed/") }
