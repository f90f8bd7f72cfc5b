export type {ChatCompletion, ChatCompletionCreateParamsNonStreaming} from 'openai/resources/chat/completions';
