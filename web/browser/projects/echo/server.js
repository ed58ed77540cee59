// A small app with all that breaks in frames: cookies, WebSockets, events. It needs no packages.
const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const http = require('node:http')

const page = readFileSync(`${__dirname}/index.html`)

const server = http.createServer((req, res) => {
  const url = new URL(req.url, 'http://app')
  const route = routes[`${req.method} ${url.pathname}`]
  if (route) return route(req, res, url)
  res.writeHead(404, { 'Content-Type': 'application/json' }).end('{"detail":"Not Found"}')
})

const json = (res, value, headers = {}) => res.writeHead(200, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value))

const routes = {
  'GET /': (req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end(page),
  'GET /about': (req, res) => res.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>About</h1><a href="/">home</a>'),
  'POST /login': (req, res) => json(res, { ok: true }, { 'Set-Cookie': 'session=alice; HttpOnly; Path=/' }),
  'GET /me': (req, res) => json(res, { user: /session=(\w+)/.exec(req.headers.cookie ?? '')?.[1] ?? null }),
  'POST /notes': (req, res, url) => body(req, (text) => json(res, { got: JSON.parse(text), tag: url.searchParams.get('tag'), trace: req.headers['x-trace'] ?? null })),
  'GET /lines': (req, res, url) => {
    const n = Number(url.searchParams.get('n'))
    for (let i = 1; i <= n; i++) console.log(`line ${i} of ${n}`)
    json(res, { written: n })
  },
  'GET /colours': (req, res) => {
    console.log('\x1b[32mgreen\x1b[0m and \x1b[1;31mbold red\x1b[0m <img src=x onerror="document.title=1">')
    console.error(new Error('something broke').stack)
    json(res, {})
  },
}

function body(req, then) {
  let text = ''
  req.on('data', (chunk) => (text += chunk)).on('end', () => then(text))
}

// RFC 6455, as far as an echo of short texts needs it.
server.on('upgrade', (req, socket) => {
  const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
  socket.on('error', () => socket.destroy())
  socket.on('data', (frame) => {
    if ((frame[0] & 15) !== 1) return socket.end()
    const length = frame[1] & 127
    const text = Buffer.from(frame.subarray(6, 6 + length).map((b, i) => b ^ frame[2 + (i % 4)]))
    socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]))
  })
})

server.listen(process.env.PORT, () => console.log(`listening, greeting is ${process.env.GREETING}, key is ${process.env.API_KEY}`))
