const app = require('express')();
app.get('/dead', (req, res) => res.end());
app.listen(1);
