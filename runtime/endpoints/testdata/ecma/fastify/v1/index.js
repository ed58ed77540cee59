module.exports = async function v1(fastify, options) {
  fastify.get('/', async () => ({}));
  fastify.get('/answer', { schema: { querystring: { type: 'object', properties: { q: { type: 'string' } } } } }, fastify.answer);
  fastify.register(require('./nested'), { prefix: '/nested' });
};
