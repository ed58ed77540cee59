module.exports = async (fastify) => { fastify.get('/ignored', async () => ({})); };
