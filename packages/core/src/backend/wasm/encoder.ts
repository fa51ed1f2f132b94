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

/**
 * Plain opcodes: prefix (0: none, 0xfd SIMD, 0xfc saturating conversions, 0xfe atomics), the names' first part, and names with consecutive codes; a
 * number is the code of the name after it. As text it is a third of the size of a table.
 */
const OPCODES = [
  [0, '', '0 unreachable nop 5 else 11 end 15 return 26 drop select'],
  [0, 'i32', '69 eqz eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u 103 clz ctz 106 add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl 167 wrap_i64 trunc_f32_s 188 reinterpret_f32'],
  [0, 'f32', '91 eq ne lt gt le ge 139 abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign 178 convert_i32_s convert_i32_u 182 demote_f64 190 reinterpret_i32'],
  [0, 'f64', '97 eq ne lt gt le ge 153 abs neg ceil floor trunc nearest sqrt add sub mul div min max copysign 183 convert_i32_s convert_i32_u 187 promote_f32 191 reinterpret_i64'],
  [0, 'i64', '124 add sub mul 131 and or 134 shl shr_s 172 extend_i32_s extend_i32_u 189 reinterpret_f64'],
  [0xfc, 'i32', '0 trunc_sat_f32_s trunc_sat_f32_u trunc_sat_f64_s trunc_sat_f64_u'],
  [0xfd, 'i8x16', '14 swizzle splat 102 narrow_i16x8_u'],
  [0xfd, 'i16x8', '16 splat 133 narrow_i32x4_s narrow_i32x4_u extend_low_i8x16_s 137 extend_low_i8x16_u'],
  [0xfd, 'i32x4', '17 splat 55 eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u 160 abs neg 163 all_true bitmask 167 extend_low_i16x8_s 169 extend_low_i16x8_u 171 shl shr_s shr_u add 177 sub 181 mul min_s min_u max_s max_u 248 trunc_sat_f32x4_s trunc_sat_f32x4_u'],
  [0xfd, 'i64x2', '18 splat 203 shl 206 add'],
  [0xfd, 'f32x4', '19 splat 65 eq ne lt gt le ge 94 demote_f64x2_zero 103 ceil floor trunc nearest 224 abs neg 227 sqrt add sub mul div min max pmin pmax 250 convert_i32x4_s convert_i32x4_u 261 relaxed_madd relaxed_nmadd'],
  [0xfd, 'f64x2', '20 splat 95 promote_low_f32x4 148 nearest 240 add sub mul div 246 pmin pmax 254 convert_low_i32x4_s 263 relaxed_madd'],
  [0xfd, 'v128', '77 not and andnot or xor bitselect any_true'],
  [0xfe, 'atomic', '3 fence'],
] as const;
type Words<S extends string, Found extends string = never> = S extends `${infer First} ${infer Rest}` ? Words<Rest, First extends `${number}` ? Found : Found | First> : Found | S;
type Named<Group> = Group extends readonly [number, infer First extends string, infer List extends string] ? (First extends '' ? Words<List> : `${First}.${Words<List>}`) : never;
export type PlainOp = Named<(typeof OPCODES)[number]>;

/** prefix · 2^16 + code, by name */
const OPS = new Map<string, number>();
for (const [prefix, first, list] of OPCODES) {
  let code = 0;
  for (const word of list.split(' ')) {
    if (word < 'A') code = Number(word); else OPS.set(first === '' ? word : `${first}.${word}`, prefix * 65536 + code++);
  }
}

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
  /** A line of the listing; put together only where there is one. */
  private note(name: string, value: string | number = '', sign = ' '): void { if (this.keepText) this.lines.push('  '.repeat(this.depth) + name + (value === '' ? '' : sign + value)); }
  /** An instruction with one unsigned immediate. */
  private one(code: number, name: string, value: number): this { this.code.byte(code).u(value); this.note(name, value); return this; }

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
    const code = OPS.get(name) as number;
    if (code < 65536) this.code.byte(code); else this.code.byte(code >> 16).u(code & 0xffff);
    this.note(name);
    return this;
  }
  memory(name: MemoryOp, offset = 0): this {
    const row = MEMORY_OPS[name], prefix = row[0];
    if (prefix < 0) this.code.byte(row[1]); else this.code.byte(prefix).u(row[1]);
    this.code.u(row[2]).u(offset);
    this.note(name, offset, ' offset=');
    return this;
  }
  lane(name: LaneOp, lane: number): this {
    this.code.byte(0xfd).u(LANE_OPS[name]).byte(lane);
    this.note(name, lane);
    return this;
  }
  laneMemory(name: LaneMemoryOp, lane: number, offset = 0): this {
    const row = LANE_MEMORY_OPS[name];
    this.code.byte(0xfd).u(row[0]).u(row[1]).u(offset).byte(lane);
    this.note(`${name} offset=${offset} ${lane}`);
    return this;
  }
  /** i8x16.shuffle with 16 lane numbers (0..31) */
  shuffle(lanes: readonly number[]): this {
    this.code.byte(0xfd).u(13);
    for (const l of lanes) this.code.byte(l);
    if (this.keepText) this.note('i8x16.shuffle', lanes.join(' '));
    return this;
  }
  i32(value: number): this { this.code.byte(0x41).s(value); this.note('i32.const', value | 0); return this; }
  f32(value: number): this { this.code.byte(0x43).f32(value); this.note('f32.const', value); return this; }
  f64(value: number): this { this.code.byte(0x44).f64(value); this.note('f64.const', value); return this; }
  /** i64.const of a small integer */
  i64(value: number): this { this.code.byte(0x42).s(value); this.note('i64.const', value | 0); return this; }
  /** v128 constant of four equal f32 */
  f32x4(value: number): this {
    this.code.byte(0xfd).u(12);
    for (let i = 0; i < 4; i++) this.code.f32(value);
    this.note('v128.const f32x4', value);
    return this;
  }
  /** v128 constant of two equal f64 */
  f64x2(value: number): this {
    this.code.byte(0xfd).u(12).f64(value).f64(value);
    this.note('v128.const f64x2', value);
    return this;
  }
  /** v128 constant of four i32 */
  i32x4(a: number, b = a, c = a, d = a): this {
    this.code.byte(0xfd).u(12).append(new Uint8Array(new Int32Array([a, b, c, d]).buffer));
    this.note(`v128.const i32x4 ${a} ${b} ${c} ${d}`);
    return this;
  }
  get(local: Local): this { return this.one(0x20, 'local.get', local.index); }
  set(local: Local): this { return this.one(0x21, 'local.set', local.index); }
  tee(local: Local): this { return this.one(0x22, 'local.tee', local.index); }
  call(functionIndex: number): this { return this.one(0x10, 'call', functionIndex); }
  globalGet(index: number): this { return this.one(0x23, 'global.get', index); }
  globalSet(index: number): this { return this.one(0x24, 'global.set', index); }
  memoryFill(): this { this.code.byte(0xfc).u(11).byte(0); this.note('memory.fill'); return this; }

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
  br(depth: number): this { return this.one(0x0c, 'br', depth); }
  brIf(depth: number): this { return this.one(0x0d, 'br_if', depth); }

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
