<?php
// The plain core module by its three functions, in PHP: FFI, which PHP brings, calls the C interface of Wasmtime.
// `SLACLOCK_WASMTIME` is its library: `libwasmtime.so` of Wasmtime's C API, or the same file out of its Python package.

declare(strict_types=1);

require __DIR__ . '/run.php';

/** What is needed of the headers of the C API. Values and exports have 24 bytes of content, of which these are used. */
const WASMTIME = <<<'C'
    typedef struct { size_t size; char *data; } bytes;
    typedef struct { uint64_t store; size_t index; } instance;
    typedef struct { uint8_t kind; union { uint32_t i32; uint64_t i64; uint64_t all[3]; } of; } value;
    typedef struct { uint8_t kind; uint64_t of[3]; } item;
    void *wasm_engine_new(void);
    void wasm_engine_delete(void *);
    void wasm_byte_vec_delete(bytes *);
    void *wasmtime_store_new(void *engine, void *data, void *finalizer);
    void wasmtime_store_delete(void *);
    void *wasmtime_store_context(void *);
    void wasmtime_store_limiter(void *store, int64_t memory, int64_t elements, int64_t instances, int64_t tables, int64_t memories);
    void *wasmtime_module_new(void *engine, const char *wasm, size_t size, void **module);
    void wasmtime_module_delete(void *);
    void *wasmtime_instance_new(void *context, void *module, const item *imports, size_t count, instance *, void **trap);
    bool wasmtime_instance_export_get(void *context, const instance *, const char *name, size_t size, item *);
    void *wasmtime_func_call(void *context, const void *function, const value *, size_t, value *results, size_t, void **trap);
    char *wasmtime_memory_data(void *context, const void *memory);
    void wasmtime_error_message(void *, bytes *);
    void wasmtime_error_delete(void *);
    void wasm_trap_message(void *, bytes *);
    void wasm_trap_delete(void *);
    C;
const WASMTIME_I32 = 0;
const WASMTIME_FUNCTION = 0;
const WASMTIME_MEMORY = 3;

/** One instance of the engine. It serves one caller at a time; should it fail, throw it away and make another. */
final class Slaclock
{
    private FFI $c;
    private FFI\CData $engine, $store, $context, $instance;
    private FFI\CData $memory, $alloc, $call, $free;

    public function __construct(string $path, int $memory = 1 << 30)
    {
        $wasm = file_get_contents($path);
        $this->c = FFI::cdef(WASMTIME, getenv('SLACLOCK_WASMTIME'));
        $this->engine = $this->c->wasm_engine_new();
        $this->store = $this->c->wasmtime_store_new($this->engine, null, null);
        // More memory is refused; -1 is Wasmtime's own limit of tables, instances and the like.
        $this->c->wasmtime_store_limiter($this->store, $memory, -1, -1, -1, -1);
        $this->context = $this->c->wasmtime_store_context($this->store);
        $module = $this->c->new('void *');
        $this->check($this->c->wasmtime_module_new($this->engine, $wasm, strlen($wasm), FFI::addr($module)));
        $this->instance = $this->c->new('instance');
        // It imports nothing.
        $this->trapping(fn ($trap) => $this->c->wasmtime_instance_new($this->context, $module, null, 0, FFI::addr($this->instance), $trap));
        $this->c->wasmtime_module_delete($module);
        $this->memory = $this->export('memory', WASMTIME_MEMORY);
        $this->alloc = $this->export('slaclock_alloc', WASMTIME_FUNCTION);
        $this->call = $this->export('slaclock_call', WASMTIME_FUNCTION);
        $this->free = $this->export('slaclock_free', WASMTIME_FUNCTION);
    }

    public function __destruct()
    {
        $this->c->wasmtime_store_delete($this->store);
        $this->c->wasm_engine_delete($this->engine);
    }

    /** The answer to a question: lines of text. */
    public function ask(string $question): string
    {
        $size = strlen($question);
        $at = $this->call($this->alloc, 1, $size) & 0xFFFFFFFF;
        if ($at === 0) {
            throw new RuntimeException("no memory for $size bytes");
        }
        FFI::memcpy($this->room($at), $question, $size);
        $packed = $this->call($this->call, 1, $at, $size);
        $this->call($this->free, 0, $at, $size);
        [$answerAt, $length] = [$packed >> 32 & 0xFFFFFFFF, $packed & 0xFFFFFFFF];
        $answer = $length === 0 ? '' : FFI::string($this->room($answerAt), $length);
        $this->call($this->free, 0, $answerAt, $length);
        return $answer;
    }

    private function export(string $name, int $kind): FFI\CData
    {
        $item = $this->c->new('item');
        $found = $this->c->wasmtime_instance_export_get($this->context, FFI::addr($this->instance), $name, strlen($name), FFI::addr($item));
        if (!$found || $item->kind !== $kind) {
            throw new RuntimeException("the module does not export `$name`");
        }
        return $item;
    }

    /** Calls a function with 32-bit numbers. */
    private function call(FFI\CData $function, int $results, int ...$numbers): int
    {
        $arguments = $this->c->new('value[2]');
        foreach ($numbers as $index => $number) {
            $arguments[$index]->kind = WASMTIME_I32;
            $arguments[$index]->of->i32 = $number;
        }
        $result = $this->c->new('value[1]');
        $this->trapping(fn ($trap) => $this->c->wasmtime_func_call($this->context, FFI::addr($function->of), $arguments, count($numbers), $result, $results, $trap));
        return $result[0]->of->i64;
    }

    /** The module's memory from an address on. It may move whenever it grows, so it is looked up each time. */
    private function room(int $at): FFI\CData
    {
        return $this->c->wasmtime_memory_data($this->context, FFI::addr($this->memory->of)) + $at;
    }

    private function trapping(callable $called): void
    {
        $trap = $this->c->new('void *');
        $this->check($called(FFI::addr($trap)));
        if (!FFI::isNull($trap)) {
            $this->fail('wasm_trap', $trap);
        }
    }

    private function check(?FFI\CData $error): void
    {
        if ($error !== null && !FFI::isNull($error)) {
            $this->fail('wasmtime_error', $error);
        }
    }

    private function fail(string $what, FFI\CData $of): never
    {
        $said = $this->c->new('bytes');
        $this->c->{"{$what}_message"}($of, FFI::addr($said));
        $text = FFI::string($said->data, $said->size);
        $this->c->wasm_byte_vec_delete(FFI::addr($said));
        $this->c->{"{$what}_delete"}($of);
        throw new RuntimeException($text);
    }
}

$path = getenv('SLACLOCK_ABI') ?: __DIR__ . '/../../target/slaclock/slaclock_abi.wasm';
run('PHP ' . PHP_VERSION, function () use ($path): callable {
    $engine = new Slaclock($path);
    return $engine->ask(...);
});
