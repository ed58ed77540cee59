const net = require('net')
const s = net.createServer().listen(3999, () => net.createServer().listen(3999))
