import { type Disk, fileDisk } from './disk.ts';
import { openFileKeyring } from './open.ts';

/* A process of its own for kill9.spec.ts: destroys `doomed` and is killed with -9 before its n-th change of the disk. */
const [dataDir = '', keysDir = '', step = '0'] = process.argv.slice(2);
const CHANGING = ['write', 'sync', 'syncFolder', 'rename', 'unlink', 'truncate'];
let left = Infinity;
const disk = new Proxy(fileDisk(), {
  get:
    (real, what: keyof Disk) =>
    (...args: unknown[]) => {
      if (CHANGING.includes(what) && left-- === 0) process.kill(process.pid, 'SIGKILL');
      return (real[what] as (...all: unknown[]) => unknown).apply(real, args);
    },
});
const keyring = await openFileKeyring({ dataDir, keysDir, disk });
left = Number(step);
await keyring.destroy(['doomed']);
process.stdout.write('destroyed');
await keyring.close();
