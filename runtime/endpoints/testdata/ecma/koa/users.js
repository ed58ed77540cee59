const Router = require('@koa/router');
const router = new Router();
router.get('/', (ctx) => { ctx.body = []; });
router.get('/:id', (ctx) => { ctx.body = {}; });
router.put('/:id', (ctx) => { ctx.body = {}; });
module.exports = router;
