exports.list = async (req, res) => { const { page, limit = 10 } = req.query; res.json({ page, limit }); };
exports.create = async (req, res) => { const { name, email } = req.body; res.json({ name, email, age: req.body.age }); };
exports.read = async (req, res) => res.json({ id: req.params.id });
exports.remove = async (req, res) => res.status(204).end();
