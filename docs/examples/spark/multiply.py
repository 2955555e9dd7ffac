"""Many tickets out of a real log, always the same: all its tickets again and again, each time a day later and with ids of
their own, so that weekends, holidays and changes of time fall elsewhere in every history."""

import argparse
import datetime
import re
import sys
from functools import lru_cache
from itertools import count

DATE = re.compile(r'(?<=")\d{4}-\d\d-\d\d(?=T\d)')
ID = re.compile(r'(?<="id":")[^"]+(?=")')


def later(days):
    @lru_cache(maxsize=None)
    def shifted(date):
        return (datetime.date.fromisoformat(date) + datetime.timedelta(days)).isoformat()

    return lambda found: shifted(found[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tickets", help="JSON Lines, as `slaclock import` writes them")
    parser.add_argument("number", type=int)
    asked = parser.parse_args()
    with open(asked.tickets, encoding="utf-8") as file:
        tickets = file.read().splitlines()
    left = asked.number
    for days in count():
        date = later(days)
        for ticket in tickets[:left]:
            # The first id in a line is the ticket's own.
            again = ID.sub(lambda found: f"{found[0]}-{days}", DATE.sub(date, ticket), count=1)
            sys.stdout.write(f"{again}\n")
        left -= len(tickets)
        if left <= 0:
            break


if __name__ == "__main__":
    main()
