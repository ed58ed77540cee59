// visit asks the server on port for some paths and then ends the process.
module.exports = async (port, ...paths) => {
  for (const path of paths) await fetch(`http://127.0.0.1:${port}${path}`).then((r) => r.text())
  setTimeout(() => process.exit(0), 200)
}
