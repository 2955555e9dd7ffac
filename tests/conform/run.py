"""Asks a target every question of a file, and says how long it took."""

import json
import sys
import time


def run(version, start):
    """`start` goes from nothing to a function that answers one question."""

    def start_all():
        ask = start()
        return lambda questions: [ask(question) for question in questions]

    run_all(version, start_all)


def run_all(version, start):
    """`start` goes from nothing to a function that answers a list of questions."""
    questions_path, answers_path = sys.argv[-2:]
    with open(questions_path, encoding="utf-8") as file:
        questions = [json.loads(line) for line in file]
    cold = time.perf_counter()
    ask = start()
    ask(questions[:1])
    begun = time.perf_counter()
    answers = ask(questions)
    ended = time.perf_counter()
    with open(answers_path, "w", encoding="utf-8") as file:
        for answer in answers:
            file.write(json.dumps(answer) + "\n")
    each = (ended - begun) * 1e6 / len(questions)
    print(json.dumps({"version": version, "cold_us": round((begun - cold) * 1e6), "each_us": round(each)}))
