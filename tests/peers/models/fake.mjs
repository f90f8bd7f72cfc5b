// What no package serves: error bodies as LiteLLM and vLLM word them, answers without end.
//   node fake.mjs
// Prints its address in one line and ends when its standard input does. The model's name says what happens; each
// reply is checked against the official clients by ask.mjs. LiteLLM's and vLLM's words are from their documentation
// and from reports, not from a server of theirs.
import http from 'node:http';

const errors = {
  'litellm-pace': [429, {'retry-after': '0'}, {error: {message: 'litellm.RateLimitError: RateLimitError: ' +
    'OpenAIException - slow down', type: 'throttling_error', param: null, code: '429'}}],
  'litellm-money': [400, {}, {error: {message: 'Budget has been exceeded! Current cost: 1.2, Max budget: 1.0',
    type: 'budget_exceeded', param: null, code: '400'}}],
  'litellm-context': [400, {}, {error: {message: 'litellm.ContextWindowExceededError: litellm.BadRequestError: ' +
    'OpenAIException - This model\'s maximum context length is 8192 tokens', type: null, param: null, code: '400'}}],
  'litellm-unknown': [400, {}, {error: {message: '/chat/completions: Invalid model name passed in model=litellm-unknown',
    type: 'invalid_request_error', param: null, code: '400'}}],
  'litellm-key': [401, {}, {error: {message: 'Authentication Error, Invalid proxy server token passed. Received API ' +
    'Key = KEY', type: 'auth_error', param: 'None', code: '401'}}],
  'vllm-number': [400, {}, {error: {message: 'This model\'s maximum context length is 4096 tokens. However, you ' +
    'requested 5000 tokens', type: 'BadRequestError', param: null, code: 400}}],
  'vllm-flat': [404, {}, {object: 'error', message: 'The model `vllm-flat` does not exist.', type: 'NotFoundError',
    param: null, code: 404}],
  'vllm-inside': [200, {}, {error: {message: 'EngineCore encountered an issue', type: 'InternalServerError',
    param: null, code: 500}}],
  'openai-money': [429, {}, {error: {message: 'You exceeded your current quota', type: 'insufficient_quota',
    param: null, code: 'insufficient_quota'}}],
  'anthropic-busy': [529, {}, {type: 'error', error: {type: 'overloaded_error', message: 'Overloaded'},
    request_id: 'req_1'}],
  'anthropic-cap': [429, {}, {type: 'error', error: {type: 'rate_limit_error', message: 'limit', details:
    {error_code: 'enforced_spend_limit_reached'}}, request_id: 'req_2'}],
};

const text = '{"reasoning": "it caches", "label": "YES"}';
const chat = model => ({id: 'chatcmpl-1', object: 'chat.completion', created: 1795357095, model, choices: [{index: 0,
  message: {role: 'assistant', content: text, refusal: null}, logprobs: null, finish_reason: 'stop'}],
  usage: {prompt_tokens: 321, completion_tokens: 17, total_tokens: 338}});
const message = model => ({id: 'msg_1', type: 'message', role: 'assistant', model, container: null, diagnostics: null,
  content: [{type: 'text', text, citations: null}], stop_reason: 'end_turn', stop_sequence: null, stop_details: null,
  usage: {input_tokens: 321, output_tokens: 17, cache_creation_input_tokens: null, cache_read_input_tokens: null,
    cache_creation: null, server_tool_use: null, service_tier: null, inference_geo: null, speed: null,
    output_tokens_details: null}});

function answer(request, response, body) {
  const asked = JSON.parse(body);
  const send = (status, headers, x) => {
    response.writeHead(status, {'content-type': 'application/json', 'x-request-id': 'req-7', ...headers});
    response.end(JSON.stringify(x));
  };
  const known = errors[asked.model];
  if (known) {
    const key = (request.headers.authorization ?? '').replace('Bearer ', '');
    return send(known[0], known[1], JSON.parse(JSON.stringify(known[2]).replace('KEY', key)));
  }
  if (asked.model === 'plain' && asked.response_format)
    return send(400, {}, {error: {message: 'response_format json_schema is not supported', type: 'BadRequestError',
      param: null, code: 400}});
  if (asked.model === 'drip' || asked.model === 'endless') {
    response.writeHead(200, {'content-type': 'application/json'});
    const more = asked.model === 'drip' ? ' ' : ' '.repeat(1 << 20);
    const pour = setInterval(() => response.write(more), asked.model === 'drip' ? 50 : 1);
    return response.on('close', () => clearInterval(pour));
  }
  if (asked.model === 'hang')
    return undefined;
  return send(200, {}, request.url.endsWith('/messages') ? message(asked.model) : chat(asked.model));
}

const server = http.createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, {'content-type': 'application/json'});
    return response.end(JSON.stringify({object: 'list', data: [{id: 'some-model', object: 'model', created: 1,
      owned_by: 'us'}]}));
  }
  const parts = [];
  request.on('data', x => parts.push(x));
  return request.on('end', () => answer(request, response, Buffer.concat(parts).toString()));
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
