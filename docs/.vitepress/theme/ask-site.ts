import { useData, withBase } from 'vitepress';
import { defineComponent, h, onMounted } from 'vue';

const EXAMPLES = [
  'What happens when the disk is full?',
  "How large is the FAQ bot's file?",
  'What does export-site write?',
].join(' | ');

/** The FAQ bot over this site's own pages, in the reader's browser. scripts/docs/make-answers.ts writes what it loads. */
export default defineComponent(() => {
  const { isDark } = useData();
  onMounted(() => import(/* @vite-ignore */ withBase('/verbatim-faq.js')));
  return () =>
    h('verbatim-faq', {
      engine: 'local',
      src: withBase('/answers/'),
      examples: EXAMPLES,
      heading: 'Your question',
      theme: isDark.value ? 'dark' : 'light',
    });
});
