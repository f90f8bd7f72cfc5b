// Is a JSON text what the official SDK's types allow?
//   node check.mjs API-KIND FILE...     e.g. openai-request body.json
// Prints {"FILE": [objections]}; an empty list is a yes.
import fs from 'node:fs';
import Ajv from 'ajv';
import formats from 'ajv-formats';

const [name, ...files] = process.argv.slice(2);
const here = new URL('.', import.meta.url).pathname;
const schema = JSON.parse(fs.readFileSync(`${here}/schemas/${name}.json`));
const ajv = new Ajv({strict: false, allErrors: false, logger: false});
formats(ajv);
const check = ajv.compile(schema);
const result = {};
for (const file of files) {
  const fits = check(JSON.parse(fs.readFileSync(file)));
  result[file] = fits ? [] : check.errors.map(x => `${x.instancePath} ${x.message} ${JSON.stringify(x.params)}`);
}
console.log(JSON.stringify(result));
