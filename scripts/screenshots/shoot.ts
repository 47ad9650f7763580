import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Browser, Page as BrowserPage } from 'playwright-core';

const WIDTHS = [1440, 768, 320] as const;
const SCHEMES = ['light', 'dark'] as const;
const HEIGHT = 900;

/** Takes the pictures of one page of the product. */
export type Page = (shoot: Shoot) => Promise<void>;

/**
 * Brings a fresh browser page into a state, once for each width and scheme, and takes its picture.
 *
 * @param state - names the pictures: `STATE-WIDTH-SCHEME.png`.
 */
export type Shoot = (state: string, bring: (page: BrowserPage) => Promise<void>) => Promise<void>;

export function shooterOf(browser: Browser, folder: string): Shoot {
  return async (state, bring) => {
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        const context = await browser.newContext({ viewport: { width, height: HEIGHT }, colorScheme });
        const page = await context.newPage();
        await bring(page);
        await page.screenshot({ path: `${folder}/${state}-${width}-${colorScheme}.png`, fullPage: true });
        await context.close();
      }
    }
    console.error(`${folder}/${state}-*.png`);
  };
}

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** The built `verbatim serve` on a free port, until it is disposed of. */
export interface Served extends Disposable {
  readonly url: string;
  stop(): void;
}

export async function serve(args: readonly string[] = []): Promise<Served> {
  const child = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
      const listening = /^Listening on (\S+)$/m.exec(said)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    child.once('close', () => reject(new Error(`The server has ended: ${said}`)));
  });
  const stop = (): void => void child.kill('SIGKILL');
  return { url, stop, [Symbol.dispose]: stop };
}
