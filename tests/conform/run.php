<?php
// Asks a target every question of a file, and says how long it took.

declare(strict_types=1);

/** `$start` goes from nothing to a function that answers one question. */
function run(string $version, callable $start): void
{
    [$questionsPath, $answersPath] = array_slice($GLOBALS['argv'], -2);
    $lines = file($questionsPath, FILE_IGNORE_NEW_LINES);
    $questions = array_map(fn (string $line): string => json_decode($line, flags: JSON_THROW_ON_ERROR), $lines);
    $cold = hrtime(true);
    $ask = $start();
    $ask($questions[0]);
    $begun = hrtime(true);
    $answers = array_map($ask, $questions);
    $ended = hrtime(true);
    $written = array_map(fn (string $answer): string => json_encode($answer, JSON_THROW_ON_ERROR) . "\n", $answers);
    file_put_contents($answersPath, $written);
    echo json_encode([
        'version' => $version,
        'cold_us' => intdiv($begun - $cold, 1000),
        'each_us' => intdiv($ended - $begun, 1000 * count($questions)),
    ]), "\n";
}
