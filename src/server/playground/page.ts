import { readFile } from 'node:fs/promises';

/**
 * Only the server's own files, and no way to make markup of a string: the browser itself refuses it (Trusted Types). The frame that the
 * evaluation report is shown in has the page's policy, too, so that the report's style sheet is named here.
 */
export function playgroundPolicy(styleHashes: readonly string[]): string {
  return [
    "default-src 'none'",
    'img-src data:',
    "script-src 'self'",
    ["style-src 'self'", ...styleHashes].join(' '),
    "connect-src 'self'",
    'frame-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** A report that is opened by itself runs nothing and asks for nothing. */
export const REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/** Where the page's files are, from the page's own address; replaced when it is sent. */
const FOLDER = /\{\{folder\}\}/g;

/**
 * The page as it stands in the build, its files named relative to it.
 *
 * @param address - the page's path as the client sees it: `/`, or where the router is mounted, with or without a slash at the end.
 */
export async function playgroundAt(address: string, file: URL): Promise<string> {
  const last = /[^/]*$/.exec(address)?.[0] ?? '';
  const folder = last === '' ? './playground' : `./${last}/playground`;
  return (await readFile(file, 'utf8')).replaceAll(FOLDER, folder);
}
