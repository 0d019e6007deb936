/** Colours are the page's variables, so that charts are light or dark as the page is. */
const INK = "var(--ink)";
const FAINT = "var(--faint)";
const LINE = "var(--line)";

/** As many as the page defines. */
export const colours = Array.from({ length: 10 }, (_, i) => `var(--c${i})`);

/** What answers are: right and wrong. */
export const RIGHT = "var(--right)";
export const WRONG = "var(--wrong)";
export { FAINT, INK };

const FONT = "system-ui, sans-serif";

/** Configuration of all charts. */
export const theme = {
  background: "transparent",
  font: FONT,
  padding: 4,
  view: { stroke: null },
  axis: {
    labelColor: INK,
    titleColor: INK,
    titleFontWeight: "normal",
    labelFontSize: 11,
    titleFontSize: 12,
    gridColor: LINE,
    domainColor: FAINT,
    tickColor: FAINT,
    labelLimit: 0,
    labelFlush: false,
  },
  title: { color: INK, fontSize: 12, fontWeight: "normal", anchor: "start" },
  text: { color: INK, fontSize: 11 },
  range: { category: colours },
};
