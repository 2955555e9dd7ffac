// Business hours as people write them today: for one calendar, each side answers `isOpen`, `elapsed` and `due`. What a
// side has no way to say throws.

import { DateTime } from "luxon";
import moment from "moment-business-time";
import { Temporal } from "temporal-polyfill";

import { Yardstick } from "./yardstick.mjs";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/** Nobody's walk goes on for ever. */
const MOST_DAYS = 20_000;

/** Opening minutes of a local date, as the document has them. */
function minutesOf({ hours, holidays = [], special_days: special = [] }) {
  const parse = (ranges) => ranges.map((range) => range.split("-").map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))));
  const range = hours["mon-fri"] ?? [];
  const week = DAYS.map((day, index) => parse(hours[day] ?? (index < 5 ? range : [])));
  const closed = new Set(holidays.map(({ date }) => date));
  const own = new Map(special.map(({ date, hours }) => [date, parse(hours)]));
  return (date, weekday) => own.get(date) ?? (closed.has(date) ? [] : week[weekday]);
}

/** A walk over local days with a library whose dates are `{ dayOf(ms), next(day), key(day), weekday(day), at(day, minute) }`. */
const walk = (zoned) => (calendar) => {
  const { dayOf, next, key, weekday, at } = zoned(calendar.time_zone);
  const minutes = minutesOf(calendar);
  /** Open stretches from the local day of `from` on, with the start of each day. */
  function* days(from) {
    let day = dayOf(from);
    for (let count = 0; count < MOST_DAYS; count += 1, day = next(day)) {
      yield { start: at(day, 0), open: minutes(key(day), weekday(day)).map(([opens, closes]) => [at(day, opens), at(day, closes)]) };
    }
  }
  return {
    isOpen(ms) {
      const { open } = days(ms).next().value;
      return open.some(([from, until]) => from <= ms && ms < until);
    },
    elapsed(start, end) {
      let sum = 0;
      for (const { start: midnight, open } of days(start)) {
        if (midnight >= end) return sum;
        for (const [from, until] of open) sum += Math.max(0, Math.min(until, end) - Math.max(from, start));
      }
      throw new Error("too far");
    },
    due(start, ms) {
      let left = ms;
      for (const { open } of days(start)) {
        for (const [from, until] of open) {
          const begin = Math.max(from, start);
          if (until - begin >= left) return begin + left;
          left -= Math.max(0, until - begin);
        }
      }
      return null;
    },
  };
};

const luxon = (zone) => ({
  dayOf: (ms) => DateTime.fromMillis(ms, { zone }).startOf("day"),
  next: (day) => day.plus({ days: 1 }),
  key: (day) => day.toISODate(),
  weekday: (day) => day.weekday - 1,
  at: (day, minute) => (minute === 1440 ? +day.plus({ days: 1 }).startOf("day") : +day.set({ hour: Math.floor(minute / 60), minute: minute % 60 })),
});

const temporal = (zone) => ({
  dayOf: (ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate(),
  next: (day) => day.add({ days: 1 }),
  key: (day) => day.toString(),
  weekday: (day) => day.dayOfWeek - 1,
  at: (day, minute) => {
    const date = minute === 1440 ? day.add({ days: 1 }) : day;
    const plainTime = { hour: Math.floor(minute / 60) % 24, minute: minute % 60 };
    return date.toZonedDateTime({ timeZone: zone, plainTime }).epochMilliseconds;
  },
});

/** Plain JavaScript: the offset that `Intl` tells for a first guess, taken off once more. */
const plain = (zone) => {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
  const wall = (ms) => {
    const { year, month, day, hour, minute, second } = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1000) + 1000) % 1000);
  };
  const utc = (local) => {
    const guess = local - (wall(local) - local);
    return guess - (wall(guess) - local);
  };
  return {
    dayOf: (ms) => Math.floor(wall(ms) / 86_400_000),
    next: (day) => day + 1,
    key: (day) => new Date(day * 86_400_000).toISOString().slice(0, 10),
    weekday: (day) => (day + 3) % 7,
    at: (day, minute) => utc(day * 86_400_000 + minute * 60_000),
  };
};

/** Open stretches of a span, once, by the plain walk; then running totals and bisection. */
function yardstick(calendar, [from, until]) {
  const { dayOf, next, key, weekday, at } = plain(calendar.time_zone);
  const minutes = minutesOf(calendar);
  const intervals = [];
  for (let day = dayOf(from); day < dayOf(until); day = next(day)) {
    for (const [opens, closes] of minutes(key(day), weekday(day))) intervals.push([at(day, opens), at(day, closes)]);
  }
  const sums = new Yardstick(intervals);
  return { isOpen: (ms) => sums.isOpen(ms), elapsed: (start, end) => sums.elapsed(start, end), due: (start, ms) => sums.due(start, ms) };
}

/** moment-business-time reads the wall clock of the process. */
function momentBusinessTime(calendar) {
  const { hours, holidays = [], special_days: special = [], time_zone: zone } = calendar;
  if (special.length > 0) throw new Error("it has no special days");
  process.env.TZ = zone;
  const time = (text) => `${text}:00`;
  const of = (day, index) => (hours[day] ?? (index < 5 ? hours["mon-fri"] : undefined))?.flatMap((range) => range.split("-").map(time)) ?? null;
  const workinghours = Object.fromEntries(DAYS.map((day, index) => [(index + 1) % 7, of(day, index)]));
  moment.updateLocale("en", { workinghours, holidays: holidays.map(({ date }) => date) });
  return {
    isOpen: (ms) => moment(ms).isWorkingTime(),
    elapsed: (start, end) => moment(end).workingDiff(moment(start), "milliseconds"),
    due: (start, ms) => +moment(start).addWorkingTime(ms, "milliseconds"),
  };
}

export const SIDES = {
  yardstick,
  "plain walk": walk(plain),
  "luxon walk": walk(luxon),
  "temporal-polyfill walk": walk(temporal),
  "moment-business-time": momentBusinessTime,
};
