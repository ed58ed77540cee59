module.exports = (fastify, _opts, done) => {
  fastify.delete('/:id', async () => ({}));
  done();
};
module.exports[Symbol.for('plugin-meta')] = {};
