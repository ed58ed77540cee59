// Starts the dev server, asks for a broken module, and ends.
const { spawn } = require('child_process')
const p = spawn("node", ["/app/node_modules/vite/bin/vite.js", "--port", "5173"], { stdio: "inherit" })
const wait = (ms) => new Promise((r) => setTimeout(r, ms))
;(async () => {
  for (let i = 0; i < 100; i++) { try { await fetch('http://localhost:5173/'); break } catch { await wait(100) } }
  for (const path of ['/', '/src/missing.js', '/src/broken.js', '/src/main.js']) await fetch('http://localhost:5173' + path).then((r) => r.text()).catch(() => {})
  await wait(500)
  p.kill('SIGTERM')
})()
