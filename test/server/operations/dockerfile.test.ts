import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDockerfile, runStages } from '../../../scripts/dockerfile-steps.js';
import { environmentLayer, resolveSettings } from '../../../src/server/operations/resolve-settings.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const stages = parseDockerfile(readFileSync(path.join(ROOT, 'Dockerfile'), 'utf8'));
const finalStage = stages.at(-1);

function argsOf(instruction: string): readonly (readonly string[])[] {
  return (finalStage?.steps ?? []).filter((step) => step.instruction === instruction).map(({ args }) => args);
}

describe('the Dockerfile', () => {
  it('pins its base images, runs as a user of its own, and holds no development tools', () => {
    for (const { from } of stages) expect(from).toMatch(/^node:\d+\.\d+\.\d+-slim$/);
    expect(stages).toHaveLength(2);
    expect(argsOf('USER')).toEqual([['node']]);
    expect(argsOf('RUN')).toEqual([]);
    expect(argsOf('VOLUME')).toEqual([['/kb']]);
  });

  it('copies only what there is, and runs nothing by an absolute path, which would be that of this machine', () => {
    for (const { steps } of stages) {
      for (const { instruction, flags, args } of steps) {
        if (instruction === 'RUN') expect(args[0]).not.toMatch(/(?:^|\s)\//);
        if (instruction !== 'COPY' || flags['from'] !== undefined) continue;
        for (const source of args.slice(0, -1))
          expect([source, existsSync(path.join(ROOT, source))]).toEqual([source, true]);
      }
    }
  });

  it('sets what the server takes, and checks its health', () => {
    const environment = Object.fromEntries(
      argsOf('ENV')
        .flat()
        .map((pair) => pair.split('=') as [string, string]),
    );
    const { settings } = resolveSettings([environmentLayer(environment)]);
    expect(settings).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      index: '/kb/index',
      keys: '/kb/keys.json',
    });
    expect(argsOf('HEALTHCHECK')[0]?.slice(0, 2)).toEqual(['node', '-e']);
    expect(argsOf('CMD')).toEqual([['serve', '--json']]);
  });

  it('has a compose file that mounts its volume and nothing else that can be written', () => {
    const { services } = parse(readFileSync(path.join(ROOT, 'compose.yaml'), 'utf8')) as {
      services: { verbatim: Record<string, unknown> };
    };
    expect(services.verbatim).toMatchObject({ read_only: true, volumes: ['kb:/kb'], tmpfs: ['/tmp'] });
  });
});

describe('the steps of a Dockerfile', () => {
  it('run in folders of their own: copies from the context without what is ignored, and from other stages', () => {
    const context = temporaryFolder({
      'a.txt': 'a',
      'src/b.txt': 'b',
      'src/secret.txt': 's',
      '.dockerignore': '*\n!a.txt\n!src\nsrc/secret.txt\n',
    });
    const text = `
FROM base:1 AS build
WORKDIR /app
COPY a.txt ./
COPY src parts
# a comment
RUN cat a.txt \\
    parts/b.txt > both.txt && test ! -e parts/secret.txt
FROM base:1
WORKDIR /app
ENV NAME=value OTHER=a=b
COPY --from=build /app/both.txt ./
ENTRYPOINT ["node", "/app/main.js"]
`;
    const folder = temporaryFolder();
    const image = runStages(parseDockerfile(text), context, folder, () => undefined);
    expect(readFileSync(path.join(image.root, 'app/both.txt'), 'utf8')).toBe('ab');
    expect(image).toMatchObject({
      workdir: '/app',
      environment: { NAME: 'value', OTHER: 'a=b' },
      entrypoint: ['node', '/app/main.js'],
    });
    expect(existsSync(path.join(image.root, 'app/a.txt'))).toBe(false);
  });

  it('are refused where one is not known', () => {
    expect(() => parseDockerfile('FROM a\nADD b c\n')).toThrow('Cannot read: ADD b c');
  });
});
