const Koa = require('koa');
const Router = require('@koa/router');
const mount = require('koa-mount');
const compose = require('koa-compose');
const users = require('./users');
const files = require('./files');

const app = new Koa();
const router = new Router();
const noop = (ctx) => { ctx.body = ''; };

router.get('/', noop).post('/echo', noop);
router.get('named', '/named/:id', noop);
router.del('/gone/:id', noop);
router.all('/any', noop);
router.get(['/one', '/two'], noop);
router.get('/maybe/:id?', noop);
router.register('/registered', ['PUT', 'PATCH'], noop);
router.use('/users', users.routes(), users.allowedMethods());

const nested = new Router({ prefix: '/nested' });
const deep = new Router();
deep.prefix('/deep');
deep.get('/:leaf', noop);
nested.get('/', noop);
nested.use(deep.routes());
const versions = ['v1', 'v2'].map((version) => new Router({ prefix: `/${version}` }).get('/status', noop));

app.use(router.routes()).use(router.allowedMethods());
app.use(nested.middleware());
app.use(compose(versions.map((r) => r.routes())));
app.use(mount('/files', files));
app.listen(3000);
