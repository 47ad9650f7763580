import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DefaultTheme } from 'vitepress';

const DOCS = fileURLToPath(new URL('..', import.meta.url));

/** What the site's side bar lists, in this order: a title and the page's path below docs. Pages that are not there are left out. */
const SECTIONS: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
  [
    'Start',
    [
      ['Getting started', 'getting-started'],
      ['Concepts', 'concepts'],
      ['Ask these pages', 'ask'],
      ['When an LLM, when not', 'when-an-llm'],
      ['Beside other readers', 'comparison'],
    ],
  ],
  [
    'How to',
    [
      ['Ask on the command line', 'command-line'],
      ['Serve a search page over HTTP', 'http-api'],
      ['Put a FAQ bot on a page', 'faq-bot'],
      ['Look into answers: the playground', 'playground'],
      ['Answer in the browser', 'in-the-browser'],
      ['Use it from LangChain', 'langchain'],
      ['Use it from an MCP client', 'mcp'],
      ['Keep an index', 'indexing'],
      ['Read what your engine finds', 'own-engine'],
      ['Connect a search engine', 'engines'],
      ['Answer inside OpenSearch', 'how-to-opensearch-search-pipeline'],
      ['Use another reader', 'own-model'],
      ['Train a reader', 'train-on-your-own-data'],
      ['Measure', 'evaluation'],
      ['Tune', 'tuning'],
    ],
  ],
  [
    'Run it',
    [
      ['Operate the server', 'operating'],
      ['Security', 'security'],
      ['Beyond one machine', 'scaling'],
      ['Troubleshooting', 'troubleshooting'],
    ],
  ],
  [
    'Reference',
    [
      ['What there is', 'reference/index'],
      ['Command line', 'reference/command-line'],
      ['HTTP', 'reference/http'],
      ['Library', 'reference/library/index'],
      ['Library: server', 'reference/library/server'],
      ['Library: engines', 'reference/library/engines'],
      ['Library: LangChain', 'reference/library/langchain'],
      ['Library: evaluation', 'reference/library/evaluation'],
    ],
  ],
  [
    'Inside',
    [
      ['Architecture', 'repository/ARCHITECTURE'],
      ['Decisions', 'decisions/index'],
      ['Measurements', 'repository/bench/README'],
      ['The embedded reader', 'repository/models/default/README'],
      ['Contributing', 'repository/CONTRIBUTING'],
      ['Changelog', 'repository/CHANGELOG'],
    ],
  ],
];

export function sidebar(): DefaultTheme.SidebarItem[] {
  return SECTIONS.map(([text, pages]) => ({
    text,
    items: pages
      .filter(([, page]) => existsSync(path.join(DOCS, `${page}.md`)))
      .map(([title, page]) => ({ text: title, link: `/${page.replace(/(^|\/)index$/, '$1')}` })),
  }));
}
