;; A plugin that keeps the contract's form and nothing else. It echoes its lines, with `=` replaced by its mark, so a
;; test writes the answer that it wants into the line. These bytes of a line make it misbehave:
;;   !  traps                                ~  never returns
;;   ^  takes memory without end, then traps  #  takes places of a table without end, then traps
;;   &  calls itself without end             ;  never returns from the clean-up after its answer
;;   %  answers nothing                      @  answers a line too many
;;   $  answers what is not UTF-8            <  answers what is not JSON
;;   *  answers as much memory as it can get, up to a gigabyte
;;   ?  answers bytes outside its memory     |  keeps 64 kB more with every call
(module
  (import "[export]slaclock:sla/engine@0.2.0" "[resource-new]agreement" (func $handle (param i32) (result i32)))
  (memory (export "memory") 1)
  (table $table 1 funcref)
  (global $free (mut i32) (i32.const 4096))
  (global $hang (mut i32) (i32.const 0))
  ;; 1024: version, time zones, holiday sets of `describe`; 1050: what `preview` answers.
  (data (i32.const 1024) "9.9.92026z2026-01-01")
  (data (i32.const 1050) "no JSON")

  ;; Memory for an argument. Each call begins anew, as nothing of the one before is needed.
  (func $take (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
    (global.set $free (i32.add (local.get $at) (local.get $size)))
    (block $enough
      (loop $grow
        (br_if $enough (i32.le_u (global.get $free) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $grow (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
      unreachable)
    (local.get $at))
  (func (export "cabi_realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
    (call $take (local.get $new)))

  (func $deep (param i32) (result i32)
    (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (local.get 0)))

  ;; Does what the lines say; the answer's place and length go to 16 and 20.
  (func $act (param $at i32) (param $length i32)
    (local $index i32) (local $byte i32) (local $here i32)
    (i32.store (i32.const 16) (local.get $at))
    (i32.store (i32.const 20) (local.get $length))
    (global.set $free (i32.const 4096))
    (block $end
      (loop $next
        (br_if $end (i32.ge_u (local.get $index) (local.get $length)))
        (local.set $here (i32.add (local.get $at) (local.get $index)))
        (local.set $byte (i32.load8_u (local.get $here)))
        (if (i32.eq (local.get $byte) (i32.const 61)) (then (i32.store8 (local.get $here) (i32.const MARK))))
        (if (i32.eq (local.get $byte) (i32.const 33)) (then unreachable))
        (if (i32.eq (local.get $byte) (i32.const 126)) (then (loop $for_ever (br $for_ever))))
        (if (i32.eq (local.get $byte) (i32.const 94)) (then
          (loop $more (br_if $more (i32.ne (memory.grow (i32.const 256)) (i32.const -1))))
          unreachable))
        (if (i32.eq (local.get $byte) (i32.const 35)) (then
          (loop $more (br_if $more (i32.ne (table.grow $table (ref.null func) (i32.const 10000)) (i32.const -1))))
          unreachable))
        (if (i32.eq (local.get $byte) (i32.const 38)) (then (drop (call $deep (i32.const 0)))))
        (if (i32.eq (local.get $byte) (i32.const 59)) (then (global.set $hang (i32.const 1))))
        (if (i32.eq (local.get $byte) (i32.const 37)) (then (i32.store (i32.const 20) (i32.const 0)) (br $end)))
        (if (i32.eq (local.get $byte) (i32.const 64)) (then (i32.store8 (local.get $here) (i32.const 10))))
        (if (i32.eq (local.get $byte) (i32.const 36)) (then (i32.store8 (local.get $here) (i32.const 255))))
        (if (i32.eq (local.get $byte) (i32.const 60)) (then (i32.store8 (local.get $at) (i32.const 32))))
        (if (i32.eq (local.get $byte) (i32.const 124)) (then (drop (memory.grow (i32.const 1)))))
        (if (i32.eq (local.get $byte) (i32.const 42)) (then
          (if (i32.eq (memory.grow (i32.const 16000)) (i32.const -1)) (then
            (drop (memory.grow (i32.const 640)))))
          (i32.store (i32.const 16) (i32.const 0))
          (i32.store (i32.const 20) (i32.mul (memory.size) (i32.const 65536)))
          (br $end)))
        (if (i32.eq (local.get $byte) (i32.const 63)) (then
          (i32.store (i32.const 16) (i32.const -16))
          (i32.store (i32.const 20) (i32.const 8))
          (br $end)))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br $next))))

  (func (export "slaclock:sla/engine@0.2.0#hours-lines") (param $at i32) (param $length i32) (result i32)
    (call $act (local.get $at) (local.get $length))
    (i32.const 16))
  (func (export "cabi_post_slaclock:sla/engine@0.2.0#hours-lines") (param i32)
    (if (global.get $hang) (then (loop $for_ever (br $for_ever)))))

  ;; An agreement is read unless it is `{}`, which it refuses without a reason.
  (func (export "slaclock:sla/engine@0.2.0#[static]agreement.parse") (param i32 i32 i32) (result i32)
    (i32.store (i32.const 32) (i32.eq (local.get 1) (i32.const 2)))
    (i32.store (i32.const 36) (i32.const 0))
    (i32.store (i32.const 40) (i32.const 0))
    (if (i32.ne (local.get 1) (i32.const 2)) (then
      (i32.store (i32.const 36) (call $handle (i32.const 1)))))
    (i32.const 32))
  (func $lines (param $at i32) (param $length i32) (result i32)
    (call $act (local.get $at) (local.get $length))
    (i32.store (i32.const 48) (i32.const 0))
    (i32.store (i32.const 52) (i32.load (i32.const 16)))
    (i32.store (i32.const 56) (i32.load (i32.const 20)))
    (i32.const 48))
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.evaluate-lines") (param i32 i32 i32 i64 i32 i64) (result i32)
    (call $lines (local.get 1) (local.get 2)))
  (func (export "cabi_post_slaclock:sla/engine@0.2.0#[method]agreement.evaluate-lines") (param i32)
    (if (global.get $hang) (then (loop $for_ever (br $for_ever)))))
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.explain-lines") (param i32 i32 i32 i64 i32 i64) (result i32)
    (call $lines (local.get 1) (local.get 2)))
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.preview") (param i32 i32 i32 i64) (result i32)
    (i32.store (i32.const 32) (i32.const 0))
    (i32.store (i32.const 36) (i32.const 1050))
    (i32.store (i32.const 40) (i32.const 7))
    (i32.const 32))

  ;; A hundred thousand findings, each of which names the same eight megabytes as its message.
  (func (export "slaclock:sla/engine@0.2.0#lint") (param i32 i32 i32 i32) (result i32)
    (local $at i32) (local $index i32)
    (drop (memory.grow (i32.const 200)))
    (local.set $at (call $take (i32.const 3600000)))
    (loop $next
      (i32.store offset=20 (local.get $at) (i32.const 0))
      (i32.store offset=24 (local.get $at) (i32.const 8000000))
      (local.set $at (i32.add (local.get $at) (i32.const 36)))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $index) (i32.const 100000))))
    (i32.store (i32.const 32) (i32.const 0))
    (i32.store (i32.const 36) (i32.sub (local.get $at) (i32.const 3600000)))
    (i32.store (i32.const 40) (i32.const 100000))
    (i32.const 32))

  (func (export "slaclock:sla/engine@0.2.0#describe") (result i32)
    (i32.store (i32.const 64) (i32.const 1024)) (i32.store (i32.const 68) (i32.const 5))
    (i32.store (i32.const 72) (i32.const 1029)) (i32.store (i32.const 76) (i32.const 5))
    (i32.store (i32.const 80) (i32.const 1034)) (i32.store (i32.const 84) (i32.const 10))
    (i32.const 64))

  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.evaluate") (param i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]agreement.explain") (param i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[static]calendar.parse") (param i32 i32) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.is-open") (param i32 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.elapsed") (param i32 i64 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.due") (param i32 i64 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.next-open") (param i32 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.next-close") (param i32 i64) (result i32) unreachable)
  (func (export "slaclock:sla/engine@0.2.0#[method]calendar.segments") (param i32 i64 i64) (result i32) unreachable))
