// What the official clients make of a service:
//   node ask.mjs openai|anthropic-2023|anthropic-2026 URL MODEL...
// Prints a list with {"text", "finish", "tokens"} or {"error", "status", "code", "type"} for each. No retries.
import OpenAI from 'openai';
import Anthropic2023 from 'anthropic-2023';
import Anthropic2026 from 'anthropic-2026';

const [api, url, ...models] = process.argv.slice(2);
const question = [{role: 'user', content: 'is it faster?'}];

async function openai(model) {
  const client = new OpenAI({baseURL: `${url}/v1`, apiKey: 'secret', maxRetries: 0, timeout: 5000});
  const x = await client.chat.completions.create({model, messages: question, max_tokens: 64});
  return {text: x.choices[0].message.content, finish: x.choices[0].finish_reason, tokens: x.usage.total_tokens};
}

async function anthropic(Client, model) {
  const client = new Client({baseURL: url, apiKey: 'secret', maxRetries: 0, timeout: 5000});
  const x = await client.messages.create({model, messages: question, max_tokens: 64});
  return {text: x.content[0].text, finish: x.stop_reason, tokens: x.usage.input_tokens + x.usage.output_tokens};
}

const clients = {openai, 'anthropic-2023': x => anthropic(Anthropic2023, x),
  'anthropic-2026': x => anthropic(Anthropic2026, x)};
const seen = [];
for (const model of models) {
  try {
    seen.push(await clients[api](model));
  } catch (x) {
    seen.push({error: x.constructor.name, status: x.status ?? null, code: x.code ?? null,
      type: x.type ?? x.error?.error?.type ?? null, message: x.message});
  }
}
console.log(JSON.stringify(seen));
