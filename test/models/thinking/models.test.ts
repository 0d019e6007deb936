import { describe, expect, it } from "vitest";
import { openingOf, thinksByTemplate } from "../../../src/models/thinking/models.js";

/** How chat templates end. */
const OPEN: Record<string, [string, string]> = {
  "DeepSeek-R1": [
    "{% if add_generation_prompt and not ns.is_tool %}{{'<｜Assistant｜><think>\\n'}}{% endif %}",
    "<think>\n",
  ],
  "Qwen3 thinking": [
    "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n<think>\\n' }}\n{%- endif %}",
    "<think>\n",
  ],
  EXAONE: ['{%- if add_generation_prompt %}\n  {{- "[|assistant|]<thought>\\n" }}\n{%- endif %}', "<thought>\n"],
};
const LEFT: Record<string, string> = {
  "Qwen3, which opens it itself":
    "{%- if '</think>' in content %}{%- endif %}{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n    {%- if enable_thinking is defined and enable_thinking is false %}\n        {{- '<think>\\n\\n</think>\\n\\n' }}\n    {%- endif %}\n{%- endif %}",
};

describe("a chat template", () => {
  it.each(Object.entries(OPEN))("of %s opens the block where the model's turn begins", (_, [template, opening]) => {
    expect(thinksByTemplate(template)).toEqual({});
    expect(openingOf(template)).toBe(opening);
  });

  it.each(Object.entries(LEFT))("of %s leaves it closed", (_, template) => {
    expect(thinksByTemplate(template)).toEqual({});
    expect(openingOf(template)).toBeUndefined();
  });

  it("of a model that does not think has none", () => {
    const template = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
    expect([thinksByTemplate(template), openingOf(template)]).toEqual([undefined, undefined]);
  });
});
