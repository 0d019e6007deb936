export const PARTS: string;
export const llamaServer: string;
export const ollama: string;
export function installLlamaServer(): void;
export function installOllama(): void;
