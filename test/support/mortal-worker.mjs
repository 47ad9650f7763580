/** The worker that it stands for, except that it ends with the next window once its death was asked for. */
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';

const { deaths, program } = workerData;

parentPort.on('message', ({ kind }) => {
  if (kind !== 'predict') return;
  for (let asked = Atomics.load(deaths, 0); asked > 0; asked = Atomics.load(deaths, 0)) {
    if (Atomics.compareExchange(deaths, 0, asked, asked - 1) === asked) process.exit(1);
  }
});

await import(program);
