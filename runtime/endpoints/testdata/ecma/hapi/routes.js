const handler = () => '';
module.exports = [
  { method: ['PUT', 'PATCH'], path: '/items/{id}', options: { handler, description: 'Changes an item', tags: ['items'] } },
  { method: '*', path: '/any', handler },
  { method: 'DELETE', path: '/maybe/{id?}', handler },
  { method: 'GET', path: '/files/{path*}', handler },
  { method: 'GET', path: '/pair/{both*2}', handler },
];
