const log = require('bunyan').createLogger({ name: 'app', level: 'trace' })
for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level]('something')
log.error({ err: new Error('it broke') }, 'cannot')
