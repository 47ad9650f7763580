/** Colours, each with a custom property of the same name that a page may set: `background` is `--verbatim-background`. */
const COLOURS = {
  background: ['#ffffff', '#12161d'],
  surface: ['#f5f7fa', '#1b212b'],
  raised: ['#ffffff', '#232b37'],
  border: ['#dce1e9', '#2f3845'],
  'border-strong': ['#7d8798', '#7c889b'],
  text: ['#18202c', '#e7ebf2'],
  muted: ['#556072', '#a7b1c0'],
  accent: ['#2456c7', '#8fb4ff'],
  'accent-strong': ['#1b45a6', '#b1cbff'],
  'accent-soft': ['#e9effc', '#202c44'],
  'on-accent': ['#ffffff', '#0c1424'],
  mark: ['#ffeaa0', '#5b4a0a'],
  'on-mark': ['#18202c', '#fff4cc'],
  good: ['#1c7a4a', '#63c894'],
  warning: ['#8a5a00', '#e2b35a'],
  'warning-soft': ['#fdf4e1', '#332a17'],
} as const;

/**
 * The colours as custom properties `--_name` of a host, light and dark: dark where the host's `theme` is `dark`, or where it is not `light` and
 * the visitor's system is.
 *
 * @param host - selector of the element that has the `theme`: `:host` of a component, `:root` of a page.
 */
export function colourRules(host: ':host' | ':root'): string {
  const where = (condition: string): string =>
    host === ':host' ? `:host(${condition})` : `:root${condition}`;
  const rule = (selector: string, theme: 0 | 1): string => {
    const colours = Object.entries(COLOURS).map(
      ([name, values]) => `--_${name}:var(--verbatim-${name},${values[theme]})`,
    );
    return `${selector}{color-scheme:${theme === 0 ? 'light' : 'dark'};${colours.join(';')}}`;
  };
  return [
    rule(host, 0),
    `@media (prefers-color-scheme:dark){${rule(where(':not([theme=light])'), 1)}}`,
    rule(where('[theme=dark]'), 1),
  ].join('\n');
}
