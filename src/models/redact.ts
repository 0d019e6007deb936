/** What stands in the place of what nobody may read. */
export const HIDDEN = "[private]";

/** Names of environment variables that hold secrets: `OPENAI_API_KEY`, `AWS_SECRET_ACCESS_KEY`, `HF_TOKEN`. */
const SECRET_NAME = /(_API_?KEY|_ACCESS_KEY|_TOKEN|_SECRET|_PASSWORD)$/i;

/** What looks like a secret wherever it comes from; `$1` is kept. */
const SECRET_LOOKS: readonly RegExp[] = [
  // Credentials and key parameters of URLs.
  /(:\/\/)[^\s/@"']+(?=@)/g,
  /(@)[^\s/@"':]+:[^\s/@"']+(?=@)/g,
  /([?&](?:[\w-]*(?:key|token|secret|password|signature)|sig)=)[^\s&#"',]+/gi,
  // Headers and JSON fields.
  /\b((?:Bearer|Basic)\s+)[\w.~+/=*-]{6,}/gi,
  // In JSON inside JSON a quote has backslashes before it.
  /((?:api[-_]?key|authorization|access[-_]token|password|secret)\\*["']?\s*[:=]\s*\\*["']?)(?!(?:Bearer|Basic)\s)[^\s"',;&#\\]{6,}/gi,
  // Prefixes that providers give their keys, and JSON web tokens.
  /\b()(?:sk|pk|gsk|xai|hf|pplx|csk|nvapi|r8|fw|tgp)[-_][\w*-]{8,}/g,
  /\b()(?:AIza|AKIA|eyJ)[\w.*-]{12,}/g,
];

/**
 * Text meant for people without the values of secret-looking environment variables and without what looks like a key.
 * Takes anything: what is no string is written as one.
 */
export function redact(text: unknown): string {
  let clean = asText(text);
  for (const [name, value] of Object.entries(process.env)) {
    if (value && value.length >= 8 && SECRET_NAME.test(name)) clean = clean.replaceAll(value, HIDDEN);
  }
  for (const looks of SECRET_LOOKS) clean = clean.replace(looks, `$1${HIDDEN}`);
  return clean;
}

function asText(value: unknown): string {
  try {
    return typeof value === "string" ? value : String(value);
  } catch {
    // An object without a usable toString.
    return Object.prototype.toString.call(value);
  }
}
