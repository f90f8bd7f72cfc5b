// aimock on a free port, for both APIs; the answers are those of a file:
//   node serve.mjs FIXTURES.json [KEY [MILLISECONDS before each answer]]
// Prints its address in one line and ends when its standard input does. GET
// /__aimock/journal tells what it was asked.
import fs from 'node:fs';
import {LLMock} from '@copilotkit/aimock';

const [file, key, wait] = process.argv.slice(2);
const mock = new LLMock({port: 0, host: '127.0.0.1', strict: true, logLevel: 'silent',
  ...(key ? {auth: {apiKeys: [key]}} : {}), ...(wait ? {chaos: {latencyMs: Number(wait)}} : {})});
mock.addFixturesFromJSON(JSON.parse(fs.readFileSync(file)).fixtures);
await mock.start();
console.log(mock.url);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
