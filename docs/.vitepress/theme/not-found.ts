import { withBase } from 'vitepress';
import { defineComponent, h } from 'vue';

/** What stands at an address that there is not. The default theme's has no landmark. */
export default defineComponent(
  () => () =>
    h('main', { class: 'vp-doc not-found' }, [
      h('h1', 'There is no such page'),
      h('p', h('a', { href: withBase('/') }, 'To the first page')),
    ]),
);
