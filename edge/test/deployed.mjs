// The cases of the contract, asked of a function that runs somewhere with their settings: `node deployed.mjs ORIGIN`.

import { cases, faults } from "./contract.mjs";

const [origin] = process.argv.slice(2);
let wrong = 0;
for (const one of cases) {
  const found = await faults(origin, one, fetch).catch((error) => [String(error.cause ?? error)]);
  if (found.length > 0) console.log(`${one.name}: ${found.join("; ")}`);
  wrong += Number(found.length > 0);
}
console.log(`${cases.length} cases, ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
