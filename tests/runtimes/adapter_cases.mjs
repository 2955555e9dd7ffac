// The shared cases of the adapters, through the package: the same in Node and in browsers.

const same = (one, other) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/** With its keys in order, and without what has no value. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

/** Without any, `generic` is not opened. */
const MAPPING = { mapping: { ticket: "/id", at: "/at" } };

/** What fails in files of `adapters/tests/cases`, by their names; and how many cases there were. */
export async function adapterFailures({ Adapter, SlaError, adapters }, files) {
  let cases = 0;
  const failures = [];
  const check = (about, is) => ((cases += 1), is === true || failures.push(`${about}: ${JSON.stringify(is)}`));
  const refused = async (ask) => {
    try {
      await ask();
    } catch (error) {
      if (error instanceof SlaError) return error;
      throw error;
    }
    return undefined;
  };
  for (const { id, reads_exports: exports } of await adapters()) {
    for (const { about, settings, message, tickets, losses } of files[`${id}-messages.json`]) {
      if (id === "generic" && !settings?.mapping) {
        check(`${id}, ${about}`, (await refused(() => Adapter.open(id, settings)))?.code === "SLA-H0714");
        continue;
      }
      const adapter = await Adapter.open(id, settings);
      const told = adapter.message(message);
      check(`${id}, ${about}: tickets`, same(told.tickets, tickets) || told.tickets);
      const lost = told.losses.map(({ kind, pointer }) => `${kind} ${pointer}`);
      check(`${id}, ${about}: losses`, same(lost, losses) || lost);
      const bytes = new TextEncoder().encode(JSON.stringify(message));
      check(`${id}, ${about}: as bytes`, same(adapter.message(bytes), told) && same(adapter.message(bytes.slice().buffer), told));
    }
    for (const { about, settings, documents, agreement, tickets, losses } of exports ? files[`${id}-exports.json`] : []) {
      const told = (await Adapter.open(id, settings)).export(documents);
      check(`${id}, ${about}: agreement`, same(told.agreement, agreement) || told.agreement);
      const whole = told.tickets.map(({ agreement: _, ...ticket }) => ticket);
      check(`${id}, ${about}: tickets`, same(whole, tickets) || whole);
      const lost = told.losses.map(({ kind, pointer, message }) => `${kind} ${pointer}: ${message}`);
      check(`${id}, ${about}: losses`, (lost.length === losses.length && lost.every((loss, index) => loss.startsWith(losses[index]))) || lost);
    }
  }
  for (const { about, adapter, secret, headers, body, now, refused: begins } of files["signatures.json"]) {
    const signed = await Adapter.open(adapter, adapter === "generic" ? MAPPING : undefined);
    const forms = [headers, new Headers(headers), Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value])];
    for (const form of forms) {
      const error = await refused(() => signed.verify(body, { secret, headers: form, now }));
      const is = begins === undefined ? error === undefined : error?.problems[0].message.startsWith(begins);
      check(`${adapter}, ${about}`, is || String(error));
    }
    const bytes = await refused(() => signed.verify(new TextEncoder().encode(body), { secret, headers, now: Date.parse(now) }));
    check(`${adapter}, ${about}: bytes`, (bytes === undefined) === (begins === undefined));
  }
  for (const { adapter, settings, pointer } of files["settings.json"]) {
    const error = await refused(() => Adapter.open(adapter, settings));
    check(`${adapter}, ${JSON.stringify(settings)}`, error?.pointer === pointer || String(error));
    if (error) check(`${adapter}: code`, error.code === "SLA-H0714" || error.code);
  }
  return { cases, failures };
}
