'use strict';
const path = require('node:path');
const build = require('fastify');
const autoload = require('@fastify/autoload');

async function main() {
  const fastify = build({ logger: false });
  fastify.register(require('./plugins/decorate'));
  await fastify.register(autoload, { dir: path.join(__dirname, 'routes'), options: { prefix: '/api' }, routeParams: true });
  fastify.get('/', async () => ({}));
  fastify.route({
    method: ['PUT', 'PATCH'],
    url: '/items/:id',
    schema: {
      summary: 'Changes an item', tags: ['items'],
      params: { type: 'object', properties: { id: { type: 'integer' } } },
      querystring: { type: 'object', required: ['dry'], properties: { dry: { type: 'boolean', default: false } } },
      body: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, price: { type: 'number' } } },
      response: { 200: { type: 'object', properties: { id: { type: 'integer' } } } },
    },
    handler: async () => ({}),
  });
  fastify.register(require('./v1'), { prefix: '/v1' });
  fastify.register((instance, opts, done) => {
    instance.get('/inline', async () => ({}));
    instance.all('/every', async () => ({}));
    done();
  }, { prefix: '/scoped' });
  fastify.register(async (instance) => {
    instance.get('/example/at/:hour(^\\d{2})h:minute(^\\d{2})m', async () => ({}));
    instance.get('/file/:name(^\\w+).png', async () => ({}));
    instance.get('/maybe/:id?', async () => ({}));
    instance.get('/star/*', async () => ({}));
    instance.post('/name::verb', async () => ({}));
  });
  await fastify.listen({ port: 3000 });
}
main();
