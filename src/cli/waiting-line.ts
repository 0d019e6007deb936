import { styled } from "./output.js";

const erase = () => void process.stderr.write("\r\x1b[K");

/** On a terminal, a line with the seconds since the last step; local models may think for long. */
export function createWaiting(): { clear(): void; end(): void } {
  if (!process.stderr.isTTY) return { clear() {}, end() {} };
  let since = Date.now();
  const timer = setInterval(() => {
    erase();
    process.stderr.write(styled("dim", `  … ${Math.round((Date.now() - since) / 1000)} s`));
  }, 1000);
  timer.unref();
  return {
    clear() {
      since = Date.now();
      erase();
    },
    end() {
      clearInterval(timer);
      erase();
    },
  };
}
