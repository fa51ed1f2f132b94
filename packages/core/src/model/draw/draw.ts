/**
 * A model as an SVG picture: a box for each use of a layer with its class, name and shapes, arrows for what flows between them, frames around nested models
 * where they are shown from inside. Loaded with the first `drawModel`.
 */
import { at } from '../../base/shape.ts';
import type { BatchShape } from '../../nn/layer.ts';
import { Model } from '../model.ts';
import { formatCount } from '../format.ts';
import { showBatchShape } from '../summary.ts';
import { layout, type Edge, type Point, type Size } from './layout.ts';

/** Options of `drawModel`. */
export interface DrawOptions {
  /** Where the data flow. Default 'down'. */
  readonly direction?: 'down' | 'right';
  /** Names of layers. Default true. */
  readonly names?: boolean;
  /** Shapes of results. Default true. */
  readonly shapes?: boolean;
  /** Numbers of weights. Default true. */
  readonly params?: boolean;
  /** Nested models from inside. Default false. */
  readonly expandNested?: boolean;
}

const PAD = 14, LINE = 17, SMALL = 11.5, TITLE = 13.5, FRAME = 26;
const STYLE = [
  'text{font-family:ui-sans-serif,system-ui,"Segoe UI",Roboto,Helvetica,Arial,sans-serif;fill:#1f2933}', '.t{font-size:13.5px;font-weight:600}', '.s{font-size:11.5px;fill:#52606d}',
  '.b{fill:#fff;stroke:#9aa5b1;stroke-width:1.2}', '.in{fill:#eef1f4}', '.w{fill:#e8f1fb;stroke:#5b8fc9}', '.z{fill:#f3f6f9;stroke:#5b8fc9;stroke-dasharray:5 3}',
  '.f{fill:#9aa5b10f;stroke:#9aa5b1;stroke-dasharray:2 3}', '.e{fill:none;stroke:#616e7c;stroke-width:1.3}', '.o{fill:none;stroke:#cbd2d9;stroke-width:1.3;stroke-dasharray:1 5;stroke-linecap:round}',
].join('');
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** A text's width without a font at hand: by kinds of letters, rather too wide than too narrow. */
const widthOf = (text: string, size: number): number => [...text].reduce((w, c) => w + (/[iljtf.,:;'|()[\]{} ]/.test(c) ? 0.36 : /[MWmw@]/.test(c) ? 0.92 : /[A-Z0-9_?→]/.test(c) ? 0.68 : 0.58), 0) * size;
const fixed = (n: number): string => String(Math.round(n * 10) / 10);
const shapesText = (shapes: readonly BatchShape[]): string => (shapes.length === 0 ? '?' : shapes.map(showBatchShape).join(', '));

/** A drawing of known size that can be put anywhere. */
interface Drawing extends Size { readonly draw: (at: Point) => string }

function boxOf(lines: readonly string[], kind: string): Drawing {
  const width = Math.max(90, ...lines.map((text, i) => widthOf(text, i === 0 ? TITLE : SMALL))) + 2 * PAD, height = lines.length * LINE + 13;
  return {
    width, height,
    draw: ({ x, y }) => `<rect class="b${kind}" x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${height}" rx="7"/>${lines.map((text, i) =>
      `<text class="${i === 0 ? 't' : 's'}" x="${fixed(x + width / 2)}" y="${fixed(y + 19 + i * LINE)}" text-anchor="middle">${escape(text)}</text>`).join('')}`,
  };
}
/** The inside of a model. */
function inside(model: Model, o: Required<DrawOptions>): Drawing {
  const { calls, linked } = model.structure(), uses = new Map<unknown, number>(), totals = new Map<unknown, number>();
  for (const { layer } of calls) if (layer !== null) totals.set(layer, (totals.get(layer) ?? 0) + 1);
  const boxes = calls.map(({ layer, className, name, outputShapes }): Drawing => {
    const use = (uses.get(layer) ?? 0) + 1, shared = layer !== null && (totals.get(layer) ?? 0) > 1;
    uses.set(layer, use);
    const label = shared ? `${name} (use ${use} of ${totals.get(layer) ?? 0})` : name, params = layer?.parameterCount ?? 0;
    if (o.expandNested && layer instanceof Model && layer.layers.length > 0) return frame(`${className}${o.names ? ` · ${label}` : ''}`, inside(layer, o));
    const kind = className === 'InputLayer' ? ' in' : params === 0 ? '' : layer !== null && layer.trainableWeights.length === 0 ? ' z' : ' w';
    return boxOf([className, ...(o.names ? [label] : []), ...(o.shapes ? [shapesText(outputShapes)] : []), ...(o.params && params > 0 ? [`${formatCount(params)} weights${kind === ' z' ? ', frozen' : ''}`] : [])], kind);
  });
  const edges: Edge[] = linked ? calls.flatMap(({ operands }, to) => operands.map((from) => ({ from, to }))) : calls.slice(1).map((_, i) => ({ from: i, to: i + 1 }));
  const { places, routes, width, height } = layout(boxes, edges, { direction: o.direction, gap: 28, rowGap: 40 });
  return { width, height, draw: (p) => [...routes.map((route) => path(route.map((q) => ({ x: q.x + p.x, y: q.y + p.y })), o.direction, linked)), ...boxes.map((box, i) => box.draw({ x: at(places, i).x + p.x, y: at(places, i).y + p.y }))].join('\n') };
}
function frame(title: string, inner: Drawing): Drawing {
  const width = Math.max(inner.width, widthOf(title, TITLE)) + 2 * FRAME, height = inner.height + 2 * FRAME + 12;
  return {
    width, height,
    draw: ({ x, y }) => `<rect class="f" x="${fixed(x)}" y="${fixed(y)}" width="${fixed(width)}" height="${fixed(height)}" rx="10"/><text class="t" x="${fixed(x + 14)}" y="${fixed(y + 20)}">${escape(title)}</text>\n${inner.draw({ x: x + (width - inner.width) / 2, y: y + FRAME + 10 })}`,
  };
}
/** A curve that leaves and arrives along the direction of the flow. */
function path(points: readonly Point[], direction: 'down' | 'right', linked: boolean): string {
  const down = direction === 'down', first = at(points, 0);
  let d = `M${fixed(first.x)} ${fixed(first.y)}`;
  points.slice(1).forEach((q, i) => {
    const p = at(points, i), last = i === points.length - 2, end: Point = last ? (down ? { x: q.x, y: q.y - 5 } : { x: q.x - 5, y: q.y }) : q;
    // within a row a long edge goes straight
    const straight = down ? Math.abs(p.x - end.x) < 0.5 : Math.abs(p.y - end.y) < 0.5, half = down ? (end.y - p.y) / 2 : (end.x - p.x) / 2;
    d += straight ? `L${fixed(end.x)} ${fixed(end.y)}` : down ? `C${fixed(p.x)} ${fixed(p.y + half)} ${fixed(end.x)} ${fixed(end.y - half)} ${fixed(end.x)} ${fixed(end.y)}` : `C${fixed(p.x + half)} ${fixed(p.y)} ${fixed(end.x - half)} ${fixed(end.y)} ${fixed(end.x)} ${fixed(end.y)}`;
  });
  return linked ? `<path class="e" d="${d}" marker-end="url(#a)"/>` : `<path class="o" d="${d}"/>`;
}

/** The picture as the text of an SVG file. */
export function draw(model: Model, options: DrawOptions = {}): string {
  const drawing = inside(model, { direction: 'down', names: true, shapes: true, params: true, expandNested: false, ...options });
  const width = Math.ceil(drawing.width + 32), height = Math.ceil(drawing.height + 32);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(`Model ${model.name}`)}">`,
    `<style>${STYLE}</style><defs><marker id="a" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0.8L7.5 4L0 7.2z" fill="#616e7c"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`, drawing.draw({ x: 16, y: 16 }), '</svg>', '',
  ].join('\n');
}
