/**
 * Whether a part that a test needs is there. An absent part skips the test with one line saying why; under
 * `COPE_REQUIRE_ALL=1` it fails instead, so that a full check cannot pass by skipping.
 * @param what - the part, as a person would name it
 */
export function needs(what: string, present: boolean): boolean {
  if (present) return true;
  if (process.env["COPE_REQUIRE_ALL"] === "1") throw new Error(`missing, and COPE_REQUIRE_ALL=1 is set: ${what}`);
  console.log(`skipped: ${what} is not there`);
  return false;
}
