# Asks a target every question of a file, and says how long it took.

require "json"

# The block goes from nothing to something that can be called with one question.
def run(version)
  questions_path, answers_path = ARGV.last(2)
  questions = File.readlines(questions_path, encoding: "UTF-8").map { |line| JSON.parse(line) }
  clock = -> { Process.clock_gettime(Process::CLOCK_MONOTONIC, :microsecond) }
  cold = clock.call
  ask = yield
  ask.call(questions.first)
  begun = clock.call
  answers = questions.map { |question| ask.call(question) }
  ended = clock.call
  File.write(answers_path, answers.map { |answer| JSON.generate(answer) + "\n" }.join)
  puts JSON.generate({ version:, cold_us: begun - cold, each_us: (ended - begun) / questions.length })
end
