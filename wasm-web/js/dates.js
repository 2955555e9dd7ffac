/** Keys of results that hold instants. */
const INSTANTS = new Set(["at", "from", "until", "since", "now"]);

/** A copy of a result with a `Date` in the place of each instant. */
export function withDates(value) {
  if (Array.isArray(value)) return value.map(withDates);
  if (value === null || typeof value !== "object") return value;
  const isInstant = (key, inner) =>
    typeof inner === "string" && (INSTANTS.has(key) || key.endsWith("_at") || key === "due_if_resumed_now");
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, isInstant(key, inner) ? new Date(inner) : withDates(inner)]));
}
