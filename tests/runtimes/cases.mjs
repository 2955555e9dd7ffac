// The shared cases, run through any build of the package. No Node here: browsers load this file too.

/** Instant at which cases of single tickets are evaluated. */
const SOME_NOW = 1_800_000_000_000;

const PLAIN = {
  slaclock: "1",
  id: "plain",
  statuses: { Resolved: "resolved" },
  policies: [{ id: "all", clocks: { resolution: { within: "4h", calendar: "always" } } }],
};

export const parseLines = (text) => text.split("\n").filter((line) => line.trim() !== "").map((line) => JSON.parse(line));

/** Answers that are not, byte for byte, what the questions expect. */
export async function hoursFailures({ hoursLines }, text) {
  const vectors = parseLines(text);
  const answers = (await hoursLines(text)).split("\n").slice(0, -1);
  if (answers.length !== vectors.length) return { cases: vectors.length, failures: [`${answers.length} answers`] };
  const failures = [];
  vectors.forEach((vector, index) => {
    const wanted = JSON.stringify({ id: vector.id, ...vector.expect });
    if (answers[index] !== wanted) failures.push(`wanted ${wanted}, found ${answers[index]}`);
  });
  return { cases: vectors.length, failures };
}

/** Cases of tickets whose clocks are not as expected, or whose typed result is not the canonical line. */
export async function clockFailures({ Agreement, Board, STATES }, text) {
  const cases = parseLines(text);
  const failures = [];
  for (const { name, agreement, ticket, now, known_at: knownAt, expect } of cases) {
    const compiled = await Agreement.parse(agreement);
    const line = compiled.evaluateLines(JSON.stringify(ticket), now, { knownAt });
    const canonical = JSON.parse(line);
    const wrong = differences(expect, canonical);
    const typed = [
      compiled.evaluate(ticket, now, { knownAt }),
      compiled.evaluate(JSON.stringify(ticket), new Date(now), { knownAt }),
      ...compiled.evaluateAll([ticket], Date.parse(now), { knownAt }),
      ...compiled.evaluateAll(JSON.stringify(ticket), now, { knownAt }),
    ];
    if (!knownAt) {
      const board = new Board(compiled, now);
      board.add(ticket);
      board.tick(now);
      typed.push(board.row(ticket.id));
      wrong.push(...columnDifferences(board, canonical, STATES));
      board.free();
    }
    compiled.free();
    if (typed.length !== (knownAt ? 4 : 5)) wrong.push(`${typed.length} typed results`);
    for (const result of typed) {
      if (`${JSON.stringify(result)}\n` !== line) wrong.push(`typed ${JSON.stringify(result)}, canonical ${line}`);
    }
    wrong.push(...unsafeNumbers(canonical));
    if (wrong.length > 0) failures.push(`${name}\n    ${wrong.join("\n    ")}`);
  }
  return { cases: cases.length, failures };
}

/** Where the only row of a board differs from the evaluation of its ticket. */
function columnDifferences({ clocks, columns }, { clocks: results }, states) {
  const ms = (text) => (text ? Date.parse(text) : NaN);
  return clocks.flatMap(({ set, clock, metric }, cell) => {
    const result = results.find((found) => (found.set ?? null) === set && found.clock === clock && found.metric === metric);
    const wanted = result
      ? [states.indexOf(result.state), result.rate, Number(result.overdue), Number("at_risk" in result), result.elapsed_ms, result.target_ms,
        ms(result.due_at), ms(result.stopped_at), ms(result.next_change_at)]
      : [255, 0, 0, 0, 0, 0, NaN, NaN, NaN];
    const { state, rate, overdue, at_risk: risk, elapsed_ms: elapsed, target_ms: target, due_at: due, stopped_at: stopped, next_change_at: next } = columns;
    const found = [state, rate, overdue, risk, elapsed, target, due, stopped, next].map((column) => column[cell]);
    return found.every((figure, index) => Object.is(figure, wanted[index])) ? [] : [`columns of ${clock}: ${found}, wanted ${wanted}`];
  });
}

/** Mistakes that are not refused with their codes and places, as `SlaError`s where something is thrown. */
export async function errorFailures(engine, text) {
  const cases = parseLines(text);
  const failures = [];
  for (const { name, kind, input, expect } of cases) {
    const found = (await problems(engine, kind, input)).map(({ code, pointer }) => ({ code, pointer }));
    if (JSON.stringify(found) !== JSON.stringify(expect)) {
      failures.push(`${name}: wanted ${JSON.stringify(expect)}, found ${JSON.stringify(found)}`);
    }
  }
  return { cases: cases.length, failures };
}

async function problems({ Agreement, Calendar, SlaError, hoursLines }, kind, input) {
  const thrown = async (ask) => {
    try {
      await ask();
      return [];
    } catch (error) {
      const { problems: all } = error;
      const is = error instanceof SlaError && error instanceof Error && error.name === "SlaError";
      if (!is || error.code !== all[0].code || !error.message.includes(error.code)) return [{ code: `not an SlaError: ${error}` }];
      return all;
    }
  };
  const ofLine = (line) => [JSON.parse(line).error].filter(Boolean);
  switch (kind) {
    case "agreement":
      return thrown(() => Agreement.parse(input));
    case "calendar":
      return thrown(() => Calendar.parse(input));
    case "hours":
      return ofLine(await hoursLines(input));
    case "ticket": {
      const compiled = await Agreement.parse(PLAIN);
      const inLine = ofLine(compiled.evaluateLines(input, SOME_NOW));
      const alone = await thrown(() => compiled.evaluate(input, SOME_NOW));
      return alone[0]?.code === inLine[0]?.code ? inLine : [{ code: `thrown ${alone[0]?.code}, in a line ${inLine[0]?.code}` }];
    }
    default:
      throw new Error(`no kind ${kind}`);
  }
}

/** Where `found` does not hold what `wanted` asks for; the same rules as in the Rust suite. */
export function differences(wanted, found, at = "") {
  if (Array.isArray(wanted) && Array.isArray(found) && wanted.length === found.length) {
    return wanted.flatMap((item, index) => differences(item, found[index], `${at}/${index}`));
  }
  if (isMap(wanted) && isMap(found)) {
    return Object.entries(wanted).flatMap(([key, value]) => {
      if (key === "absent") return value.filter((name) => name in found).map((name) => `${at}: ${name} should not be there`);
      if (key === "no_clocks") return clocksThere(value, found).map((name) => `${at}: the clock ${name} should not be there`);
      if (key === "clocks") return value.flatMap((clock) => clockDifferences(clock, found.clocks, at));
      return key in found ? differences(value, found[key], `${at}/${key}`) : [`${at}/${key} is missing`];
    });
  }
  return wanted === found ? [] : [`${at}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`];
}

/** A clock is found by those of `set`, `clock` and `metric` that are wanted. */
function clockDifferences(wanted, clocks, at) {
  const known = ["set", "clock", "metric"].filter((key) => key in wanted);
  const here = `${at}/${known.map((key) => wanted[key]).join("/")}`;
  const found = clocks?.find((clock) => known.every((key) => clock[key] === wanted[key]));
  return found ? differences(wanted, found, here) : [`${here}: no such clock`];
}

const clocksThere = (names, { clocks }) => names.filter((name) => clocks.some(({ clock }) => clock === name));

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

/** Every length of time is a number that JavaScript holds exactly. */
function unsafeNumbers(value, key = "") {
  if (isMap(value) || Array.isArray(value)) return Object.entries(value).flatMap(([name, inner]) => unsafeNumbers(inner, name));
  return key.endsWith("_ms") && !Number.isSafeInteger(value) ? [`${key} is ${value}`] : [];
}
