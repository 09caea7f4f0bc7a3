import { keyPathsIn } from '../../config/key-places.ts';
import { rotateKey } from '../key-rotation.ts';

/** `node rotate-and-die.ts <folder> <purpose> <step>`: rotates a key and is killed at that step. */
const [folder = '', purpose = '', dieAt = ''] = process.argv.slice(2);
if (purpose !== 'evidence' && purpose !== 'checkpoint') throw new Error('no such purpose');

await rotateKey(
  {
    places: keyPathsIn(folder, 'acme'),
    env: {},
    now: () => new Date().toISOString(),
    by: 'os:test',
    step: (step) => {
      if (step === dieAt) process.kill(process.pid, 'SIGKILL');
    },
  },
  { purpose, overlapMs: 60_000 },
);
