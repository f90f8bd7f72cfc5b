export type {Message, MessageCreateParamsNonStreaming} from 'anthropic-2026/resources/messages';
