import { mostUrgent, rankAt } from "../clock/figures.js";

const byUrgency = (a, b) => a.group - b.group || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index);

/** The order of a board's entries: by the column that is sorted by, if any, within the groups if there are any, and by urgency. */
export function order({ grouped, sort: { index, down }, view, lang, now }) {
  const column = view.columns[index];
  if (!column) return byUrgency;
  const values = new Map();
  const valueOf = (entry) => {
    if (!values.has(entry)) values.set(entry, valueIn(entry, column, view, now));
    return values.get(entry);
  };
  const { compare } = new Intl.Collator(lang, { numeric: true });
  const by = (a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    // What has no value stands last either way.
    if (x === null || y === null) return (x === null) - (y === null);
    return (typeof x === "string" ? compare(x, y) : x[0] - y[0] || x[1] - y[1]) * (down ? -1 : 1);
  };
  return (a, b) => (grouped ? a.group - b.group : 0) || by(a, b) || byUrgency(a, b);
}

/** What an entry is compared by: a text, or a pair of numbers; null where it has nothing in this column. */
function valueIn(entry, column, { fields, priorities }, now) {
  if (column.clocks) {
    const found = mostUrgent(entry.clocks.filter(column.takes), now);
    return found && rankAt(found.clock, now);
  }
  const value = entry.fieldsAt(now)[column.ticket ? fields.subject : column.field];
  if (column.field === fields.priority && priorities.length > 0) return priorities.includes(value) ? [priorities.indexOf(value), 0] : null;
  return value || (column.ticket ? entry.id : null);
}
