const express = require('express');
const { Router } = express;
const config = require('./config');
const mount = require('./lib/mount');
const legacy = require('./routes/legacy');

const app = express();
app.set('view engine', 'pug');
app.set('title', 'Corpus');
app.use(express.json());
app.use('/static', express.static('public'));
if (app.get('title') !== 'Corpus') throw new Error('settings are not routes');

app.get('/', home);
app.get('/optional/:id?', home);
app.get(['/many', '/list/:page(\\d+)'], home);
app.get('/files/*', home);
app.get('/range/:from-:to', home);
app.get('/download/:name.:ext', home);
app.all('/any', home);
app.head('/probe', home);
app.route('/books').get(home).post([home, home]).all(home);
app.route('/books/:id').put(home)
  .delete(home);

app.use(`${config.prefix}/users`, require('./routes/users'));
app.use('/api', [guard, require('./routes/tags')]);
require('./routes')(app);
legacy.register(app, { base: '/legacy' });
mount(app);

const admin = express();
admin.get('/', home);
admin.get('/stats', home);
app.use('/admin', guard, admin);

const outer = Router();
const inner = Router({ mergeParams: true });
inner.get('/', home);
inner.post('/:comment', home);
outer.use('/posts/:post/comments', inner);
app.use(outer);

['north', 'south'].forEach((side) => {
  const router = Router();
  router.get('/' + side, home);
  app.use('/sides', router);
});
for (const verb of ['get', 'post']) app[verb]('/looped', home);
Object.entries({ '/alpha': home, '/beta': home }).forEach(([path, handler]) => app.get(path, handler));

const unused = Router();
unused.get('/never', home);

function guard(req, res, next) { next(); }
function home(req, res) { res.json({ title: app.get('title') }); }

module.exports = app;
