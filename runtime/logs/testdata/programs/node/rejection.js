console.log('starting')
Promise.reject(new Error('nobody waits'))
setTimeout(() => {}, 1000)
