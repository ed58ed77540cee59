module.exports = { prefix: process.env.API_PREFIX || '/api', ...{ version: 1 } };
