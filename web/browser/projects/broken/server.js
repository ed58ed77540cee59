const http = require('node:http')

console.log('reading the settings')
http.createServer().listen(prot)
