const express = require('express');

module.exports = function crud(name, { readOnly = false } = {}) {
  const router = express.Router();
  const answer = (req, res) => res.json({ name });
  router.get('/', answer);
  router.get(`/:${name}Id`, answer);
  if (readOnly) return router;
  router.post('/', answer);
  router.put(`/:${name}Id`, answer);
  return router;
};
