/**
 * A small WebAssembly byte encoder: modules, functions, opcodes. No dependency, no text format in between.
 * Source of the numbers: the WebAssembly core specification 2.0 (binary format), threads and relaxed-SIMD proposals.
 */
import { InternalError } from '../../base/errors.ts';

export type ValType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';
const VALTYPE: Record<ValType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };

/** Growable byte sink with the variable-length integers of the format. */
export class Bytes {
  private buffer = new Uint8Array(1024);
  length = 0;
  byte(value: number): this {
    if (this.length === this.buffer.length) this.grow(1);
    this.buffer[this.length++] = value;
    return this;
  }
  private grow(extra: number): void {
    const bigger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + extra));
    bigger.set(this.buffer.subarray(0, this.length));
    this.buffer = bigger;
  }
  append(bytes: Uint8Array): this {
    if (this.length + bytes.length > this.buffer.length) this.grow(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }
  /** unsigned LEB128 */
  u(value: number): this {
    let v = value >>> 0;
    do { const low = v & 0x7f; v >>>= 7; this.byte(v === 0 ? low : low | 0x80); } while (v !== 0);
    return this;
  }
  /** signed LEB128, 32 bit */
  s(value: number): this {
    let v = value | 0;
    for (;;) {
      const low = v & 0x7f;
      v >>= 7;
      if ((v === 0 && (low & 0x40) === 0) || (v === -1 && (low & 0x40) !== 0)) return this.byte(low);
      this.byte(low | 0x80);
    }
  }
  f32(value: number): this { return this.append(new Uint8Array(new Float32Array([value]).buffer)); }
  f64(value: number): this { return this.append(new Uint8Array(new Float64Array([value]).buffer)); }
  name(text: string): this { const b = new TextEncoder().encode(text); return this.u(b.length).append(b); }
  take(): Uint8Array<ArrayBuffer> { return this.buffer.slice(0, this.length); }
}

/** Plain opcodes: [prefix or -1, code]. Prefix 0xfd is SIMD, 0xfc saturating conversions and bulk memory, 0xfe atomics. */
const OPS = {
  unreachable: [-1, 0x00], nop: [-1, 0x01], else: [-1, 0x05], end: [-1, 0x0b], return: [-1, 0x0f], drop: [-1, 0x1a], select: [-1, 0x1b],
  'i32.eqz': [-1, 0x45], 'i32.eq': [-1, 0x46], 'i32.ne': [-1, 0x47], 'i32.lt_s': [-1, 0x48], 'i32.lt_u': [-1, 0x49], 'i32.gt_s': [-1, 0x4a],
  'i32.gt_u': [-1, 0x4b], 'i32.le_s': [-1, 0x4c], 'i32.le_u': [-1, 0x4d], 'i32.ge_s': [-1, 0x4e], 'i32.ge_u': [-1, 0x4f],
  'f32.eq': [-1, 0x5b], 'f32.ne': [-1, 0x5c], 'f32.lt': [-1, 0x5d], 'f32.gt': [-1, 0x5e], 'f32.le': [-1, 0x5f], 'f32.ge': [-1, 0x60],
  'f64.eq': [-1, 0x61], 'f64.ne': [-1, 0x62], 'f64.lt': [-1, 0x63], 'f64.gt': [-1, 0x64], 'f64.le': [-1, 0x65], 'f64.ge': [-1, 0x66],
  'i32.clz': [-1, 0x67], 'i32.ctz': [-1, 0x68], 'i32.add': [-1, 0x6a], 'i32.sub': [-1, 0x6b], 'i32.mul': [-1, 0x6c], 'i32.div_s': [-1, 0x6d],
  'i32.div_u': [-1, 0x6e], 'i32.rem_s': [-1, 0x6f], 'i32.rem_u': [-1, 0x70], 'i32.and': [-1, 0x71], 'i32.or': [-1, 0x72], 'i32.xor': [-1, 0x73],
  'i32.shl': [-1, 0x74], 'i32.shr_s': [-1, 0x75], 'i32.shr_u': [-1, 0x76], 'i32.rotl': [-1, 0x77], 'i64.add': [-1, 0x7c], 'i64.sub': [-1, 0x7d], 'i64.mul': [-1, 0x7e],
  'i64.shl': [-1, 0x86], 'i64.shr_s': [-1, 0x87], 'i64.or': [-1, 0x84], 'i64.and': [-1, 0x83],
  'f32.abs': [-1, 0x8b], 'f32.neg': [-1, 0x8c], 'f32.ceil': [-1, 0x8d], 'f32.floor': [-1, 0x8e], 'f32.trunc': [-1, 0x8f], 'f32.nearest': [-1, 0x90], 'f32.sqrt': [-1, 0x91],
  'f32.add': [-1, 0x92], 'f32.sub': [-1, 0x93], 'f32.mul': [-1, 0x94], 'f32.div': [-1, 0x95], 'f32.min': [-1, 0x96], 'f32.max': [-1, 0x97], 'f32.copysign': [-1, 0x98],
  'f64.abs': [-1, 0x99], 'f64.neg': [-1, 0x9a], 'f64.ceil': [-1, 0x9b], 'f64.floor': [-1, 0x9c], 'f64.trunc': [-1, 0x9d], 'f64.nearest': [-1, 0x9e], 'f64.sqrt': [-1, 0x9f],
  'f64.add': [-1, 0xa0], 'f64.sub': [-1, 0xa1], 'f64.mul': [-1, 0xa2], 'f64.div': [-1, 0xa3], 'f64.min': [-1, 0xa4], 'f64.max': [-1, 0xa5], 'f64.copysign': [-1, 0xa6],
  'i32.wrap_i64': [-1, 0xa7], 'i32.trunc_f32_s': [-1, 0xa8], 'i64.extend_i32_s': [-1, 0xac], 'i64.extend_i32_u': [-1, 0xad],
  'f32.convert_i32_s': [-1, 0xb2], 'f32.convert_i32_u': [-1, 0xb3], 'f32.demote_f64': [-1, 0xb6], 'f64.convert_i32_s': [-1, 0xb7], 'f64.convert_i32_u': [-1, 0xb8],
  'f64.promote_f32': [-1, 0xbb], 'i32.reinterpret_f32': [-1, 0xbc], 'i64.reinterpret_f64': [-1, 0xbd], 'f32.reinterpret_i32': [-1, 0xbe], 'f64.reinterpret_i64': [-1, 0xbf],
  'i32.trunc_sat_f32_s': [0xfc, 0], 'i32.trunc_sat_f32_u': [0xfc, 1], 'i32.trunc_sat_f64_s': [0xfc, 2], 'i32.trunc_sat_f64_u': [0xfc, 3],
  'i8x16.swizzle': [0xfd, 14], 'i8x16.splat': [0xfd, 15], 'i16x8.splat': [0xfd, 16], 'i32x4.splat': [0xfd, 17], 'i64x2.splat': [0xfd, 18], 'f32x4.splat': [0xfd, 19], 'f64x2.splat': [0xfd, 20],
  'i32x4.eq': [0xfd, 55], 'i32x4.ne': [0xfd, 56], 'i32x4.lt_s': [0xfd, 57], 'i32x4.lt_u': [0xfd, 58], 'i32x4.gt_s': [0xfd, 59], 'i32x4.gt_u': [0xfd, 60],
  'i32x4.le_s': [0xfd, 61], 'i32x4.le_u': [0xfd, 62], 'i32x4.ge_s': [0xfd, 63], 'i32x4.ge_u': [0xfd, 64],
  'f32x4.eq': [0xfd, 65], 'f32x4.ne': [0xfd, 66], 'f32x4.lt': [0xfd, 67], 'f32x4.gt': [0xfd, 68], 'f32x4.le': [0xfd, 69], 'f32x4.ge': [0xfd, 70],
  'v128.not': [0xfd, 77], 'v128.and': [0xfd, 78], 'v128.andnot': [0xfd, 79], 'v128.or': [0xfd, 80], 'v128.xor': [0xfd, 81], 'v128.bitselect': [0xfd, 82], 'v128.any_true': [0xfd, 83],
  'f32x4.demote_f64x2_zero': [0xfd, 94], 'f64x2.promote_low_f32x4': [0xfd, 95],
  'i8x16.narrow_i16x8_u': [0xfd, 102], 'f32x4.ceil': [0xfd, 103], 'f32x4.floor': [0xfd, 104], 'f32x4.trunc': [0xfd, 105], 'f32x4.nearest': [0xfd, 106],
  'i16x8.narrow_i32x4_s': [0xfd, 133], 'i16x8.narrow_i32x4_u': [0xfd, 134], 'i16x8.extend_low_i8x16_s': [0xfd, 135], 'i16x8.extend_low_i8x16_u': [0xfd, 137],
  'i32x4.abs': [0xfd, 160], 'i32x4.neg': [0xfd, 161], 'i32x4.all_true': [0xfd, 163], 'i32x4.bitmask': [0xfd, 164], 'i32x4.extend_low_i16x8_s': [0xfd, 167], 'i32x4.extend_low_i16x8_u': [0xfd, 169],
  'i32x4.shl': [0xfd, 171], 'i32x4.shr_s': [0xfd, 172], 'i32x4.shr_u': [0xfd, 173], 'i32x4.add': [0xfd, 174], 'i32x4.sub': [0xfd, 177], 'i32x4.mul': [0xfd, 181],
  'i32x4.min_s': [0xfd, 182], 'i32x4.min_u': [0xfd, 183], 'i32x4.max_s': [0xfd, 184], 'i32x4.max_u': [0xfd, 185],
  'f32x4.abs': [0xfd, 224], 'f32x4.neg': [0xfd, 225], 'f32x4.sqrt': [0xfd, 227], 'f32x4.add': [0xfd, 228], 'f32x4.sub': [0xfd, 229], 'f32x4.mul': [0xfd, 230], 'f32x4.div': [0xfd, 231],
  'f32x4.min': [0xfd, 232], 'f32x4.max': [0xfd, 233], 'f32x4.pmin': [0xfd, 234], 'f32x4.pmax': [0xfd, 235],
  'f64x2.add': [0xfd, 240], 'f64x2.sub': [0xfd, 241], 'f64x2.mul': [0xfd, 242], 'f64x2.div': [0xfd, 243],
  'i32x4.trunc_sat_f32x4_s': [0xfd, 248], 'i32x4.trunc_sat_f32x4_u': [0xfd, 249], 'f32x4.convert_i32x4_s': [0xfd, 250], 'f32x4.convert_i32x4_u': [0xfd, 251],
  'f32x4.relaxed_madd': [0xfd, 0x105], 'f32x4.relaxed_nmadd': [0xfd, 0x106],
  'f64x2.nearest': [0xfd, 148], 'i64x2.shl': [0xfd, 203], 'i64x2.add': [0xfd, 206], 'f64x2.pmin': [0xfd, 246], 'f64x2.pmax': [0xfd, 247],
  'f64x2.convert_low_i32x4_s': [0xfd, 254], 'f64x2.relaxed_madd': [0xfd, 0x107],
  'atomic.fence': [0xfe, 3],
} as const satisfies Record<string, readonly [number, number]>;
export type PlainOp = keyof typeof OPS;

/** Loads and stores: [prefix or -1, code, log2 of the natural alignment]. */
const MEMORY_OPS = {
  'i32.load': [-1, 0x28, 2], 'i64.load': [-1, 0x29, 3], 'f32.load': [-1, 0x2a, 2], 'f64.load': [-1, 0x2b, 3], 'i32.load8_s': [-1, 0x2c, 0], 'i32.load8_u': [-1, 0x2d, 0],
  'i32.store': [-1, 0x36, 2], 'i64.store': [-1, 0x37, 3], 'f32.store': [-1, 0x38, 2], 'f64.store': [-1, 0x39, 3], 'i32.store8': [-1, 0x3a, 0],
  'v128.load': [0xfd, 0, 4], 'v128.load8x8_u': [0xfd, 2, 3], 'v128.load8_splat': [0xfd, 7, 0], 'v128.load32_splat': [0xfd, 9, 2], 'v128.load64_splat': [0xfd, 10, 3], 'v128.store': [0xfd, 11, 4],
  'v128.load32_zero': [0xfd, 92, 2], 'v128.load64_zero': [0xfd, 93, 3],
  'memory.atomic.notify': [0xfe, 0x00, 2], 'memory.atomic.wait32': [0xfe, 0x01, 2], 'i32.atomic.load': [0xfe, 0x10, 2], 'i32.atomic.store': [0xfe, 0x17, 2],
  'i32.atomic.rmw.add': [0xfe, 0x1e, 2], 'i32.atomic.rmw.sub': [0xfe, 0x25, 2], 'i32.atomic.rmw.xchg': [0xfe, 0x41, 2], 'i32.atomic.rmw.cmpxchg': [0xfe, 0x48, 2],
} as const satisfies Record<string, readonly [number, number, number]>;
export type MemoryOp = keyof typeof MEMORY_OPS;

/** Lane operations: [code]. */
const LANE_OPS = {
  'i32x4.extract_lane': 27, 'i32x4.replace_lane': 28, 'f32x4.extract_lane': 31, 'f32x4.replace_lane': 32, 'f64x2.extract_lane': 33, 'f64x2.replace_lane': 34,
} as const satisfies Record<string, number>;
export type LaneOp = keyof typeof LANE_OPS;
/** Loads and stores of one lane: [code, alignment]. */
const LANE_MEMORY_OPS = {
  'v128.load8_lane': [84, 0], 'v128.load32_lane': [86, 2], 'v128.load64_lane': [87, 3], 'v128.store8_lane': [88, 0], 'v128.store32_lane': [90, 2], 'v128.store64_lane': [91, 3],
} as const satisfies Record<string, readonly [number, number]>;
export type LaneMemoryOp = keyof typeof LANE_MEMORY_OPS;

/** A local variable of the function being written. Locals taken with `local` may be given back with `free` for reuse. */
export interface Local { readonly index: number; readonly type: ValType }

/**
 * Writes one function body. Instructions are methods that append; operands are pushed before, as on the stack machine.
 * A text listing is kept beside the bytes when the module was made with `text`.
 */
export class FunctionWriter {
  readonly code = new Bytes();
  readonly lines: string[] = [];
  readonly name: string;
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
  private readonly declared: ValType[] = [];
  private readonly pool: Record<ValType, Local[]> = { i32: [], i64: [], f32: [], f64: [], v128: [] };
  private readonly constants = new Map<string, Local>();
  private readonly entry = new Bytes();
  private readonly entryLines: string[] = [];
  private depth = 1;
  private readonly keepText: boolean;

  constructor(name: string, params: readonly ValType[], results: readonly ValType[], keepText: boolean) {
    this.name = name; this.params = params; this.results = results; this.keepText = keepText;
  }
  private note(line: string): void { if (this.keepText) this.lines.push('  '.repeat(this.depth) + line); }

  param(i: number): Local {
    const type = this.params[i];
    if (type === undefined) throw new InternalError(`function ${this.name} has no parameter ${i}`);
    return { index: i, type };
  }
  local(type: ValType): Local {
    const free = this.pool[type].pop();
    if (free !== undefined) return free;
    this.declared.push(type);
    return { index: this.params.length + this.declared.length - 1, type };
  }
  free(...locals: readonly Local[]): void { for (const l of locals) this.pool[l.type].push(l); }

  /**
   * Pushes a v128 constant that is set up once, at the entry of the function, and lives in a local of its own. V8 builds a v128 constant out of
   * three instructions at each use and does not move it out of loops, so hot loops take their constants from here.
   */
  constant(words: readonly [number, number, number, number]): this {
    const key = words.join();
    let local = this.constants.get(key);
    if (local === undefined) {
      this.declared.push('v128');
      local = { index: this.params.length + this.declared.length - 1, type: 'v128' };
      this.constants.set(key, local);
      this.entry.byte(0xfd).u(12).append(new Uint8Array(new Int32Array(words).buffer)).byte(0x21).u(local.index);
      if (this.keepText) this.entryLines.push(`  v128.const i32x4 ${key}`, `  local.set ${local.index}`);
    }
    return this.get(local);
  }

  op(name: PlainOp): this {
    const [prefix, code] = OPS[name];
    if (prefix < 0) this.code.byte(code); else this.code.byte(prefix).u(code);
    this.note(name);
    return this;
  }
  memory(name: MemoryOp, offset = 0): this {
    const [prefix, code, align] = MEMORY_OPS[name];
    if (prefix < 0) this.code.byte(code); else this.code.byte(prefix).u(code);
    this.code.u(align).u(offset);
    this.note(`${name} offset=${offset}`);
    return this;
  }
  lane(name: LaneOp, lane: number): this {
    this.code.byte(0xfd).u(LANE_OPS[name]).byte(lane);
    this.note(`${name} ${lane}`);
    return this;
  }
  laneMemory(name: LaneMemoryOp, lane: number, offset = 0): this {
    const [code, align] = LANE_MEMORY_OPS[name];
    this.code.byte(0xfd).u(code).u(align).u(offset).byte(lane);
    this.note(`${name} offset=${offset} ${lane}`);
    return this;
  }
  /** i8x16.shuffle with 16 lane numbers (0..31) */
  shuffle(lanes: readonly number[]): this {
    this.code.byte(0xfd).u(13);
    for (const l of lanes) this.code.byte(l);
    this.note(`i8x16.shuffle ${lanes.join(' ')}`);
    return this;
  }
  i32(value: number): this { this.code.byte(0x41).s(value); this.note(`i32.const ${value | 0}`); return this; }
  f32(value: number): this { this.code.byte(0x43).f32(value); this.note(`f32.const ${value}`); return this; }
  f64(value: number): this { this.code.byte(0x44).f64(value); this.note(`f64.const ${value}`); return this; }
  /** i64.const of a small integer */
  i64(value: number): this { this.code.byte(0x42).s(value); this.note(`i64.const ${value | 0}`); return this; }
  /** v128 constant of four equal f32 */
  f32x4(value: number): this {
    this.code.byte(0xfd).u(12);
    for (let i = 0; i < 4; i++) this.code.f32(value);
    this.note(`v128.const f32x4 ${value}`);
    return this;
  }
  /** v128 constant of two equal f64 */
  f64x2(value: number): this {
    this.code.byte(0xfd).u(12).f64(value).f64(value);
    this.note(`v128.const f64x2 ${value}`);
    return this;
  }
  /** v128 constant of four i32 */
  i32x4(a: number, b = a, c = a, d = a): this {
    this.code.byte(0xfd).u(12).append(new Uint8Array(new Int32Array([a, b, c, d]).buffer));
    this.note(`v128.const i32x4 ${a} ${b} ${c} ${d}`);
    return this;
  }
  get(local: Local): this { this.code.byte(0x20).u(local.index); this.note(`local.get ${local.index}`); return this; }
  set(local: Local): this { this.code.byte(0x21).u(local.index); this.note(`local.set ${local.index}`); return this; }
  tee(local: Local): this { this.code.byte(0x22).u(local.index); this.note(`local.tee ${local.index}`); return this; }
  call(functionIndex: number): this { this.code.byte(0x10).u(functionIndex); this.note(`call ${functionIndex}`); return this; }
  globalGet(index: number): this { this.code.byte(0x23).u(index); this.note(`global.get ${index}`); return this; }
  globalSet(index: number): this { this.code.byte(0x24).u(index); this.note(`global.set ${index}`); return this; }
  memoryFill(): this { this.code.byte(0xfc).u(11).byte(0); this.note('memory.fill'); return this; }
  memoryCopy(): this { this.code.byte(0xfc).u(10).byte(0).byte(0); this.note('memory.copy'); return this; }

  /** block … end; `body` may leave with br(0) */
  block(body: () => void): this { return this.nest(0x02, 'block', body); }
  /** loop … end; `body` repeats with br(0) */
  loop(body: () => void): this { return this.nest(0x03, 'loop', body); }
  /** consumes an i32 condition */
  if(then: () => void, otherwise?: () => void, result?: ValType): this {
    this.code.byte(0x04).byte(result === undefined ? 0x40 : VALTYPE[result]);
    this.note(result === undefined ? 'if' : `if (result ${result})`);
    this.depth++;
    then();
    if (otherwise !== undefined) { this.op('else'); otherwise(); }
    this.depth--;
    return this.op('end');
  }
  private nest(code: number, word: string, body: () => void): this {
    this.code.byte(code).byte(0x40);
    this.note(word);
    this.depth++;
    body();
    this.depth--;
    return this.op('end');
  }
  br(depth: number): this { this.code.byte(0x0c).u(depth); this.note(`br ${depth}`); return this; }
  brIf(depth: number): this { this.code.byte(0x0d).u(depth); this.note(`br_if ${depth}`); return this; }

  /** Body with its locals, as the code section wants it. */
  finish(): Uint8Array {
    const out = new Bytes();
    const runs: { type: ValType; count: number }[] = [];
    for (const type of this.declared) {
      const last = runs[runs.length - 1];
      if (last !== undefined && last.type === type) last.count++; else runs.push({ type, count: 1 });
    }
    out.u(runs.length);
    for (const run of runs) out.u(run.count).byte(VALTYPE[run.type]);
    out.append(this.entry.take()).append(this.code.take()).byte(0x0b);
    return new Bytes().u(out.length).append(out.take()).take();
  }
  text(): string { return `(func $${this.name} (param ${this.params.join(' ')}) (result ${this.results.join(' ')})\n${[...this.entryLines, ...this.lines].join('\n')}\n)`; }
}

export interface ModuleOptions { readonly sharedMemory: boolean; readonly maxPages: number; readonly minPages?: number; readonly text?: boolean }

/** Collects imports, functions and globals, then encodes them. Imports must come before functions. Memory is imported as env.memory. */
export class ModuleWriter {
  private readonly types: string[] = [];
  private readonly typeBytes: Uint8Array[] = [];
  private readonly imports: { name: string; type: number }[] = [];
  private readonly functions: { writer: FunctionWriter; type: number; exported: boolean }[] = [];
  private readonly globals: { type: ValType; initial: number; exported: string | null }[] = [];
  private readonly options: ModuleOptions;
  constructor(options: ModuleOptions) { this.options = options; }

  private typeIndex(params: readonly ValType[], results: readonly ValType[]): number {
    const key = `${params.join()}>${results.join()}`;
    const known = this.types.indexOf(key);
    if (known >= 0) return known;
    const b = new Bytes().byte(0x60).u(params.length);
    for (const p of params) b.byte(VALTYPE[p]);
    b.u(results.length);
    for (const r of results) b.byte(VALTYPE[r]);
    this.types.push(key);
    this.typeBytes.push(b.take());
    return this.types.length - 1;
  }
  /** Imports env.NAME; returns its function index. */
  importFunction(name: string, params: readonly ValType[], results: readonly ValType[]): number {
    if (this.functions.length > 0) throw new InternalError('imports must be declared before functions');
    this.imports.push({ name, type: this.typeIndex(params, results) });
    return this.imports.length - 1;
  }
  /** Starts a function; its index is valid at once, so functions may call later ones. */
  function(name: string, params: readonly ValType[], results: readonly ValType[] = [], exported = false): { writer: FunctionWriter; index: number } {
    const writer = new FunctionWriter(name, params, results, this.options.text === true);
    this.functions.push({ writer, type: this.typeIndex(params, results), exported });
    return { writer, index: this.imports.length + this.functions.length - 1 };
  }
  /** A mutable global of this instance (one instance per thread, so: thread-local). */
  global(type: 'i32' | 'f32', initial: number, exported: string | null = null): number {
    this.globals.push({ type, initial, exported });
    return this.globals.length - 1;
  }
  finish(): Uint8Array<ArrayBuffer> {
    const out = new Bytes().append(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    const section = (id: number, count: number, fill: (b: Bytes) => void) => {
      if (count === 0) return;
      const b = new Bytes().u(count);
      fill(b);
      out.byte(id).u(b.length).append(b.take());
    };
    section(1, this.typeBytes.length, (b) => { for (const t of this.typeBytes) b.append(t); });
    section(2, this.imports.length + 1, (b) => {
      b.name('env').name('memory').byte(2);
      if (this.options.sharedMemory) b.byte(3).u(this.options.minPages ?? 1).u(this.options.maxPages);
      else b.byte(1).u(this.options.minPages ?? 1).u(this.options.maxPages);
      for (const i of this.imports) b.name('env').name(i.name).byte(0).u(i.type);
    });
    section(3, this.functions.length, (b) => { for (const f of this.functions) b.u(f.type); });
    section(6, this.globals.length, (b) => {
      for (const g of this.globals) {
        b.byte(VALTYPE[g.type]).byte(1);
        if (g.type === 'f32') b.byte(0x43).f32(g.initial); else b.byte(0x41).s(g.initial);
        b.byte(0x0b);
      }
    });
    const exported = this.functions.flatMap((f, i) => (f.exported ? [{ name: f.writer.name, kind: 0, index: this.imports.length + i }] : []));
    const exportedGlobals = this.globals.flatMap((g, i) => (g.exported === null ? [] : [{ name: g.exported, kind: 3, index: i }]));
    const all = [...exported, ...exportedGlobals];
    section(7, all.length, (b) => { for (const e of all) b.name(e.name).byte(e.kind).u(e.index); });
    section(10, this.functions.length, (b) => { for (const f of this.functions) b.append(f.writer.finish()); });
    return out.take();
  }
  text(): string { return this.functions.map((f) => f.writer.text()).join('\n'); }
}
