/*
 * The words that `auto` goes by, in English, German and French. Each function gives the words it found, for a person to see.
 */

/** So much of a question's beginning and of its end is looked at, in characters: there it asks. */
const LIMIT = 3_000;

/** A text to write: at the beginning of a sentence. */
const TEXT =
  /(?:^|[.!?:;\n]\s*|\bplease )(?:can you |could you |bitte )?(write(?! (?:\$|your answer|the (?:expression|number|fraction)))|explain|describe|summari[sz]e|translate|draft|compose|tell|give me|give an?|list|suggest|discuss|compare|rewrite|paraphrase|imagine|act as|pretend|proofread|edit|argue|outline|extract|recommend|invent|create|design|plan|prove|schreibe?|erklär\w*|beschreib\w*|übersetz\w*|nenne|erzähl\w*|vergleich\w*|fasse|verfasse?|écri\w*|expli\w+|racont\w*|tradui\w*|résum\w*|compare[rz]?|décri\w*|imagin\w*|propos\w*)(?![\p{L}\p{N}])/iu;
/** A program to write or mend. */
const PROGRAM =
  /\b(?:write|implement|fix|debug|refactor|create|complete|schreibe?|écri\w+)\b[^.?!\n]{0,60}?\b(python|javascript|typescript|java|c\+\+|rust|sql|code|program|programm?e?|function|funktion|fonction|script|class|method|query)\b|```|^\s*(?:def|class|import|function|#include)\b/im;

/** What is counted or measured, once the question brings quantities. */
const COUNT =
  /\b(how (?:many|much|long|far|old|fast|tall|high|heavy|large|often|wide|deep|big)|what (?:percentage|percent|fraction|number|portion)|what (?:do|does|did|would|will) [^.?!\n]{1,60}? (?:cost|weigh|earn|pay|measure)|was (?:kosten?|wiegt|wiegen)|wie (?:viele?|lange|weit|alt|schnell|hoch|oft|groß|schwer)|combien|quel âge|à quelle (?:vitesse|distance))(?!\p{L})/iu;
/** Words of calculation behind "what is", "find" and the like. */
const NOUN =
  /\b(probability|remainder|sum|product|quotient|difference|area|perimeter|circumference|volume|surface area|average|mean|median|percent(?:age)?|square root|cube root|greatest common (?:divisor|factor)|least common multiple|gcd|lcm|derivative|integral|limit|determinant|slope|distance|speed|ratio|angle|length|radius|diameter|hypotenuse|value|coefficient|factorial|digit|total|cost|price|profit|roots?|solutions?|number of|smallest|largest|greatest|least|maximum|minimum|wahrscheinlichkeit|rest|summe|produkt|flächeninhalt|umfang|volumen|durchschnitt|mittelwert|prozent|wurzel|ableitung|probabilité|reste|somme|produit|aire|périmètre|moyenne|pourcentage|racine|dérivée|pour cent)(?!\p{L})/iu;
const ASK =
  /\b(what is|what's|what are|what was|what will|(?:for|at) what|what (?:number|integer|power|real|value|values|positive|score|place)|enter|find|determine|compute|calculate|evaluate|express|give|was ist|was sind|wie (?:groß|hoch) ist|bestimm\w*|find\w*|quelle? est|quels? sont|trouve[rz]?|détermine[rz]?)(?!\p{L})/iu;
/** Commands of calculation, at the beginning of a sentence or clause. */
const COMMAND =
  /(?:^|[.!?:;,\n]\s*|\b(?:and|then|und|et)\s+)(compute|calculate|evaluate|solve|simplify|factor(?:i[sz]e)?|expand|differentiate|integrate|convert|round|add|subtract|multiply|divide|berechne|löse|vereinfache|bestimme|calcule[rz]?|résou\w*|simplifie[rz]?|détermine[rz]?)(?!\p{L})/iu;
/** Only a calculation, with or without its equals sign. */
const BARE = /^[\s\d.,()[\]+\-*/^×÷·=%?xX!√π]*\d[\s\d.,()[\]+\-*/^×÷·=%?!√π]*$/u;
/** "17 % of", "15 % de". */
const SHARE = /\b(\d+(?:[.,]\d+)?\s?(?:%|percent|prozent|pour cent) (?:of|von|de))\b/iu;

const SPELLED =
  "(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\\w+)?|a hundred|a thousand|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|vingt)";
const NUMBER = `(?:[€$£]?\\d+(?:[.,/]\\d+)*\\s?[%€$£]?|${SPELLED}(?: (?:hundred|thousand|million))?)`;
const FRACTION =
  "(?:half|(?:an?|one|two|three|four|five) (?:half|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?))";
/** A calculation in words, between two numbers or of one: "12 plus 30", "half of 90", "the square of 7", "9 squared". */
const SPOKEN = new RegExp(
  `(?<![\\p{L}\\d])(${NUMBER} (?:plus|minus|times|multiplied by|divided by|modulo|mod|added to|(?:is )?subtracted from|to the power of|(?:more|less|fewer) than(?: (?:twice|half|double|triple))?|mal|geteilt durch|hoch|fois|moins|divisé par) ${NUMBER}|` +
    `(?:${FRACTION}|double|twice|triple|the double|the square|the cube|the square root|the cube root|the factorial|square root|cube root|die hälfte|ein drittel|ein viertel|das doppelte|la moitié|le tiers|le quart|le double) (?:of|from|von|de) ${NUMBER}|` +
    `(?:add|subtract|take|multiply|divide|split|share|increase|decrease|reduce|raise) ${NUMBER}(?: [\\p{L}]+)? (?:and|by|from|to|into|with|between|among|away from) ${NUMBER}|` +
    `(?:double|halve|triple) ${NUMBER}|(?:sum|product|difference|quotient) (?:of|between) ${NUMBER} and ${NUMBER}|` +
    `${NUMBER} (?:squared|cubed|factorial|percent of|per cent of))(?![\\p{L}\\d])`,
  "iu",
);
const FORM =
  "(?:decimals?|(?:simplified |mixed |improper )?fractions?|percent(?:age)?|dezimalzahl|bruch|prozent|fraction|nombre décimal|pourcentage)";
/** A number to bring into another form: "write 45 % as a decimal". */
const REWRITTEN = new RegExp(
  `(?<![\\p{L}\\d])((?:write|express|give|turn|change|schreibe?|écri(?:s|vez)|exprime[rz]?) (?:me )?${NUMBER} (?:as|into|in|als|en|sous forme de) (?:an? |eine? |une? )?${FORM})(?!\\p{L})`,
  "iu",
);
const UNIT =
  "(?:degrees? )?(?:fahrenheit|celsius|kelvin|miles?|kilomet(?:er|re)s?|kms?|met(?:er|re)s?|feet|foot|inch(?:es)?|yards?|cms?|centimet(?:er|re)s?|pounds?|lbs?|ounces?|kilos?|kilograms?|kg|grams?|lit(?:er|re)s?|gallons?|cups?|seconds?|minutes?|hours?|days?|weeks?|grad|meilen|metern?|stunden|minuten|sekunden|tage|mètres|heures|minutes|secondes|jours)";
/** What calculates without a word of counting: parts taken off, units, and what numbers are to each other. */
const RELATION = new RegExp(
  `(?<![\\p{L}\\d])(\\d+(?:[.,]\\d+)? ${UNIT} (?:in|into|to|as|nach|en) ${UNIT}|` +
    `\\d+(?:[.,]\\d+)?\\s?(?:%|percent) off (?:of )?(?:an? |the |my )?${NUMBER}|` +
    `(?:is|ist|est-ce que|est) \\d[\\d.,]* (?:est )?(?:an? |eine? |un )?(?:prime|even|odd|divisible|perfect square|multiple|primzahl|gerade|ungerade|teilbar|durch \\d+ teilbar|(?:nombre )?(?:premier|pair|impair|divisible))(?: (?:number|by|of|par) ?| or |\\s*[?.]|\\s*$)|` +
    `(?:which|what|welche\\p{L}*|was) (?:\\p{L}+ )?(?:is|ist) (?:the )?(?:bigger|larger|greater|smaller|less|more|größer|kleiner|mehr|weniger)[,:]? ${NUMBER},? (?:or|oder) ${NUMBER}|` +
    `(?:take away|knock off|zieh\\p{L}*) ${NUMBER} (?:from|von) ${NUMBER}|(?:teile?|dividiere?|multipliziere?|divise[rz]?|multiplie[rz]?|ajoute[rz]?|addiere?) ${NUMBER} (?:durch|mit|par|à|und|et) ${NUMBER}|` +
    `count the (?:days|weeks|months|hours|minutes) (?:from|between))(?!\\p{L})`,
  "iu",
);
/** What a story with at least two quantities closes on; with fewer it may be a fact or a matter of opinion. */
const CLOSING =
  /\b(how likely|what (?:will|would|do|does|did) (?:i|we|he|she|they|each|everyone|everybody)\b[^.?!\n]{0,40}? (?:have|owe|get|save|receive|end up with)|when (?:will|would|do|does|did) [^.?!\n]{1,40}? (?:done|finish(?:ed)?|arrive|run out|meet|reach|catch|empty|full|paid off)|(?:owes?|pays?|gets?|has|have|makes?|is|costs?) (?:what|how (?:many|much))|(?:tip|interest|tax|discount|change) (?:on|at|for|from)\b[^.!\n]{0,60}?|quel(?:le)? est (?:le|la) (?:prix|coût|durée|vitesse|différence|monnaie)|wie hoch ist der (?:preis|rabatt|betrag))(?!\p{L})/iu;
const ADVICE =
  /\b(should|could|can you|why|worth|good|better|best|recommend|think|opinion|soll\w*|warum|pourquoi)(?!\p{L})/iu;
/** Whether a question brings two quantities, by digits or by number words that count something. */
const hasTwo = (question: string): boolean =>
  (question.match(new RegExp(`(?<![\\p{L}\\d.,])${NUMBER}(?![\\p{L}\\d])`, "giu")) ?? []).length >= 2;

/** "Tell me 15 percent of 80" asks for no text: what is to be told is a calculation, or how many something is. */
const TOLD =
  /(?:^|[.!?:;\n]\s*|\bplease )(?:can you |could you |bitte )?(?:tell|give)(?: me| us)? (?:what|how (?:many|much)|the (?:sum|product|difference|quotient|remainder|result|answer|value|total|average|mean|square|cube)|\d|half|twice|double|a (?:third|quarter|fifth|tenth)|[\p{L}-]+ (?:plus|minus|times|percent))/iu;

const NOTATION =
  /\$[^$]+\$|\\(?:frac|sqrt|int|sum|prod|lim|log|sin|cos|tan|binom|cdot|pi)\b|\b[a-z]\s?\([a-z]\)\s?=|[a-z\d)]\s?[=^<>≤≥]\s?[-a-z\d(\\]|\d\s?[+*/×÷·]\s?\d|\d\sx\s\d/iu;
const NUMBER_WORD =
  /\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|hundred|thousand|million|dozen|half|twice|double|triple|third|quarter|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|zwanzig|hundert|tausend|doppelt|halb|deux|trois|quatre|cinq|sept|huit|neuf|dix|douze|vingt|cent|mille|double|moitié)(?!\p{L})/iu;
/** A digit group that is no year standing alone, as in "in 1989". */
const DIGITS = /(?<![\d.,])(?!(?:1[0-9]|20)\d\d(?![\d.,%]*\d|\s?[%€$]))\d+/u;

/** Drawings that come with a problem are no part of what it asks. */
const ends = (question: string): string => {
  const parts = question.length <= 2 * LIMIT ? [question] : [question.slice(0, LIMIT), question.slice(-LIMIT)];
  return parts.map((part) => part.replace(/\[asy\].*?\[\/asy\]/gs, "")).join("\n");
};
const words = (found: RegExpExecArray | null): string | undefined =>
  (found?.[1] ?? found?.[0])?.trim().toLowerCase().slice(0, 40);

/** Whether a question asks to choose. */
export const choosing = (question: string): boolean =>
  /\b(?:which|what|who|where|when|choose|pick|select|correct|best|welche\w*|was|wer|wo|wähl\w*|quel\w*|qui|choisi\w*)\b/i.test(
    question,
  );

/** The program that a question asks to write or mend, without saying how to check it. */
export const program = (question: string): string | undefined => words(PROGRAM.exec(ends(question)));

/** The text that a question asks to write. */
export function text(question: string): string | undefined {
  const asked = ends(question);
  if (REWRITTEN.test(asked)) return;
  return TOLD.test(asked) && (SPOKEN.test(asked) || SHARE.test(asked)) ? undefined : words(TEXT.exec(asked));
}

/** The number or value that a question asks to work out from what it tells; facts that are numbers are none. */
export function number(question: string): string | undefined {
  const asked = ends(question);
  if (BARE.test(asked)) return asked.trim().slice(0, 40);
  const spoken = words(SPOKEN.exec(asked)) ?? words(REWRITTEN.exec(asked)) ?? words(RELATION.exec(asked));
  if (spoken) return spoken;
  const hasNotation = NOTATION.test(asked);
  if (!hasNotation && !DIGITS.test(asked) && !NUMBER_WORD.test(asked)) return;
  const sign = words(SHARE.exec(asked)) ?? words(COUNT.exec(asked)) ?? words(COMMAND.exec(asked));
  if (sign) return sign;
  const closing = ADVICE.test(asked) || !hasTwo(asked) ? undefined : words(CLOSING.exec(asked));
  if (closing) return closing;
  const ask = words(ASK.exec(asked));
  if (!ask) return;
  const noun = words(NOUN.exec(asked));
  return noun ? `${ask} … ${noun}` : hasNotation ? ask : undefined;
}
