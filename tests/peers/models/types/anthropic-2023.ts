export type {Message, MessageCreateParamsNonStreaming} from 'anthropic-2023/resources/messages';
