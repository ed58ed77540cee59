const log = require('pino')({ level: 'trace' }, require('pino-pretty')({ colorize: true, sync: true }))
for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal']) log[level]({ n: 1 }, 'something')
log.error(new Error('it broke'), 'cannot')
log.info('after')
