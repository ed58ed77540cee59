module.exports = { name: 'plain', register(server) { server.route({ method: 'GET', path: '/plain', handler: () => '' }); } };
