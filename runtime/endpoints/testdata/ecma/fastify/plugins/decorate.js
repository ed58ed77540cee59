const fp = require('fastify-plugin');
module.exports = fp(async function (fastify) {
  fastify.decorate('answer', async () => 42);
  fastify.get('/from-plugin', async () => ({}));
}, { name: 'decorate' });
