// Plain values as YAML to read (never to write into the design: the server does that). Pure.

const PLAIN = /^[\w./][\w ./@%+-]*$/;
const TAKEN = /^(true|false|yes|no|on|off|null|~|[-+]?[\d.][\d.e_+-]*)$/i;

function scalar(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "string") return String(value);
  return PLAIN.test(value) && !TAKEN.test(value) && !/\s$/.test(value) ? value : JSON.stringify(value);
}

export function yamlOf(value: unknown, indent = ""): string {
  if (Array.isArray(value)) {
    if (!value.length) return `${indent}[]\n`;
    return value
      .map((one) => {
        const nested = typeof one === "object" && one !== null;
        return nested
          ? `${indent}- ${yamlOf(one, `${indent}  `).trimStart()}`
          : `${indent}- ${scalar(one)}\n`;
      })
      .join("");
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (!entries.length) return `${indent}{}\n`;
    return entries
      .map(([key, one]) => {
        const nested = typeof one === "object" && one !== null && Object.keys(one).length > 0;
        return nested
          ? `${indent}${scalar(key)}:\n${yamlOf(one, `${indent}  `)}`
          : `${indent}${scalar(key)}: ${typeof one === "object" && one ? yamlOf(one).trim() : scalar(one)}\n`;
      })
      .join("");
  }
  return `${indent}${scalar(value)}\n`;
}
