const RESPONSE = ["first_response", "next_response", "periodic_update", "assignment"];

/** The names of the ticket's fields that the board knows; a page may have others. */
export const FIELDS = { subject: "subject", customer: "customer", site: "site", priority: "priority", assignee: "assignee", group: "group", status: "status", service: "service" };

/**
 * What stands where. A column is of a field (`{ field, second }`) or of clocks (`{ clocks, name }`, by name or metric);
 * `from` is the width of the board from which on it is shown.
 */
export function standardColumns(fields, clocks) {
  const response = clocks.filter(({ metric }) => RESPONSE.includes(metric)).map(({ clock }) => clock);
  const rest = clocks.filter(({ metric }) => !RESPONSE.includes(metric)).map(({ clock }) => clock);
  return [
    { field: fields.customer, second: fields.site, width: "minmax(0, 176px)", from: 900 },
    { field: fields.priority, width: "56px" },
    ...[response, rest].filter((names) => names.length > 0).map((names) => ({ clocks: names })),
    { field: fields.assignee, second: fields.group, width: "minmax(0, 136px)", from: 1180 },
  ];
}

/** The columns to show at a width, the ticket's own first, each with all that rows need. */
export function columnsFor(wanted, fields, width) {
  const shown = wanted.filter(({ from = 0 }) => width >= from);
  const hidesCustomer = !shown.some(({ field }) => field === fields.customer);
  const under = [...(hidesCustomer ? [fields.customer] : []), fields.status, fields.service];
  return [{ ticket: true, kind: "ticket", width: "minmax(0, 1fr)", under }, ...shown.map((column) => complete(column, width))];
}

function complete(column, width) {
  const { clocks, field } = column;
  if (!clocks) return { width: "minmax(0, 136px)", kind: field === "priority" ? field : "field", ...column };
  const [home] = clocks;
  return { width: `minmax(0, ${width < 900 ? 176 : 232}px)`, kind: "clock", home, takes: ({ key, metric, raw }) => clocks.includes(raw?.clock ?? key) || clocks.includes(metric), ...column };
}
