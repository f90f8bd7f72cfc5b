// A GitHub of our own on 127.0.0.1, with GitHub's schema and a world of
// make_world.mjs; prints {"port": N} when it listens:
//   node server.mjs --world DIR [--port 0] [--faults none|observed] [--seed S]
//     [--now TIME] [--tokens a,b,c] [--app-key FILE] [--max-in-flight N]
// Ends on SIGTERM or when stdin closes. README.md tells of paths and faults.

import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { Simulation } from './server/simulation.mjs'

const { values } = parseArgs({ options: {
  world: { type: 'string' }, port: { type: 'string', default: '0' }, faults: { type: 'string', default: 'none' }, seed: { type: 'string', default: '1' },
  now: { type: 'string', default: '2026-11-01T00:00:00Z' }, tokens: { type: 'string', default: 'test-token' }, 'app-key': { type: 'string' },
  'max-in-flight': { type: 'string', default: '20' },
} })
if (!values.world || !['none', 'observed'].includes(values.faults)) {
  console.error('server.mjs: --world names the folder of a made world; --faults is none or observed')
  process.exit(2)
}

const simulation = new Simulation({
  world: values.world, faults: values.faults, seed: values.seed, now: values.now, tokens: values.tokens.split(',').filter(Boolean),
  appKey: values['app-key'] ? readFileSync(values['app-key']) : null, maxInFlight: Number(values['max-in-flight']),
})
const server = createServer((request, response) => {
  simulation.serve(request, response).catch((e) => {
    console.error(e)
    if (!response.headersSent) response.writeHead(500)
    response.end(`the simulation failed: ${e.message}`)
  })
})
server.on('connection', (socket) => simulation.connected(socket))
server.keepAliveTimeout = 60_000

function end() {
  server.close()
  server.closeAllConnections()
  process.exit(0)
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
process.stdin.on('end', end).on('error', end).resume()
server.listen(Number(values.port), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })))
