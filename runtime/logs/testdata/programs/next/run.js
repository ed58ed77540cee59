// Starts the dev server, asks for working and broken pages, and ends.
const { spawn } = require('child_process')
const p = spawn('node', ['/app/node_modules/next/dist/bin/next', 'dev', '-p', '3000'], { stdio: 'inherit', env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } })
const wait = (ms) => new Promise((r) => setTimeout(r, ms))
;(async () => {
  for (let i = 0; i < 200; i++) { try { await fetch('http://localhost:3000/api/ok'); break } catch { await wait(200) } }
  for (const path of ['/', '/missing', '/broken', '/syntax', '/api/broken']) await fetch('http://localhost:3000' + path).then((r) => r.text()).catch(() => {})
  await wait(1000)
  p.kill('SIGTERM')
})()
