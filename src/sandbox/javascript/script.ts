/**
 * A program as a script, so that what it declares can be called by name: exports of a module are declarations without that word.
 */
export function asScript(code: string): string {
  return code
    .replace(/^export\s+default\s+(?=(?:async\s+)?function\b|class\b)/gm, "")
    .replace(/^export\s+(?=(?:async\s+)?function\b|class\b|const\b|let\b|var\b)/gm, "")
    .replace(/^export\s*\{[^}]*\}\s*;?[ \t]*$/gm, "");
}

const DECLARED =
  /^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+([A-Za-z_$][\w$]*)/gm;

/** Names that a program may define for others, by how they are written. */
export function declaredNames(code: string): string[] {
  return [...new Set([...code.matchAll(DECLARED)].map(([, name]) => name!))];
}
