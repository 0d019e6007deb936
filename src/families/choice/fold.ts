/** Quotation marks and emphasis say nothing of which option is meant. */
const MARKS = /[*`"“”„«»$]|<\/?[a-z]{1,10}>|\\[()[\]]/gi;
const WRAPPED = /\\(?:text|textbf|textit|mathbf|mathrm)\s{0,2}\{([^{}]{0,600})\}/g;

/**
 * A text without what models put around an answer: markup, quotation marks, accents, odd spacing. Case and line breaks stay.
 * What LaTeX boxes is announced as an answer is.
 */
export function clean(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(WRAPPED, "$1")
    .replace(/\\(?:boxed|fbox)\s{0,2}\{([^{}]{0,600})\}/g, "\nAnswer: $1\n")
    .replace(MARKS, "")
    .replace(/[’‘]/g, "'")
    .replace(/^[^\S\n]{0,20}(?:#{1,6}|>)[^\S\n]/gm, "")
    .replace(/(?<=\p{L})[-_](?=\p{L})/gu, " ")
    .replace(/[^\S\n]+/g, " ");
}

/** What two spellings of one label have in common: case, accents, spacing and markup are gone. May be empty. */
export function fold(label: string): string {
  return clean(label).replace(/\s+/g, " ").trim().toLowerCase();
}
