/**
 * Preloaded into a server, makes its reader threads mortal: after SIGUSR2, the one that is given a window next ends instead of reading it.
 * (A thread that is ended from outside in the middle of a run takes the process with it.)
 */
import { writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';
import { URL } from 'node:url';
import workerThreads from 'node:worker_threads';

const { Worker, isMainThread } = workerThreads;

if (isMainThread) {
  const deaths = new Int32Array(new SharedArrayBuffer(4));
  workerThreads.Worker = class extends Worker {
    constructor(file, options) {
      super(new URL('mortal-worker.mjs', import.meta.url), {
        ...options,
        workerData: { ...options.workerData, deaths, program: String(file) },
      });
    }
  };
  syncBuiltinESMExports();
  process.on('SIGUSR2', () => {
    Atomics.add(deaths, 0, 1);
    writeSync(2, 'A reader thread ends.\n');
  });
}
