function start() {
  throw new Error('it broke', { cause: new RangeError('too far') })
}
console.log('starting')
start()
