# The plain core module by its three functions, in Ruby: Fiddle, which Ruby brings, calls the C interface of Wasmtime.
# `SLACLOCK_WASMTIME` is its library: `libwasmtime.so` of Wasmtime's C API, or the same file out of its Python package.

require "fiddle/import"
require_relative "run"

# The functions that are needed, as the headers of the C API have them. A size is a pointer's.
module Wasmtime
  extend Fiddle::Importer
  dlload ENV.fetch("SLACLOCK_WASMTIME")
  extern "void *wasm_engine_new()"
  extern "void wasm_engine_delete(void *)"
  extern "void wasm_byte_vec_delete(void *)"
  extern "void *wasmtime_store_new(void *, void *, void *)"
  extern "void wasmtime_store_delete(void *)"
  extern "void *wasmtime_store_context(void *)"
  extern "void wasmtime_store_limiter(void *, long long, long long, long long, long long, long long)"
  extern "void *wasmtime_module_new(void *, void *, size_t, void *)"
  extern "void wasmtime_module_delete(void *)"
  extern "void *wasmtime_instance_new(void *, void *, void *, size_t, void *, void *)"
  extern "char wasmtime_instance_export_get(void *, void *, void *, size_t, void *)"
  extern "void *wasmtime_func_call(void *, void *, void *, size_t, void *, size_t, void *)"
  extern "void *wasmtime_memory_data(void *, void *)"
  extern "void wasmtime_error_message(void *, void *)"
  extern "void wasmtime_error_delete(void *)"
  extern "void wasm_trap_message(void *, void *)"
  extern "void wasm_trap_delete(void *)"

  # Sizes in bytes: `wasmtime_instance_t`, a pointer, and a value or an export, which begin with a byte that says their
  # kind and hold their content from the eighth byte on.
  INSTANCE, POINTER, VALUE = 16, 8, 32
  I32 = 0
  FUNCTION, MEMORY = 0, 3
end

# One instance of the engine. It serves one caller at a time; should it fail, throw it away and make another.
class Slaclock
  def initialize(path, memory: 1 << 30)
    wasm = File.binread(path)
    @engine = Wasmtime.wasm_engine_new
    @store = Wasmtime.wasmtime_store_new(@engine, nil, nil)
    # More memory is refused; -1 is Wasmtime's own limit of tables, instances and the like.
    Wasmtime.wasmtime_store_limiter(@store, memory, -1, -1, -1, -1)
    @context = Wasmtime.wasmtime_store_context(@store)
    compiled = "\0" * Wasmtime::POINTER
    check(Wasmtime.wasmtime_module_new(@engine, wasm, wasm.bytesize, compiled))
    compiled = compiled.unpack1("J")
    @instance = "\0" * Wasmtime::INSTANCE
    # It imports nothing.
    trapping { |trap| Wasmtime.wasmtime_instance_new(@context, compiled, nil, 0, @instance, trap) }
    Wasmtime.wasmtime_module_delete(compiled)
    @memory = export("memory", Wasmtime::MEMORY)
    @alloc, @call, @free = %w[alloc call free].map { |name| export("slaclock_#{name}", Wasmtime::FUNCTION) }
  end

  # The answer to a question: lines of text.
  def ask(question)
    bytes = question.b
    at = call(@alloc, bytes.bytesize) & 0xFFFF_FFFF
    raise NoMemoryError, "no memory for #{bytes.bytesize} bytes" if at.zero?

    room(at, bytes.bytesize)[0, bytes.bytesize] = bytes
    packed = call(@call, at, bytes.bytesize)
    call(@free, at, bytes.bytesize)
    answer_at, length = packed >> 32, packed & 0xFFFF_FFFF
    answer = length.zero? ? "" : room(answer_at, length)[0, length]
    call(@free, answer_at, length)
    answer.force_encoding(Encoding::UTF_8)
  end

  def close
    Wasmtime.wasmtime_store_delete(@store)
    Wasmtime.wasm_engine_delete(@engine)
  end

  private

  # What is exported under this name, without its kind.
  def export(name, kind)
    item = "\0" * Wasmtime::VALUE
    found = Wasmtime.wasmtime_instance_export_get(@context, @instance, name, name.bytesize, item)
    raise "the module does not export `#{name}`" if found.zero? || item.getbyte(0) != kind

    item.byteslice(8..)
  end

  # Calls a function with 32-bit numbers; its answer is read as an unsigned number of 64 bits.
  def call(function, *numbers)
    arguments = numbers.map { |number| [Wasmtime::I32, number].pack("C x7 L x20") }.join
    result = "\0" * Wasmtime::VALUE
    results = function.equal?(@free) ? 0 : 1
    trapping { |trap| Wasmtime.wasmtime_func_call(@context, function, arguments, numbers.length, result, results, trap) }
    result.unpack1("@8 Q")
  end

  # The module's memory from an address on. It may move whenever it grows, so it is looked up each time.
  def room(at, length)
    Fiddle::Pointer.new(Wasmtime.wasmtime_memory_data(@context, @memory).to_i + at, length)
  end

  def trapping
    trap = "\0" * Wasmtime::POINTER
    check(yield(trap))
    trap = trap.unpack1("J")
    fail_with(:wasm_trap_message, :wasm_trap_delete, trap) unless trap.zero?
  end

  def check(error)
    fail_with(:wasmtime_error_message, :wasmtime_error_delete, error) unless error.null?
  end

  def fail_with(message, delete, what)
    # A vector of bytes: its length and where it lies.
    said = "\0" * (2 * Wasmtime::POINTER)
    Wasmtime.public_send(message, what, said)
    length, at = said.unpack("JJ")
    text = Fiddle::Pointer.new(at)[0, length]
    Wasmtime.wasm_byte_vec_delete(said)
    Wasmtime.public_send(delete, what)
    raise text.force_encoding(Encoding::UTF_8)
  end
end

path = ENV.fetch("SLACLOCK_ABI") { File.expand_path("../../target/slaclock/slaclock_abi.wasm", __dir__) }
run("Ruby #{RUBY_VERSION}") { Slaclock.new(path).method(:ask) }
