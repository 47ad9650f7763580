// Takes pictures of every state of the pages, light and dark, at three widths, with a real Chromium and the real server:
//
//     npm run screenshots -- OUT_DIR
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const [folder = 'screenshots', ...patterns] = process.argv.slice(2);
const target = path.resolve(folder);
const { status } = spawnSync('npx', ['vitest', 'run', '-c', 'vitest.screenshots.config.ts', ...patterns], {
  env: { ...process.env, SCREENSHOTS: target },
  stdio: 'inherit',
});
const playground = spawnSync('npx', ['tsx', 'scripts/screenshots/main.ts', target], { stdio: 'inherit' });
process.exitCode = status || playground.status || 0;
