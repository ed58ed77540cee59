module.exports = async (fastify) => { fastify.get('/status', async () => ({})); };
