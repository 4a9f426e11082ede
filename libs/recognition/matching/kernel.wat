;; The scan of the matching index. Assembled twice by assemble.ts: DOT is the relaxed dot product of 8-bit by 7-bit lanes
;; where the engine has it, and plain SIMD elsewhere; both give the same integers for the operands that quantise.ts makes.
;;
;; A stored row is x = scale * (byte - 64) + error, byte in 1..127; the query is q = queryScale * byte + error, byte in
;; -127..127. A row's similarity is at most what the bytes say plus what the two quantisation errors can hide:
;;   x.q <= scale * queryScale * (row . query - 64 * sum(query)) + |ex| * (1 + |eq|) + |eq|
;; so a row whose upper limit stays below the floor cannot be among the best, and no other row is ever left out.
(module
  (memory (export "memory") 1 16384)

  ;; acc + the 16 products of a and b, in four sums.
  (func $dot (param $query v128) (param $row v128) (param $acc v128) (result v128)
    DOT)

  ;; The four sums of four accumulators, one a lane.
  (func $sums (param $a v128) (param $b v128) (param $c v128) (param $d v128) (result v128)
    (local $ab v128) (local $cd v128)
    (local.set $ab (i32x4.add
      (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $a) (local.get $b))
      (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
    (local.set $cd (i32x4.add
      (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $c) (local.get $d))
      (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
    (i32x4.add
      (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $ab) (local.get $cd))
      (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $ab) (local.get $cd))))

  ;; The upper limits of four rows, from their sums of products.
  (func $limits (param $sums v128) (param $offset i32) (param $queryScale f32) (param $queryError f32)
    (param $scales i32) (param $errors i32) (result v128)
    (f32x4.add
      (f32x4.mul
        (f32x4.mul
          (f32x4.convert_i32x4_s (i32x4.sub (local.get $sums) (i32x4.splat (local.get $offset))))
          (f32x4.splat (local.get $queryScale)))
        (v128.load (local.get $scales)))
      (f32x4.add
        (f32x4.mul (v128.load (local.get $errors)) (f32x4.splat (f32.add (f32.const 1) (local.get $queryError))))
        (f32x4.splat (local.get $queryError)))))

  ;; Writes the numbers of the rows whose upper limit reaches the floor to $out and returns how many.
  ;; Eight rows lie interleaved, sixteen bytes of each in turn, so that one pointer walks through all of them and eight sums
  ;; are under way at once. $count is a multiple of eight; a row without an entry has an error far below every floor.
  (func (export "scan")
    (param $rows i32) (param $scales i32) (param $errors i32) (param $count i32) (param $dim i32)
    (param $query i32) (param $offset i32) (param $queryScale f32) (param $queryError f32) (param $floor f32)
    (param $out i32) (result i32)
    (local $row i32) (local $at i32) (local $end i32) (local $found i32) (local $mask i32) (local $q v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $f v128) (local $g v128) (local $h v128)
    (local.set $end (i32.add (local.get $query) (local.get $dim)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $row) (local.get $count)))
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a)) (local.set $c (local.get $a)) (local.set $d (local.get $a))
        (local.set $e (local.get $a)) (local.set $f (local.get $a)) (local.set $g (local.get $a))
        (local.set $h (local.get $a))
        (local.set $at (local.get $query))
        (loop $column
          (local.set $q (v128.load (local.get $at)))
          (local.set $a (call $dot (local.get $q) (v128.load (local.get $rows)) (local.get $a)))
          (local.set $b (call $dot (local.get $q) (v128.load offset=16 (local.get $rows)) (local.get $b)))
          (local.set $c (call $dot (local.get $q) (v128.load offset=32 (local.get $rows)) (local.get $c)))
          (local.set $d (call $dot (local.get $q) (v128.load offset=48 (local.get $rows)) (local.get $d)))
          (local.set $e (call $dot (local.get $q) (v128.load offset=64 (local.get $rows)) (local.get $e)))
          (local.set $f (call $dot (local.get $q) (v128.load offset=80 (local.get $rows)) (local.get $f)))
          (local.set $g (call $dot (local.get $q) (v128.load offset=96 (local.get $rows)) (local.get $g)))
          (local.set $h (call $dot (local.get $q) (v128.load offset=112 (local.get $rows)) (local.get $h)))
          (local.set $rows (i32.add (local.get $rows) (i32.const 128)))
          (br_if $column (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
        (local.set $mask
          (i32.or
            (i32x4.bitmask (f32x4.ge
              (call $limits (call $sums (local.get $a) (local.get $b) (local.get $c) (local.get $d))
                (local.get $offset) (local.get $queryScale) (local.get $queryError)
                (local.get $scales) (local.get $errors))
              (f32x4.splat (local.get $floor))))
            (i32.shl
              (i32x4.bitmask (f32x4.ge
                (call $limits (call $sums (local.get $e) (local.get $f) (local.get $g) (local.get $h))
                  (local.get $offset) (local.get $queryScale) (local.get $queryError)
                  (i32.add (local.get $scales) (i32.const 16)) (i32.add (local.get $errors) (i32.const 16)))
                (f32x4.splat (local.get $floor))))
              (i32.const 4))))
        (block $none
          (br_if $none (i32.eqz (local.get $mask)))
          (loop $bit
            (i32.store
              (i32.add (local.get $out) (i32.shl (local.get $found) (i32.const 2)))
              (i32.add (local.get $row) (i32.ctz (local.get $mask))))
            (local.set $found (i32.add (local.get $found) (i32.const 1)))
            (br_if $bit (local.tee $mask
              (i32.and (local.get $mask) (i32.sub (local.get $mask) (i32.const 1)))))))
        (local.set $scales (i32.add (local.get $scales) (i32.const 32)))
        (local.set $errors (i32.add (local.get $errors) (i32.const 32)))
        (local.set $row (i32.add (local.get $row) (i32.const 8)))
        (br $next)))
    (local.get $found))

  ;; The exact f32 dot products of the rows listed, written to $out in the list's order.
  (func (export "rescore")
    (param $list i32) (param $count i32) (param $vectors i32) (param $dim i32) (param $query i32) (param $out i32)
    (local $at i32) (local $end i32) (local $p i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $query) (i32.shl (local.get $dim) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $p (i32.add (local.get $vectors)
          (i32.mul (i32.load (local.get $list)) (i32.shl (local.get $dim) (i32.const 2)))))
        (local.set $a (v128.const f32x4 0 0 0 0))
        (local.set $b (local.get $a)) (local.set $c (local.get $a)) (local.set $d (local.get $a))
        (local.set $at (local.get $query))
        (loop $column
          (local.set $a (f32x4.add (local.get $a)
            (f32x4.mul (v128.load (local.get $at)) (v128.load (local.get $p)))))
          (local.set $b (f32x4.add (local.get $b)
            (f32x4.mul (v128.load offset=16 (local.get $at)) (v128.load offset=16 (local.get $p)))))
          (local.set $c (f32x4.add (local.get $c)
            (f32x4.mul (v128.load offset=32 (local.get $at)) (v128.load offset=32 (local.get $p)))))
          (local.set $d (f32x4.add (local.get $d)
            (f32x4.mul (v128.load offset=48 (local.get $at)) (v128.load offset=48 (local.get $p)))))
          (local.set $p (i32.add (local.get $p) (i32.const 64)))
          (br_if $column (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $end))))
        (local.set $a (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d))))
        (f32.store (local.get $out)
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
            (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next))))

  ;; How far the codes listed are from the query's, in shares of differing bits at the best shift, written to $out as f32:
  ;; codeScore of palm/compare.ts is 1 minus this. A code is three planes of 32 rows of 32 bits; shifts go four cells each
  ;; way; only cells that overlap count. Four rows are compared at once; what lies beyond the last row is masked away.
  (func (export "codes")
    (param $list i32) (param $count i32) (param $codes i32) (param $query i32) (param $out i32)
    (local $code i32) (local $dx i32) (local $dy i32) (local $rows i32) (local $columns i32) (local $plane i32)
    (local $l i32) (local $r i32) (local $left i32) (local $ldown i32) (local $rdown i32)
    (local $mask v128) (local $tail v128) (local $sum v128) (local $share f64) (local $nearest f64)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $code (i32.add (local.get $codes) (i32.mul (i32.load (local.get $list)) (i32.const 384))))
        (local.set $nearest (f64.const 1))
        (local.set $dy (i32.const -4))
        (loop $down
          (local.set $rows (i32.sub (i32.const 32) (call $abs (local.get $dy))))
          (local.set $tail (i32x4.lt_s (v128.const i32x4 0 1 2 3)
            (i32x4.splat (i32.and (local.get $rows) (i32.const 3)))))
          (local.set $dx (i32.const -4))
          (loop $across
            (local.set $columns (i32.sub (i32.const 32) (call $abs (local.get $dx))))
            (local.set $mask (i32x4.splat (i32.shr_u (i32.const -1) (call $abs (local.get $dx)))))
            (local.set $ldown (call $positive (local.get $dx)))
            (local.set $rdown (call $positive (i32.sub (i32.const 0) (local.get $dx))))
            (local.set $sum (v128.const i32x4 0 0 0 0))
            (local.set $plane (i32.const 0))
            (loop $planes
              (local.set $l (i32.add (i32.add (local.get $code) (local.get $plane))
                (i32.shl (call $positive (local.get $dy)) (i32.const 2))))
              (local.set $r (i32.add (i32.add (local.get $query) (local.get $plane))
                (i32.shl (call $positive (i32.sub (i32.const 0) (local.get $dy))) (i32.const 2))))
              (local.set $left (i32.shr_u (local.get $rows) (i32.const 2)))
              (loop $four
                (local.set $sum (i8x16.add (local.get $sum) (i8x16.popcnt
                  (v128.and (local.get $mask) (v128.xor
                    (i32x4.shr_u (v128.load (local.get $l)) (local.get $ldown))
                    (i32x4.shr_u (v128.load (local.get $r)) (local.get $rdown)))))))
                (local.set $l (i32.add (local.get $l) (i32.const 16)))
                (local.set $r (i32.add (local.get $r) (i32.const 16)))
                (br_if $four (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
              (if (i32.and (local.get $rows) (i32.const 3)) (then
                (local.set $sum (i8x16.add (local.get $sum) (i8x16.popcnt
                  (v128.and (local.get $tail) (v128.and (local.get $mask) (v128.xor
                    (i32x4.shr_u (v128.load (local.get $l)) (local.get $ldown))
                    (i32x4.shr_u (v128.load (local.get $r)) (local.get $rdown))))))))))
              (br_if $planes (i32.lt_u
                (local.tee $plane (i32.add (local.get $plane) (i32.const 128))) (i32.const 384))))
            (local.set $sum (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u (local.get $sum))))
            (local.set $share (f64.div
              (f64.convert_i32_u (i32.add
                (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
                (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
              (f64.convert_i32_u (i32.mul (i32.const 3) (i32.mul (local.get $columns) (local.get $rows))))))
            (local.set $nearest (f64.min (local.get $nearest) (local.get $share)))
            (br_if $across (i32.le_s (local.tee $dx (i32.add (local.get $dx) (i32.const 1))) (i32.const 4))))
          (br_if $down (i32.le_s (local.tee $dy (i32.add (local.get $dy) (i32.const 1))) (i32.const 4))))
        (f32.store (local.get $out) (f32.demote_f64 (local.get $nearest)))
        (local.set $list (i32.add (local.get $list) (i32.const 4)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $next))))

  (func $positive (param $n i32) (result i32)
    (select (local.get $n) (i32.const 0) (i32.gt_s (local.get $n) (i32.const 0))))
  (func $abs (param $n i32) (result i32)
    (select (local.get $n) (i32.sub (i32.const 0) (local.get $n)) (i32.gt_s (local.get $n) (i32.const 0)))))
