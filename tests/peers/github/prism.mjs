// Prism with GitHub's REST description between a client and the server:
//   node prism.mjs UPSTREAM_PORT [PORT]    ends on SIGTERM or at the end of stdin
// A wrong request gets 422, a wrong reply of the server 500, each with reasons.
// Prints {"port": N} when it listens. Prism follows redirects itself, so a client
// behind it sees no 301; the server's absolute addresses then name Prism.

import { spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const [upstream, wanted = '0'] = process.argv.slice(2)
if (!upstream) {
  console.error('prism.mjs: UPSTREAM_PORT [PORT]')
  process.exit(2)
}

/// Prism wants to be told a port.
function free() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(String(port)))
    })
  })
}

const port = wanted === '0' ? await free() : wanted
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const prism = spawn(process.execPath, [
  here('node_modules/@stoplight/prism-cli/dist/index.js'), 'proxy', '--errors', '-h', '127.0.0.1', '-p', port, '-v', 'warn',
  here('openapi/github-subset.json'), `http://127.0.0.1:${upstream}`,
], { stdio: ['ignore', process.stderr, process.stderr] })
prism.on('exit', (code) => process.exit(code ?? 1))
const end = () => prism.kill('SIGTERM')
process.on('SIGTERM', end)
process.on('SIGINT', end)
process.stdin.on('end', end).on('error', end).resume()

const listens = () => new Promise((resolve) => {
  const socket = connect(Number(port), '127.0.0.1', () => socket.end(() => resolve(true)))
  socket.on('error', () => resolve(false))
})
for (let i = 0; i < 300; i += 1) {
  if (await listens()) {
    const api = `http://127.0.0.1:${port}`
    await fetch(`http://127.0.0.1:${upstream}/__sim/api`, { method: 'POST', body: JSON.stringify({ api }) }).catch(() => {})
    console.log(JSON.stringify({ port: Number(port) }))
    break
  }
  await sleep(100)
}
