export default (app) => app.get('/search', (req, res) => res.json(req.query.q));
