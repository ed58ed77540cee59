import { OpenAPIHono, createRoute, z } from '@hono/zod-openapi';
const app = new OpenAPIHono();
const read = createRoute({
  method: 'get', path: '/things/{id}', summary: 'Reads a thing', tags: ['things'],
  request: { params: z.object({ id: z.string() }), query: z.object({ full: z.boolean().optional() }) },
  responses: { 200: { description: 'a thing', content: { 'application/json': { schema: z.object({ id: z.string() }) } } } },
});
const create = createRoute({
  method: 'post', path: '/things',
  request: { body: { content: { 'application/json': { schema: z.object({ name: z.string().min(1), count: z.number().int().default(1), kind: z.enum(['a', 'b']) }) } } } },
  responses: { 201: { description: 'made' } },
});
app.openapi(read, (c) => c.json({ id: '' }));
app.openapi(create, (c) => c.body(null, 201));
app.doc('/doc', { openapi: '3.0.0', info: { title: 'x', version: '1' } });
export default app;
