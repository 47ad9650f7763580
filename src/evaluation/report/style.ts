/** The page's style sheet: light and dark, from 320 px on, with nothing to fetch. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fcfcfb; --card: #fff; --ink: #1c1d20; --quiet: #585c65; --rule: #dcdee3;
  --one: #1f5fae; --two: #b3520a; --three: #1a7a4d; --four: #7a3ea3;
  --gold: #d5efdf; --gold-rule: #1a7a4d; --predicted: #fde6cd; --predicted-rule: #b3520a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141619; --card: #1b1e22; --ink: #e7e7e4; --quiet: #a5aab3; --rule: #363b43;
    --one: #82b5f3; --two: #f2a964; --three: #66cb99; --four: #cda2ec;
    --gold: #173f2c; --gold-rule: #66cb99; --predicted: #4a2f14; --predicted-rule: #f2a964;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 76rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: break-word;
}
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; letter-spacing: -0.01em; }
h2 { margin: 3rem 0 1rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1rem; line-height: 1.4; }
p { margin: 0.5rem 0; max-width: 46rem; }
.lead, .note, figcaption, .facts, .source, dt, details, .interval { color: var(--quiet); }
figcaption, details, .facts, .source, .interval { font-size: 0.875rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.3rem 0 0.3rem clamp(0.75rem, 4vw, 1.5rem); text-align: right; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 0; text-align: left; }
th { font-weight: 600; }
.interval { display: block; font-weight: 400; }
.scroll { overflow-x: auto; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 2rem 3rem; margin-top: 2.5rem; }
.groups table { width: 100%; }
.groups th { font-weight: 400; }
.groups td { white-space: nowrap; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 3rem 2rem; }
figure { margin: 0; min-width: 0; max-width: 24rem; }
figure > svg { display: block; width: 100%; height: auto; margin: 0.5rem 0; }
svg text { fill: var(--quiet); font-size: 13px; font-variant-numeric: tabular-nums; }
svg .label { fill: var(--ink); }
svg .count { font-size: 11px; stroke: var(--page); stroke-width: 3px; paint-order: stroke; }
.grid { stroke: var(--rule); stroke-width: 0.75; }
.axis { stroke: var(--quiet); }
.series { fill: none; stroke-width: 2; stroke-linejoin: round; }
.series-1 { stroke: var(--one); }
.series-2 { stroke: var(--two); stroke-dasharray: 6 3; }
.series-3 { stroke: var(--three); stroke-dasharray: 2 3; }
.series-4 { stroke: var(--four); stroke-dasharray: 8 3 2 3; }
.point { fill: var(--one); stroke: var(--page); stroke-width: 1.5; }
.bar { fill: var(--one); fill-opacity: 0.75; }
.reference, .marker { stroke: var(--ink); stroke-width: 1.25; stroke-dasharray: 4 4; }
.marker { stroke-dasharray: none; }
.legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; margin: 0 0 0.5rem; padding: 0; list-style: none; font-size: 0.875rem; }
.legend svg { width: 26px; height: 8px; vertical-align: middle; }
figcaption { margin-bottom: 0.5rem; }
summary { cursor: pointer; }
.filter { display: flex; flex-wrap: wrap; gap: 0.4rem 1.25rem; margin: 0 0 1rem; padding: 0; border: 0; }
.filter legend { padding: 0; margin-bottom: 0.25rem; color: var(--quiet); font-size: 0.875rem; }
.total { color: var(--quiet); font-variant-numeric: tabular-nums; }
.errors { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1rem; align-items: start; margin-top: 1rem; }
.error { min-width: 0; padding: 1rem 1.1rem; background: var(--card); border: 1px solid var(--rule); border-radius: 0.5rem; }
.facts { margin: 0 0 0.25rem; }
.error dl { display: grid; align-items: baseline; grid-template-columns: max-content minmax(0, 1fr); gap: 0.1rem 0.75rem; margin: 0.5rem 0 0.75rem; }
.error dt { font-size: 0.875rem; }
.error dd { margin: 0; }
.passage { margin: 0; white-space: pre-line; unicode-bidi: isolate; font-size: 0.9375rem; line-height: 1.65; }
.source { margin: 0.75rem 0 0.25rem; padding-top: 0.75rem; border-top: 1px solid var(--rule); }
mark { padding: 0 0.1em; color: inherit; border-radius: 0.15em; }
.gold { background: var(--gold); border-bottom: 2px solid var(--gold-rule); }
.predicted { background: var(--predicted); border-bottom: 2px dashed var(--predicted-rule); }
.gold.predicted { background: linear-gradient(var(--gold), var(--predicted)); border-bottom: 3px double var(--gold-rule); }
body:has(#show-wrong-span:checked) .error:not(.wrong-span),
body:has(#show-unanswerable:checked) .error:not(.unanswerable),
body:has(#show-withheld:checked) .error:not(.withheld) { display: none; }
`;
