const { createLogger, format, transports } = require('winston')
const levels = ['silly', 'debug', 'verbose', 'http', 'info', 'warn', 'error']
for (const f of [
  format.json(), format.simple(), format.combine(format.colorize(), format.simple()), format.cli(),
  format.combine(format.timestamp(), format.printf((i) => `${i.timestamp} ${i.level}: ${i.message}`)),
  format.combine(format.timestamp(), format.printf((i) => `${i.timestamp} [${i.level.toUpperCase()}]: ${i.message}`)),
  format.combine(format.errors({ stack: true }), format.printf((i) => `${i.level}: ${i.stack || i.message}`)),
]) {
  const log = createLogger({ level: 'silly', format: f, transports: [new transports.Console()] })
  for (const level of levels) log[level]('something')
  log.error(new Error('it broke'))
  log.info('after', { n: 1 })
}
