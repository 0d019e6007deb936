const SECRET_NAME = /(_API_KEY|_TOKEN|_SECRET|_PASSWORD)$/;

/** Replaces values of secret-looking environment variables, and what looks like a key, in text meant for people. */
export function redact(text: string): string {
  let clean = text;
  for (const [name, value] of Object.entries(process.env)) {
    if (value && value.length >= 8 && SECRET_NAME.test(name)) clean = clean.replaceAll(value, "[private]");
  }
  return clean.replace(/\b(sk|pk|key|gsk|xai)-[\w*-]{6,}/g, "[private]");
}
