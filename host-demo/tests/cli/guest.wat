;; A plugin that keeps the contract's form and nothing else: `hours-lines` echoes its lines, unless they hold
;; `!` (it traps), `~` (it never returns), `^` (it takes memory without end) or `%` (it answers nothing).
(module
  (memory (export "memory") 1)
  (global $free (mut i32) (i32.const 1024))

  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $new)))
    (block $enough
      (loop $grow
        (br_if $enough (i32.le_u (global.get $free) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $grow (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      unreachable)
    (local.get $at))

  (func (export "slaclock:sla/engine@0.2.0#hours-lines") (param $at i32) (param $length i32) (result i32)
    (local $index i32) (local $byte i32)
    (i32.store (i32.const 16) (local.get $at))
    (i32.store (i32.const 20) (local.get $length))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $index) (local.get $length)))
        (local.set $byte (i32.load8_u (i32.add (local.get $at) (local.get $index))))
        (if (i32.eq (local.get $byte) (i32.const 33)) (then unreachable))
        (if (i32.eq (local.get $byte) (i32.const 126)) (then (loop $for_ever (br $for_ever))))
        (if (i32.eq (local.get $byte) (i32.const 94)) (then
          (loop $more (br_if $more (i32.ne (memory.grow (i32.const 256)) (i32.const -1))))
          unreachable))
        (if (i32.eq (local.get $byte) (i32.const 37)) (then (i32.store (i32.const 20) (i32.const 0)) (br $end)))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next)))
    (i32.const 16))

  (func (export "slaclock:sla/engine@0.2.0#lint") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#describe") (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[static]agreement.parse") (param i32 i32 i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.evaluate") (param i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.evaluate-lines") (param i32 i32 i32 i64 i32 i64) (result i32)
    unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.explain") (param i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.explain-lines") (param i32 i32 i32 i64 i32 i64) (result i32)
    unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.preview") (param i32 i32 i32 i64) (result i32)
    unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[static]calendar.parse") (param i32 i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.is-open") (param i32 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.elapsed") (param i32 i64 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.due") (param i32 i64 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.next-open") (param i32 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.next-close") (param i32 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.segments") (param i32 i64 i64) (result i32) unreachable))
