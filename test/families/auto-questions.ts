/**
 * Sixty questions with the family each should go to, labelled before the rule of `auto` was written. `kind` is what a person
 * would call the question; `family` is where it is measured best: programs that nothing checks are chat, and so are facts
 * that are numbers (a population), which no reasoning over the question gives.
 */
export interface LabelledQuestion {
  kind: "math" | "choice" | "code" | "chat";
  family: "math" | "choice" | "code" | "chat";
  task: {
    question: string;
    tests?: string[];
    entryPoint?: string;
    choices?: string[];
    schema?: Record<string, unknown>;
  };
}

const plain = (kind: LabelledQuestion["kind"], family: LabelledQuestion["family"], questions: readonly string[]) =>
  questions.map((question): LabelledQuestion => ({ kind, family, task: { question } }));

export const autoQuestions: readonly LabelledQuestion[] = [
  ...plain("math", "math", [
    "A farmer has 17 sheep and buys twice as many goats. How many animals does he have now?",
    "What is 17 % of 240?",
    "Solve for x: 3x + 7 = 22.",
    "Compute \\int_0^1 x^2 \\, dx.",
    "Find the remainder when 7^{100} is divided by 5.",
    "Two fair dice are rolled. What is the probability that the sum is seven?",
    "A train covers 240 km in three hours. What is its average speed in km/h?",
    "If f(x) = 2x^2 - 3x + 1, evaluate f(4).",
    "How much does Lena pay for 3 notebooks at $2.40 each and a pen at $1.15?",
    "What's the sum of the first 50 odd numbers?",
    "Simplify $\\frac{6x^2 - 9x}{3x}$.",
    "Tom is twice as old as Ann. In six years their ages will add up to 42. How old is Ann?",
    "Determine the area of a triangle with sides 13, 14 and 15.",
    "Let $a$ and $b$ be real numbers with $a+b=5$ and $ab=3$. Find $a^3+b^3$.",
    "Ein Kilo Äpfel kostet 2,40 Euro. Wie viel kosten 3,5 Kilo?",
    "Combien font 15 % de 80 ?",
    "Berechne den Flächeninhalt eines Kreises mit Radius 5.",
    "12 * (7 - 3) / 6 = ?",
    "Pat reads a book of 312 pages at 24 pages a day. After how many days is the book finished?",
    "Convert the decimal number 45 to base two.",
  ]),
  {
    kind: "choice",
    family: "choice",
    task: { question: 'Is this review good or bad? "I would not buy it again."', choices: ["good", "bad"] },
  },
  {
    kind: "choice",
    family: "choice",
    task: {
      question: "Extract name and age: Maria Lopez, 34, lives in Graz.",
      schema: {
        type: "object",
        properties: { name: { type: "string" }, age: { type: "integer" } },
        required: ["name", "age"],
      },
    },
  },
  {
    kind: "choice",
    family: "choice",
    task: { question: "How many of these 3 fruits are citrus: lemon, apple, lime?", choices: ["1", "2", "3"] },
  },
  {
    kind: "choice",
    family: "choice",
    task: { question: "Welche Sprache ist das: „Bonjour à tous“?", choices: ["Deutsch", "Französisch", "Spanisch"] },
  },
  {
    kind: "choice",
    family: "choice",
    task: {
      question: "Turn the order into data: two pizzas and one cola, table 7.",
      schema: { type: "object", properties: { table: { type: "number" } } },
    },
  },
  ...plain("choice", "choice", [
    "Which planet is the largest?\nA) Mars\nB) Jupiter\nC) Venus\nD) Earth",
    "Which gas do plants take in? (a) oxygen (b) nitrogen (c) carbon dioxide (d) helium",
    "A shop sells pens at 3 for $2. What do 12 pens cost?\nA. $6\nB. $8\nC. $9\nD. $12",
    'The synonym of "rapid" is: A) slow B) quick C) heavy',
    "Quelle est la capitale de l'Australie ?\nA. Sydney\nB. Melbourne\nC. Canberra",
    "Was ist 7 · 8?\n(A) 54\n(B) 56\n(C) 63",
    "Pick the odd one out:\na) violin\nb) cello\nc) trumpet\nd) viola",
  ]),
  {
    kind: "code",
    family: "code",
    task: { question: "Write a function that reverses a string.", tests: ["assert reverse('ab') == 'ba'"] },
  },
  {
    kind: "code",
    family: "code",
    task: {
      question: "Write a function to find the n-th Fibonacci number. How many calls does it need for n = 10?",
      tests: ["assert fib(10) == 55"],
    },
  },
  { kind: "code", family: "code", task: { question: "Implement is_prime.", entryPoint: "is_prime" } },
  {
    kind: "code",
    family: "code",
    task: {
      question: 'def add(a: int, b: int) -> int:\n    """Sum of two numbers.\n    >>> add(2, 3)\n    5\n    """',
      entryPoint: "add",
    },
  },
  {
    kind: "code",
    family: "code",
    task: {
      question: "Schreibe eine Funktion, die eine Liste sortiert.",
      tests: ["assert sortiere([2, 1]) == [1, 2]"],
    },
  },
  {
    kind: "code",
    family: "code",
    task: { question: "Compute the sum of the digits of n.", tests: ["assert digits(123) == 6"], entryPoint: "digits" },
  },
  {
    kind: "code",
    family: "code",
    task: { question: "Écris une fonction qui compte les voyelles.", entryPoint: "voyelles" },
  },
  ...plain("code", "chat", [
    "Write a Python function that returns the largest of 3 numbers.",
    "How do I read a file line by line in JavaScript?",
    "Fix this code: for i in range(10) print(i)",
    "Write a SQL query that counts how many orders each of the 5 shops had in 2023.",
    "Write a program that solves the equation ax^2 + bx + c = 0.",
  ]),
  ...plain("chat", "chat", [
    "Write a poem about 7 cats.",
    "What happened in 1989?",
    "How many people live in Paris?",
    "Explain why the sky is blue.",
    "Give me 5 ideas for a birthday party for a 10-year-old.",
    'Who wrote "One Hundred Years of Solitude"?',
    "Summarise the plot of 1984 in two sentences.",
    'Translate "I have three sisters" into French.',
    "Was sind die Vorteile von Solarenergie?",
    "Raconte-moi une histoire de 100 mots sur un dragon.",
    "How much sleep should I get?",
    "Compare Python 2 and Python 3.",
    "What is the meaning of the number 42 in Douglas Adams's novel?",
    "Draft an email to my landlord about the 3 broken windows and ask how much the repair will be.",
    "Wie viele Einwohner hat Berlin?",
    "Explain the probability theory behind a 6/49 lottery to a child.",
  ]),
];
