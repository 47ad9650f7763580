import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Imports point down: core ◄ {wire | retriever | reader | ingest} ◄ pipeline ◄ engines ◄ {evaluation | server | langchain | mcp | browser} ◄ cli.
 * For each folder of src, the sibling folders that it may import.
 */
const MAY_IMPORT = {
  core: [],
  wire: ['core'],
  retriever: ['core'],
  reader: ['core'],
  ingest: ['core'],
  pipeline: ['core', 'retriever', 'reader', 'ingest'],
  evaluation: ['core', 'retriever', 'reader', 'ingest', 'pipeline'],
  server: ['core', 'wire', 'retriever', 'reader', 'ingest', 'pipeline', 'engines'],
  engines: ['core', 'retriever', 'reader', 'ingest', 'pipeline'],
  langchain: ['core', 'retriever', 'reader', 'pipeline'],
  mcp: ['core', 'wire', 'retriever', 'reader', 'ingest', 'pipeline'],
  widget: ['core', 'retriever', 'reader', 'ingest', 'pipeline', 'browser'],
  browser: ['core', 'retriever', 'reader', 'pipeline'],
  cli: [
    'core',
    'retriever',
    'reader',
    'ingest',
    'pipeline',
    'evaluation',
    'server',
    'engines',
    'mcp',
    'browser',
  ],
};

const directionRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => {
  const forbidden = Object.keys(MAY_IMPORT).filter((name) => name !== folder && !allowed.includes(name));
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^(\\.\\./)+(${[...forbidden, 'index\\.js'].join('|')})(/|$)`,
              message: `src/${folder} may import only: ${allowed.join(', ') || 'nothing outside itself'}.`,
            },
            ...(folder === 'core'
              ? [{ regex: '^[^.]', message: 'src/core is pure: no dependencies and no I/O.' }]
              : []),
          ],
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ['**/dist', '**/cache', 'coverage', 'corpora', 'models', 'node_modules'] },
  js.configs.recommended,
  // Which control characters count as white space is the point of some patterns here.
  { rules: { 'no-control-regex': 'off' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // An async function that awaits nothing still turns a throw into a rejected promise, which interfaces promise.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: { 'no-console': 'error', 'no-restricted-globals': ['error', 'process'] },
  },
  {
    files: ['scripts/**/*.js', 'examples/**/*.js', 'examples/**/*.mjs', 'test/**/*.mjs', '*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  ...directionRules,
);
