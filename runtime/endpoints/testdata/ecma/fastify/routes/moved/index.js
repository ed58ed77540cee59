module.exports = async (fastify) => { fastify.get('/here', async () => ({})); };
module.exports.autoPrefix = '/elsewhere';
