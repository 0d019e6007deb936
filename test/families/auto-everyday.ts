import { createHash } from "node:crypto";

/** A question in everyday words with the family it should go to, written before its author read the patterns of `auto`. */
export interface EverydayQuestion {
  family: "math" | "choice" | "chat";
  question: string;
  /** A third, by a hash of the words, on which no rule was mended. */
  heldOut: boolean;
}

const math = [
  "My phone bill went from 40 to 46 euros. By what percentage did it rise?",
  "I slept from 10:45 pm to 6:20 am. How long was that?",
  "A pizza costs 14 dollars and four of us go halves twice over. What does each of us pay?",
  "knock 20% off a 65 dollar jacket",
  "3 dozen eggs, 5 broke. How many are whole?",
  "Tip on a 48 dollar dinner at 18 percent?",
  "Convert 5 miles into kilometres.",
  "98.6 Fahrenheit in Celsius?",
  "Take away 13 from 31.",
  "How much change do I get from a twenty if lunch was 13.75?",
  "Our car does 6 litres per 100 km. We drive 350 km. How much petrol will it burn?",
  "Mia is 4 years older than Tom, and together they are 30. How old is Tom?",
  "I read 25 pages a day. When will I be done with a 400-page book?",
  "What number comes next: 2, 6, 18, 54?",
  "What's the average of 7, 9 and 14?",
  "multiply nineteen by six",
  "one quarter of two hundred",
  "If 3 painters need 8 hours, how long do 4 painters need?",
  "A train leaves at 9:15 and takes 2 hours 50 minutes. When does it arrive?",
  "Is 91 a prime number?",
  "Which is bigger, 3/7 or 4/9?",
  "Round 3.14159 to two decimal places.",
  "Two dice are thrown. How likely is a total of 9?",
  "My garden is 12 m by 7 m. How much fence goes around it?",
  "Sarah had 50 stickers, gave away 18, then won 7 more. She now has how many?",
  "Work out 144 / 12 + 5.",
  "what do 6 coffees at 3.20 come to",
  "I put 1000 euros in the bank at 3 % interest. What will I have after two years?",
  "A recipe for 4 needs 300 g flour. I'm cooking for 10. How much flour?",
  "Express 0.375 as a fraction.",
  "Find the greatest common divisor of 84 and 36.",
  "Simplify 18/24.",
  "100 minus 7, and again minus 7, and again: what's the third result?",
  "How many seconds are in 3 hours?",
  "The bill is 87 and we are 5 people, so everyone owes what?",
  "Can you add up 12, 15 and 33?",
  "What would 15 apples cost if 6 cost 4 dollars?",
  "five less than twice 16",
  "Count the days from March 3 to April 12.",
  "Tell me how far I get in 45 minutes at 80 km/h.",
  "The ratio of cats to dogs is 2:3 and there are 25 animals; find the number of cats.",
  "12 squared minus 44?",
  "A shirt was 80 and is now 60. What discount is that?",
  "Write 45% as a decimal.",
  "What is the remainder when 100 is divided by 7?",
  "Double 17 and then subtract 9.",
  "Ein Brot kostet 3,20 Euro. Was kosten 4 Brote?",
  "Wie viel sind 20 Prozent von 150?",
  "Zieh 18 von 50 ab.",
  "Teile 96 durch 8.",
  "Anna ist doppelt so alt wie Ben, zusammen sind sie 36. Wie alt ist Ben?",
  "Was ergibt 13 mal 13?",
  "Der Zug fährt um 8:40 ab und kommt um 11:05 an. Wie lange dauert die Fahrt?",
  "sieben plus acht",
  "Combien font 17 et 26 ?",
  "Paul a 24 billes et en perd 9. Combien lui en reste-t-il ?",
  "Un livre coûte 12 euros. Quel est le prix de 5 livres ?",
  "Calcule le double de 38.",
  "la moitié de 70",
  "Quelle est la racine carrée de 81 ?",
];

const choice = [
  "Which planet is the largest?\nA) Mars\nB) Jupiter\nC) Venus",
  "The capital of Australia is:\n(a) Sydney\n(b) Canberra\n(c) Melbourne\n(d) Perth",
  "Pick the noun.\nA. run\nB. table\nC. quickly",
  "Welche Farbe hat ein Rubin?\nA) rot\nB) blau\nC) grün",
  "Quel animal pond des œufs ?\nA) le chat\nB) la poule\nC) le chien",
  "In which year did World War II end?\nA) 1943\nB) 1944\nC) 1945\nD) 1946",
];

const chat = [
  'Why does "two plus two equals five" matter in Orwell\'s 1984?',
  'Where does the saying "six of one, half a dozen of the other" come from?',
  "What does it mean to be on cloud nine?",
  "When was the number zero invented?",
  "Who first calculated pi to 100 digits?",
  "Why are there 60 minutes in an hour?",
  "How tall is Mount Everest?",
  "What is the population of Canada?",
  "How many moons does Jupiter have?",
  "What year did the Titanic sink?",
  "What is the boiling point of ethanol?",
  "How many players are on a football team?",
  "Who won the World Cup in 2014?",
  "How long did the Hundred Years' War last?",
  "What was special about Apollo 13?",
  "Is a 2015 Honda Civic with 120,000 miles a good buy?",
  "Should I invest 5000 dollars in stocks or pay off my loan first?",
  "What do you think of the four-day week?",
  "Is 40 too old to learn the piano?",
  "Why is the number 13 thought to be unlucky?",
  "Write a birthday card for my mum, who turns 60.",
  "Give me a 3-day itinerary for Rome.",
  "Summarise the plot of Catch-22 in two sentences.",
  "Write a limerick about a man who could not count to 10.",
  "Draft a polite reminder about an unpaid invoice of 250 euros.",
  "Come up with 5 names for a bakery.",
  "Explain to a ten-year-old why dividing by zero is not allowed.",
  "Make a shopping list for a dinner for 6.",
  "Write a Python function that returns the sum of two numbers.",
  "How do I reverse a list in Python?",
  "Why does 0.1 + 0.2 not equal 0.3 in JavaScript?",
  "My code throws IndexError on line 12. What could be wrong?",
  "What's the difference between == and === in JavaScript?",
  "Write an SQL query that finds the 3 highest salaries.",
  "What does HTTP status 404 mean?",
  "Translate into German: I bought three apples for two euros.",
  'How do you say "twenty-one" in French?',
  "Translate 'Half of the class was absent' to Spanish.",
  "What's a good warm-up before a 10 km run?",
  "Describe a day in the life of a nurse in 1918.",
  "Tell me about the Fibonacci sequence and its history.",
  "What are the 7 wonders of the ancient world?",
  "Name three rivers that flow through Germany.",
  "Can you recommend a laptop under 800 dollars?",
  "Divide and conquer: where does the phrase come from?",
  "My two sons share a room and fight. How can I help them?",
  "Wann wurde die Zahl Pi zum ersten Mal berechnet?",
  "Schreib eine Einladung zu meinem 30. Geburtstag.",
  "Wie hoch ist der Eiffelturm?",
  'Warum heißt es eigentlich "auf Wolke sieben"?',
  "Combien d'habitants a la ville de Lyon ?",
  "Écris un poème de 4 vers sur la mer.",
  "Que s'est-il passé le 14 juillet 1789 ?",
  "Was hältst du vom Tempolimit 130 auf Autobahnen?",
];

const heldOut = new Set(
  [...math, ...choice, ...chat]
    .map((question) => ({ question, rank: createHash("sha256").update(`everyday 1\n${question}`).digest("hex") }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, 40)
    .map(({ question }) => question),
);

const labelled = (family: EverydayQuestion["family"], questions: readonly string[]) =>
  questions.map((question): EverydayQuestion => ({ family, question, heldOut: heldOut.has(question) }));

/** 120 questions, half of them arithmetic and word problems, half of them others, many with numbers in them. */
export const everydayQuestions: readonly EverydayQuestion[] = [
  ...labelled("math", math),
  ...labelled("choice", choice),
  ...labelled("chat", chat),
];
