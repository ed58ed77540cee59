exports.plugin = { name: 'things', version: '1.0.0', register: async (server, options) => {
  server.route({ method: 'GET', path: '/things', handler: () => [] });
} };
