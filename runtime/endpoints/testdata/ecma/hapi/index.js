const Hapi = require('@hapi/hapi');
const routes = require('./routes');
const init = async () => {
  const server = Hapi.server({ port: 3000, host: 'localhost' });
  server.route({ method: 'GET', path: '/', handler: () => '' });
  server.route(routes);
  await server.register({ plugin: require('./plugin'), routes: { prefix: '/plugin' } });
  await server.register([require('./plain')]);
  await server.start();
};
init();
