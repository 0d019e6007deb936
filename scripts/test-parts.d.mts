export const PARTS: string;
export const llamaServer: string;
export const ollama: string;
export const chromium: string;
export function installChromium(): void;
export function installLlamaServer(): void;
export function installOllama(): void;
