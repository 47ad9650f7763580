import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

describe('the example of an agent', () => {
  it('is sound TypeScript', async () => {
    await promisify(execFile)('npx', ['tsc', '--noEmit', '-p', 'examples/langchain-agent']);
  });

  it('relays an answer with its citation, and that there is none', async () => {
    const { stdout } = await promisify(execFile)('npx', ['tsx', 'examples/langchain-agent/main.ts']);
    expect(stdout).toBe(`User:  How long is the warranty?
Agent: The warranty on every Lumen device lasts two years from the date of delivery. [1]
Cites: warranty/standard-warranty.md:11, characters 436 to 445
Check: every sentence is in the sources

User:  Who composed the opera about the thermostat?
Agent: The help centre does not answer this.
Cites: nothing (no-support, 10 passages read)
`);
  });
});
