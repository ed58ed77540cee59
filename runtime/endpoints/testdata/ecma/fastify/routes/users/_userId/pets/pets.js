module.exports = async (fastify) => { fastify.get('/list', async () => ({})); };
