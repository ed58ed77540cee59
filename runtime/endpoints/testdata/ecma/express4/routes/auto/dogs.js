const { Router } = require('express');
const router = (module.exports = Router());
router.route('/').get(list).post(list);
function list(req, res) { res.json([]); }
