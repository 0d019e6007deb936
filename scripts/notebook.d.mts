export interface Cell {
  id: string;
  cell_type: "markdown" | "code";
  source: string[];
  outputs?: { output_type: string; data?: Record<string, string | string[]>; text?: string | string[] }[];
}
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
}
export const notebooks: readonly string[];
export function notebookFile(name: string): string;
export function executeNotebook(name: string): Promise<Notebook>;
