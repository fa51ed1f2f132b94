/** The report as one HTML page that needs nothing else: light or dark as the reader's system is, and on paper. */
import { escape } from './charts.ts';

export interface Section { readonly title: string; readonly note?: string; readonly html: string }
/** A number in the head of the page. */
export interface Figure { readonly name: string; readonly value: string }

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5d6b7e;--page:#f5f6f8;--card:#fff;--rule:#e2e6ec;--accent:#0b7285;--second:#c2571a;--good:#0b7285;--bad:#c92a2a}
@media(prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#95a3b8;--page:#12161c;--card:#1a2029;--rule:#2c3542;--accent:#4cc3d9;--second:#f2a15f;--good:#2f9fb3;--bad:#e5534b}}
*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:980px;margin:0 auto;padding:40px 20px 60px}h1{font-size:30px;line-height:1.2;margin:0 0 4px}header p{margin:0;color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:12px;margin:24px 0 8px}.figures div{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:14px 16px}
.figures dt{color:var(--soft);font-size:13px}.figures dd{margin:0;font-size:24px;font-weight:650;font-variant-numeric:tabular-nums}
section{background:var(--card);border:1px solid var(--rule);border-radius:12px;padding:20px 22px;margin-top:18px}h2{font-size:19px;margin:0 0 2px}h2:last-child{margin:0}.note{color:var(--soft);font-size:14px;margin:0 0 14px}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(300px,1fr));gap:20px}figure{margin:0}figcaption{font-size:14px;font-weight:600;margin-bottom:4px}svg{display:block;width:100%;height:auto}
.grid{stroke:var(--rule)}.tick{fill:var(--soft);font-size:11px}.line{fill:none;stroke-width:2.2}.line.l0{stroke:var(--accent)}.dot.l0{fill:var(--accent)}.line.l1{stroke:var(--second);stroke-dasharray:5 4}.dot.l1{fill:var(--second)}
.legend{font-size:13px;color:var(--soft);margin:4px 0 0}.legend span{display:inline-block;width:14px;height:3px;border-radius:2px;vertical-align:middle;margin:0 6px 0 8px}.legend .l0{background:var(--accent)}.legend .l1{background:var(--second)}
.wide{overflow-x:auto}table{border-collapse:separate;border-spacing:2px;font-variant-numeric:tabular-nums;font-size:14px;width:100%}th{color:var(--soft);font-weight:600;padding:5px 6px}td{padding:5px 6px;text-align:center;border-radius:4px}
td.yes{background:color-mix(in srgb,var(--good) var(--w),var(--card))}td.no{background:color-mix(in srgb,var(--bad) var(--w),var(--card))}td.none{color:var(--rule)}.corner{font-weight:400;font-size:12px;white-space:nowrap}.share{color:var(--soft);white-space:nowrap}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(132px,1fr));gap:14px}.gallery.tight{grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:10px}.gallery.wider{grid-template-columns:repeat(auto-fill,minmax(140px,1fr))}.gallery figure{border:1px solid var(--rule);border-radius:10px;padding:10px}.gallery.tight figure{padding:8px}.gallery p{margin:8px 0 0;font-size:13px;line-height:1.4}.gallery b,.wrong{color:var(--bad)}.gallery s{color:var(--bad);text-decoration-thickness:1.5px}.gallery small,small{color:var(--soft)}
.gallery img{width:100%;aspect-ratio:1;object-fit:contain;background:#111;border-radius:6px;display:block;image-rendering:pixelated}
.row.small{grid-template-columns:repeat(auto-fill,minmax(270px,1fr));gap:16px 22px;align-items:start;margin-bottom:14px}.facts{align-self:center}.dot.edge{fill:none;stroke:var(--second);stroke-width:1.5}.line.solid{stroke-dasharray:none}.dot.faint{fill-opacity:.45}.legend .hollow{width:8px;height:8px;border-radius:50%;background:none;border:1.5px solid var(--second)}.legend .round{width:8px;height:8px;border-radius:50%}.column{fill:var(--accent);fill-opacity:.75}
.plain td,.plain th{text-align:left;border-bottom:1px solid var(--rule);border-radius:0}.plain{border-spacing:0}.plain tr:last-child td{border-bottom:0}.plain.numbers td,.plain.numbers th{white-space:nowrap}.best td{font-weight:650;color:var(--accent)}.cells{font-size:13px;color:var(--soft)}.cells i{font-style:normal;color:var(--ink)}
h3{font-size:15px;margin:22px 0 8px}.findings{list-style:none;margin:0;padding:0}.findings li{border-left:4px solid var(--rule);padding:2px 0 2px 12px;margin:0 0 12px}.findings b{display:block;font-weight:600}.findings span{color:var(--soft);font-size:14px}.findings .high{border-color:var(--bad)}.findings .medium{border-color:var(--second)}.findings .low{border-color:var(--accent)}
.bars{border-spacing:0 3px}.bars th{width:1%;white-space:nowrap;text-align:right;padding:2px 10px 2px 0;font-weight:500;max-width:220px;overflow:hidden;text-overflow:ellipsis}.bars .bar{position:relative;padding:0;height:18px}.bars i{display:block;height:14px;min-width:1px;border-radius:3px;background:var(--accent);opacity:.75}.bars td,.bars th{vertical-align:middle}.bars u{position:absolute;top:calc(50% - 1px);height:2px;background:var(--ink);opacity:.65;text-decoration:none}.bars .share{width:1%;text-align:right;padding:2px 0 2px 12px;font-size:13px}
.facts{margin:0;display:grid;gap:10px}.facts dt{color:var(--soft);font-size:13px}.facts dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}.missing{margin:6px 0 0;padding-left:20px;color:var(--soft);font-size:14px}
footer{color:var(--soft);font-size:13px;margin-top:22px}@media(max-width:560px){main{padding:24px 12px 40px}section{padding:16px 14px}.row{grid-template-columns:minmax(0,1fr)}.row.small{grid-template-columns:minmax(0,1fr)}.bars th{max-width:110px}.confusion td,.confusion th{padding:4px 2px;font-size:12px}.confusion{border-spacing:1px}.corner{white-space:normal}}
@media print{section{break-inside:avoid}}`;

export function reportPage(title: string, subtitle: string, figures: readonly Figure[], sections: readonly Section[], foot: string): string {
  const boxes = figures.map(({ name, value }) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`).join('');
  const parts = sections.map((s) => `<section><h2>${escape(s.title)}</h2>${s.note === undefined ? '' : `<p class="note">${escape(s.note)}</p>`}${s.html}</section>`).join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head>\n<body><main><header><h1>${escape(title)}</h1><p>${escape(subtitle)}</p></header><dl class="figures">${boxes}</dl>\n${parts}\n<footer>${escape(foot)}</footer></main></body></html>\n`;
}
