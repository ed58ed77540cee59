package ecma_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"previewd/runtime/endpoints/internal/ecma"
)

// TestDescribe holds what is told of an endpoint beside its path to what each source of it says.
func TestDescribe(t *testing.T) {
	tests := map[string]struct{ dependencies, source, want string }{
		"comments and handlers": {
			"express",
			`const app = require('express')();
/** Lists things. More of it. @internal
 * @tags one, two */
app.get('/things', (req, res) => { const { page: p, size = 3 } = req.query; req.query.sort; });
// POST /things - Makes a thing
// @access private
app.post('/things', wrap(async (req, res) => { const { name } = req.body; use(req.body.price, req.body.length); }));

// a comment on something else; const x = 1;
app.put('/plain', load);
function load(ctx) { ctx.request.body.title; }
function wrap(handler) { return (req, res, next) => handler(req, res).catch(next); }
app.listen(1);`,
			`[
{"path":"/plain","method":"PUT","name":"load","request_schema":{"type":"object","properties":{"title":{}}}},
{"path":"/things","method":"GET","summary":"Lists things","description":"More of it. @internal","tags":["one","two"],"parameters":[{"name":"page","in":"query","type":"string"},{"name":"size","in":"query","type":"string"},{"name":"sort","in":"query","type":"string"}]},
{"path":"/things","method":"POST","summary":"Makes a thing","request_schema":{"type":"object","properties":{"name":{},"price":{}}}}
]`,
		},
		"swagger-jsdoc": {
			"express",
			`const app = require('express')();
/**
 * @swagger
 * /pets/{id}:
 *   put:
 *     summary: Changes a pet
 *     description: All of it
 *     tags: [pets]
 *     parameters:
 *       - {in: path, name: id, required: true, schema: {type: integer}, description: which}
 *       - {in: query, name: dry, type: boolean}
 *     requestBody:
 *       content:
 *         application/json:
 *           schema: {type: object, properties: {name: {type: string}}}
 */
app.put('/pets/:id', (req, res) => {});
/**
 * @openapi
 * /pets:
 *   post:
 *     parameters: [{in: body, name: pet, schema: {$ref: '#/definitions/Pet'}}]
 *     summary: Makes a pet
 */
app.post('/pets', (req, res) => {});
app.listen(1);`,
			`[
{"path":"/pets","method":"POST","summary":"Makes a pet"},
{"path":"/pets/{id}","method":"PUT","summary":"Changes a pet","description":"All of it","tags":["pets"],"parameters":[{"name":"id","in":"path","type":"integer","required":true,"description":"which"},{"name":"dry","in":"query","type":"boolean"}],"request_schema":{"type":"object","properties":{"name":{"type":"string"}}}}
]`,
		},
		"TypeBox": {
			"fastify",
			`import Fastify from 'fastify';
import { Type } from '@sinclair/typebox';
const app = Fastify();
app.post('/pets', { schema: {
  description: 'Makes a pet', operationId: 'makePet', tags: ['pets'],
  querystring: Type.Object({ dry: Type.Optional(Type.Boolean()), size: Type.Integer({ default: 3, format: 'int32' }) }),
  headers: Type.Object({ 'x-key': Type.String({ enum: ['a', 'b'], description: 'a key' }) }),
  body: Type.Object({ name: Type.String(), tags: Type.Array(Type.String()) }),
  response: { 201: { type: 'array', items: { type: 'string' } } },
} }, async () => ({}));
app.listen({ port: 1 });`,
			`[
{"path":"/pets","method":"POST","name":"makePet","description":"Makes a pet","tags":["pets"],"parameters":[{"name":"dry","in":"query","type":"boolean"},{"name":"size","in":"query","type":"integer","format":"int32","default":3},{"name":"x-key","in":"header","type":"string","required":true,"description":"a key","enum":["a","b"]}],"request_schema":{"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}}},"required":["name","tags"]},"response_schema":{"type":"array","items":{"type":"string"}}}
]`,
		},
		"zod": {
			"hono",
			`import { OpenAPIHono, createRoute } from '@hono/zod-openapi';
import { z } from 'zod';
const Base = z.object({ id: z.string().uuid(), at: z.date().optional() });
const Pet = Base.extend({ name: z.string().min(2).max(9).describe('its name'), age: z.coerce.number().int().min(0).default(1) });
const Kind = z.nativeEnum({ Cat: 'cat', Dog: 'dog' });
const app = new OpenAPIHono();
app.openapi(createRoute({ method: 'put', path: '/pets/{id}', operationId: 'put', request: {
  params: z.object({ id: z.string().openapi({ example: 'x' }) }),
  body: { content: { 'application/json': { schema: Pet.partial() } } },
}, responses: { 200: { description: 'ok', content: { 'application/json': { schema: z.array(z.object({ kind: Kind, mail: z.string().email(), is: z.literal('pet'), list: z.string().array(), link: z.string().url() })) } } } } }), (c) => c);
export default app;`,
			`[
{"path":"/pets/{id}","method":"PUT","name":"put","parameters":[{"name":"id","in":"path","type":"string","required":true}],
"request_schema":{"type":"object","properties":{"id":{"type":"string","format":"uuid"},"at":{"type":"string","format":"date-time"},"name":{"type":"string","minLength":2,"maxLength":9,"description":"its name"},"age":{"type":"integer","minimum":0,"default":1}}},
"response_schema":{"type":"array","items":{"type":"object","properties":{"kind":{"type":"string","enum":["cat","dog"]},"mail":{"type":"string","format":"email"},"is":{"const":"pet"},"list":{"type":"array","items":{"type":"string"}},"link":{"type":"string","format":"uri"}},"required":["kind","mail","is","list","link"]}}}
]`,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := projectOf(fstest.MapFS{
				"package.json": {Data: []byte(`{"main": "a.js", "dependencies": {"` + test.dependencies + `": "1"}}`)},
				"a.js":         {Data: []byte(test.source)},
			})
			found := ecma.Routes(context.Background(), p)
			listed(found) // sorts
			data, err := json.Marshal(found)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(bare(t, test.want), bare(t, string(data))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// bare decodes endpoints without their places and what is empty.
func bare(t *testing.T, text string) []map[string]any {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		delete(e, "source")
		for key, v := range e {
			switch v := v.(type) {
			case nil:
				delete(e, key)
			case string:
				if v == "" {
					delete(e, key)
				}
			case []any:
				if len(v) == 0 {
					delete(e, key)
				}
				for _, p := range v {
					if p, ok := p.(map[string]any); ok && p["required"] == false {
						delete(p, "required")
					}
				}
			}
		}
	}
	return list
}
