const express = require('express')
const app = express()
app.use(require('morgan')(process.argv[2] || 'dev'))
app.get('/', (req, res) => res.send('ok'))
app.get('/broken', () => { throw new TypeError('no answer', { cause: new Error('the reason') }) })
const server = app.listen(0, () => {
  console.log('listening on http://localhost:3000')
  require('./visits')(server.address().port, '/', '/missing', '/broken', '/')
})
