const router = require('express').Router({ mergeParams: true });
router.get('/', (req, res) => res.json(req.params)).put('/', (req, res) => res.json(req.params));
module.exports = router;
