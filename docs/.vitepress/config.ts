import { defineConfig } from 'vitepress';
import { emptyCornersAreCells, figuresScroll } from './legible-blocks.js';
import { sidebar } from './navigation.js';
import { followRepositoryLinks } from './repository-links.js';
import { slugify } from './slugs.js';

/** An opening quotation mark, as the pages' icon. */
const ICON =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>" +
  "<rect width='16' height='16' rx='3' fill='%230b57d0'/><path fill='white' d='M3 11V8q0-3 3.5-3.5v1.5Q5 6.3 5 8h2v3zm6 0V8q0-3 3.5-3.5v1.5Q11 6.3 11 8h2v3z'/></svg>";

export default defineConfig({
  lang: 'en',
  title: 'Verbatim',
  description:
    'Extractive question answering for search pipelines: the exact words of a source, or an honest no answer.',
  // Where the site stands below its host: `DOCS_BASE=/verbatim/ npm run docs:build`.
  base: process.env['DOCS_BASE'] ?? '/',
  head: [['link', { rel: 'icon', href: ICON }]],
  // Addresses that any server of files can serve.
  cleanUrls: false,
  lastUpdated: false,
  // Of servers that readers start.
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify },
    config: (markdown) => {
      followRepositoryLinks(markdown);
      emptyCornersAreCells(markdown);
      figuresScroll(markdown);
    },
  },
  vue: {
    template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith('verbatim-') } },
  },
  vite: {
    // node_modules may be a link to one that several checkouts share.
    resolve: { preserveSymlinks: true },
    build: { chunkSizeWarningLimit: 1000 },
  },
  themeConfig: {
    nav: [
      { text: 'Ask', link: '/ask' },
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Troubleshooting', link: '/troubleshooting' },
    ],
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    search: { provider: 'local' },
  },
});
