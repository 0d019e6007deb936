import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

/** A port on loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  taken.close();
  await once(taken, "close");
  return port;
}
