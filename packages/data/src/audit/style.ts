/** How the page of an audit looks, in light and dark. */
export const STYLE = `
:root{--ground:#f7f7f5;--card:#fff;--ink:#1c1d21;--soft:#6b6e76;--line:#e4e4e0;--high:#c8362c;--medium:#c98512;--low:#2f78b7;--info:#8b8e96;--bar:#7d9fd1;--accent:#2d5da8;--code:#f3f3f0;--good:#2e8555}
@media(prefers-color-scheme:dark){:root{--ground:#141519;--card:#1d1f25;--ink:#e8e8ea;--soft:#9a9da6;--line:#2e3038;--high:#ef6a5f;--medium:#e5ab4a;--low:#6fb0e6;--info:#7d808a;--bar:#4f77b5;--accent:#8ab1f0;--code:#16171b;--good:#5bb98b}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.audit{max-width:1080px;margin:0 auto;padding:40px 24px 64px}
.audit h1{font-size:28px;letter-spacing:-.02em;margin:0 0 4px}.audit h2{font-size:18px;margin:44px 0 14px;letter-spacing:-.01em}.audit h3{font-size:15px;margin:0 0 2px;font-weight:600}
.audit p{margin:0}.soft{color:var(--soft)}.num{text-align:right;font-variant-numeric:tabular-nums}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:24px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}.tile b{display:block;font-size:24px;letter-spacing:-.02em;font-variant-numeric:tabular-nums}.tile span{color:var(--soft);font-size:13px}
.tile.high b{color:var(--high)}.tile.medium b{color:var(--medium)}.tile.good b{color:var(--good)}
.finding{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--info);border-radius:10px;padding:14px 18px;margin-bottom:10px}
.finding.high{border-left-color:var(--high)}.finding.medium{border-left-color:var(--medium)}.finding.low{border-left-color:var(--low)}
.finding .tag{float:right;font-size:12px;color:var(--soft);margin-left:12px}.finding p{color:var(--soft)}
pre{background:var(--code);border:1px solid var(--line);border-radius:8px;padding:9px 12px;margin:10px 0 0;overflow-x:auto;font:13px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,monospace}
.rows{font-size:13px;color:var(--soft);margin-top:6px;font-variant-numeric:tabular-nums}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:14px}th{font-weight:500;color:var(--soft);text-align:left;font-size:13px}th.num{text-align:right}
td,th{padding:8px 14px;border-bottom:1px solid var(--line);vertical-align:middle;white-space:nowrap}tr:last-child td{border-bottom:0}
td.name{font-weight:600;max-width:220px;overflow:hidden;text-overflow:ellipsis}td.wide{min-width:230px;white-space:normal}th.most{width:62%}
.type{display:inline-block;font-size:12px;color:var(--soft);border:1px solid var(--line);border-radius:20px;padding:0 9px}
.gap{color:var(--medium)}.words{color:var(--soft);font-size:13px}.words b{color:var(--ink);font-weight:500}
.track{background:var(--line);border-radius:4px;height:8px;width:160px;display:inline-block;vertical-align:middle;overflow:hidden}.track i{display:block;height:8px;background:var(--bar);border-radius:4px}
svg.bars{display:block}svg.bars rect{fill:var(--bar)}
.gallery{display:grid;grid-template-columns:repeat(auto-fill,minmax(104px,1fr));gap:12px}
.shot{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px;text-align:center;font-size:12px;color:var(--soft)}
.shot img{width:76px;height:76px;object-fit:contain;image-rendering:pixelated;border-radius:6px;background:#000;display:block;margin:0 auto 6px}.shot b{color:var(--ink);font-size:13px}.shot s{color:var(--high);text-decoration-thickness:1.5px}
.pair img{display:inline-block;width:64px;height:64px;margin:0 2px 6px}
.grid td,.grid th{padding:5px 9px;text-align:right}.grid td{font-variant-numeric:tabular-nums}.grid td.name{text-align:left}
.foot{margin-top:44px;color:var(--soft);font-size:13px}
`.trim();
