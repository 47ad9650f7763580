import { withBase } from 'vitepress';
import { defineComponent, h, onMounted } from 'vue';

interface SiteElementOptions {
  /** Name of the custom element; begins with `verbatim-`. */
  readonly tag: string;
  /** The module that defines it, below docs/public. */
  readonly script: string;
  /** Its attributes; those that begin with a slash are addresses below docs/public. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * A custom element that stands at the end of every page, such as
 * `{ tag: 'verbatim-faq', script: '/verbatim-faq.js', attributes: { engine: 'local', index: '/docs-index.json' } }`.
 */
const ELEMENT: SiteElementOptions | undefined = undefined as SiteElementOptions | undefined;

/** Puts the site's custom element into the page, and loads what defines it once the page is shown. */
export default defineComponent(() => {
  if (ELEMENT === undefined) return () => null;
  const { tag, script, attributes } = ELEMENT;
  onMounted(() => import(/* @vite-ignore */ withBase(script)));
  const onPage = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      value.startsWith('/') ? withBase(value) : value,
    ]),
  );
  return () => h(tag, onPage);
});
