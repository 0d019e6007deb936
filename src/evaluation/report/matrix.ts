import type { Evaluation } from "../evaluation.js";
import type { Outcome } from "../methods/types.js";
import { countedRight, gradable } from "../summary/graded.js";
import { html, type Html } from "./html.js";

/** Every problem with how each method fared: readable without a script, and the way into one problem. */
export function matrixHtml(evaluation: Evaluation): Html {
  const { methods, problems, outcomes } = evaluation;
  const canGrade = gradable(evaluation);
  const all = methods.map(({ name }) => outcomes.get(name)!);
  return html`<div class="scroll tall" role="region" tabindex="0" aria-label="Problems by method">
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">problem</th>
            ${methods.map(({ name }) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${problems.map(
            ({ id }, i) =>
              html`<tr>
                <th scope="row"><a href="#${String(new URLSearchParams({ problem: id }))}">${id}</a></th>
                ${all.map((of) => markOf(of[i]!, canGrade[i]!))}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    <p class="note">✓ right, ✗ wrong, ∅ nothing readable, – not counted.</p>`;
}

function markOf(outcome: Outcome, canGrade: boolean): Html {
  const right = countedRight(outcome, canGrade);
  if (right === undefined) return html`<td>–</td>`;
  if (right) return html`<td class="right">✓</td>`;
  return html`<td class="wrong">${outcome.status === "unreadable" ? "∅" : "✗"}</td>`;
}
