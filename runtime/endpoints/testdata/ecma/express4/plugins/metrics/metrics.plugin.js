exports.install = (app) => { app.get('/metrics', (req, res) => res.end()); };
