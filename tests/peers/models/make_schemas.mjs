// JSON Schemas of requests and replies, from the types of the official SDKs:
//   node make_schemas.mjs
// Writes schemas/API-KIND.json anew. Run it when a version in package.json changes.
import fs from 'node:fs';
import {createGenerator} from 'ts-json-schema-generator';

const here = new URL('.', import.meta.url).pathname;
const wanted = {
  openai: {request: 'ChatCompletionCreateParamsNonStreaming', reply: 'ChatCompletion'},
  'anthropic-2023': {request: 'MessageCreateParamsNonStreaming', reply: 'Message'},
  'anthropic-2026': {request: 'MessageCreateParamsNonStreaming', reply: 'Message'},
};

for (const [api, types] of Object.entries(wanted)) {
  const version = JSON.parse(fs.readFileSync(`${here}/node_modules/${api}/package.json`)).version;
  for (const [kind, type] of Object.entries(types)) {
    const schema = createGenerator({
      path: `${here}/types/${api}.ts`,
      tsconfig: `${here}/types/tsconfig.json`,
      type,
      skipTypeCheck: true,
      // A request must not have fields that the API does not know; a reply may.
      additionalProperties: kind === 'reply',
    }).createSchema(type);
    schema.$comment = `${type} of ${api} ${version}`;
    // Descriptions are most of the text, and check nothing.
    const bare = JSON.stringify(schema, (key, value) =>
      key === 'description' && typeof value === 'string' ? undefined : value);
    fs.writeFileSync(`${here}/schemas/${api}-${kind}.json`, bare + '\n');
    console.log(api, kind, version, bare.length);
  }
}
