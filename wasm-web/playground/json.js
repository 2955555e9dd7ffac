// JSON as a person would lay it out.

const WIDTH = 72;

/** JSON in one line, with spaces. */
export function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${spaced(each)}`);
  return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
}

/** JSON in lines, of which each holds as much as fits. */
export function pretty(value, indent = "") {
  const line = spaced(value);
  if (indent.length + line.length <= WIDTH || value === null || typeof value !== "object") return line;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const items = isList ? value.map((each) => pretty(each, inner)) : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${pretty(each, inner)}`);
  return `${isList ? "[" : "{"}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${isList ? "]" : "}"}`;
}
