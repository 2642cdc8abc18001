// Questions about problems: how many, whose, at which field. Pure.
import type { ProblemView } from "../wire.gen";
import type { Path } from "./edit";

export interface ProblemCount {
  errors: number;
  warnings: number;
}

export function countProblems(problems: ProblemView[]): ProblemCount {
  const errors = problems.filter((one) => one.severity === "error").length;
  return { errors, warnings: problems.length - errors };
}

/** Errors first, then by line; problems without a line come last of their kind. */
export function sortProblems(problems: ProblemView[]): ProblemView[] {
  const place = (one: ProblemView) => (one.line > 0 ? one.line : Number.MAX_SAFE_INTEGER);
  return [...problems].sort(
    (a, b) =>
      Number(a.severity === "warning") - Number(b.severity === "warning") ||
      place(a) - place(b) ||
      a.message.localeCompare(b.message),
  );
}

export const problemsOf = (problems: ProblemView[], subject: string) =>
  problems.filter((one) => one.subject === subject);

/** Problems at a path or below it: ["services", "web", "ports"] takes that of ports 0 too. */
export function problemsAt(problems: ProblemView[], path: Path): ProblemView[] {
  return problems.filter((one) => path.every((step, index) => String(one.path[index]) === String(step)));
}

/** The problems of a service's own key ("ports"): by path, or null paths left to `problemsOf`. */
export const problemsOfKey = (problems: ProblemView[], service: string, key: string) =>
  problemsAt(problems, ["services", service, key]);

/** Problems of a subject that no field of `keys` shows: they belong at the top of the inspector. */
export function problemsBesides(problems: ProblemView[], section: string, name: string, keys: string[]) {
  const shown = new Set(keys);
  const subject = `${section === "services" ? "service" : section.replace(/s$/, "")}:${name}`;
  return problems.filter((one) => {
    const here = one.subject === subject || (one.path[0] === section && one.path[1] === name);
    return here && !(one.path[0] === section && one.path[1] === name && shown.has(String(one.path[2])));
  });
}

/** The canvas id that a problem is about, or "" when it is about the file. A volume shows at nothing on the canvas. */
export function nodeOfProblem(problem: ProblemView): string {
  if (/^(service|network):/.test(problem.subject)) return problem.subject;
  const [section, name] = problem.path;
  if (section === "services" && name !== undefined) return `service:${name}`;
  if (section === "networks" && name !== undefined) return `network:${name}`;
  return "";
}

/** "2 errors, 1 warning" */
export function countText({ errors, warnings }: ProblemCount): string {
  const part = (count: number, word: string) => (count ? [`${count} ${word}${count > 1 ? "s" : ""}`] : []);
  return [...part(errors, "error"), ...part(warnings, "warning")].join(", ") || "no problems";
}
