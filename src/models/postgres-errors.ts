import { CopeError } from "../errors.js";
import { codesOf, textOf } from "./error-parts.js";

/** Connections that broke or were not accepted, of the system and of PostgreSQL (classes 08, and 57P: the server restarts). */
const CUT = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|08|57P0[123])/;
/** `pg` gives its own no code. */
const CUT_WORDS =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

const codes = (error: unknown) => [error, ...((error as AggregateError)?.errors ?? [])].flatMap(codesOf);

/** True where the same statement may succeed soon, on another connection. */
export function isCut(error: unknown): boolean {
  return codes(error).some((code) => CUT.test(code)) || CUT_WORDS.test(textOf(error));
}

/** Turns an error of PostgreSQL into one that says what to do; it names neither password nor statement. */
export function explainPostgres(error: unknown): CopeError {
  const [code] = codes(error).filter((it) => /^[0-9A-Z]{5}$/.test(it));
  const said = `the journal's PostgreSQL said: ${textOf(error) || codes(error).join(", ")}`;
  if (isCut(error))
    return new CopeError("NETWORK_UNREACHABLE", said, "see that the server runs and can be reached, then resume.");
  if (code === "53100") return new CopeError("DISK_FULL", said, "free some space on the server, then resume.");
  if (code && /^(28|3D|42501)/.test(code))
    return new CopeError(
      "AUTH_REJECTED",
      said,
      "check user, password and database of the pool; the table cope_journal must be readable and writable, or may be made.",
    );
  return new CopeError(
    "INTERNAL",
    said,
    "see the server's log; the table cope_journal must be the one this version made.",
  );
}
