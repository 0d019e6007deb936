import type { Readable } from "node:stream";

/** What a program writes, kept up to a bound that its streams share. */
export function capture(limit: number, flood: () => void): { add(stream: Readable): () => string } {
  let bytes = 0;
  return {
    add(stream) {
      const parts: Buffer[] = [];
      stream.on("error", () => {});
      stream.on("data", (chunk: Buffer) => {
        const room = Math.max(0, limit - bytes);
        bytes += chunk.length;
        if (room > 0) parts.push(chunk.subarray(0, room));
        if (bytes > limit) {
          stream.destroy();
          flood();
        }
      });
      return () => Buffer.concat(parts).toString("utf8");
    },
  };
}
