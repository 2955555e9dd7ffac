// The same question put to npm packages, as their users put it: each walks the days between.

import { DateTime } from "luxon";
import moment from "moment-business-time";

/** A walk over days with luxon: `elapsed(start, end)` in milliseconds. */
export function luxonWalk({ time_zone: zone, holidays }) {
  const closed = new Set(holidays.map(({ date }) => date));
  return (start, end) => {
    let open = 0;
    for (let day = DateTime.fromMillis(start, { zone }).startOf("day"); +day < end; day = day.plus({ days: 1 })) {
      if (day.weekday > 5 || closed.has(day.toISODate())) continue;
      const from = Math.max(start, +day.set({ hour: 9 }));
      const until = Math.min(end, +day.set({ hour: 17 }));
      if (from < until) open += until - from;
    }
    return open;
  };
}

/** moment-business-time, which reads the wall clock of the process. */
export function momentBusinessTime({ time_zone: zone, holidays }) {
  process.env.TZ = zone;
  const day = ["09:00:00", "17:00:00"];
  const workinghours = { 0: null, 1: day, 2: day, 3: day, 4: day, 5: day, 6: null };
  moment.updateLocale("en", { workinghours, holidays: holidays.map(({ date }) => date) });
  return (start, end) => moment(end).workingDiff(moment(start), "milliseconds");
}
