// Prism with GitHub's REST description between a client and the server:
//   node prism.mjs UPSTREAM_PORT PORT      ends on SIGTERM or at the end of stdin
// A wrong request gets 422, a wrong reply of the server 500, each with reasons.
// Prints {"port": N} when it listens.

import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const [upstream, port] = process.argv.slice(2)
if (!upstream || !port) {
  console.error('prism.mjs: UPSTREAM_PORT PORT')
  process.exit(2)
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const prism = spawn(process.execPath, [
  here('node_modules/@stoplight/prism-cli/dist/index.js'), 'proxy', '--errors', '-h', '127.0.0.1', '-p', port, '-v', 'warn',
  here('openapi/github-subset.json'), `http://127.0.0.1:${upstream}`,
], { stdio: ['ignore', 'inherit', 'inherit'] })
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
    console.log(JSON.stringify({ port: Number(port) }))
    break
  }
  await sleep(100)
}
