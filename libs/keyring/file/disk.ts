import { constants, type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { sep } from 'node:path';

/** Every touch of the disk goes through here, so that a test can count the steps, and stop at each. Files are 0600, folders 0700. */
export interface Disk {
  /** Up to `length` bytes; fewer at the file's end. */
  read(path: string, offset: number, length: number): Promise<Buffer>;
  /** Makes the file where it is missing. */
  write(path: string, offset: number, bytes: Uint8Array): Promise<void>;
  sync(path: string): Promise<void>;
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  truncate(path: string, bytes: number): Promise<void>;
  makeFolder(path: string): Promise<void>;
  list(path: string): Promise<string[]>;
  /** In bytes; undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Closes what was opened under a folder. */
  release(folder: string): Promise<void>;
}

const READ_WRITE = constants.O_RDWR | constants.O_CREAT;

/** The real one; keeps files open by path. */
export function fileDisk(): Disk {
  const opened = new Map<string, Promise<FileHandle>>();

  const handle = (path: string, flags: number): Promise<FileHandle> => {
    const known = opened.get(path);
    if (known) return known;
    const fresh = open(path, flags, 0o600);
    opened.set(path, fresh);
    fresh.catch(() => opened.delete(path));
    return fresh;
  };
  const forget = async (path: string): Promise<void> => {
    const known = opened.get(path);
    opened.delete(path);
    await (await known?.catch(() => undefined))?.close();
  };

  return {
    async read(path, offset, length) {
      const file = await handle(path, constants.O_RDWR);
      const bytes = Buffer.alloc(length);
      const { bytesRead } = await file.read(bytes, 0, length, offset);
      return bytesRead === length ? bytes : bytes.subarray(0, bytesRead);
    },
    async write(path, offset, bytes) {
      const file = await handle(path, READ_WRITE);
      let done = 0;
      while (done < bytes.length) {
        done += (await file.write(bytes, done, bytes.length - done, offset + done)).bytesWritten;
      }
    },
    async sync(path) {
      await (await handle(path, READ_WRITE)).datasync();
    },
    async syncFolder(path) {
      const folder = await open(path, constants.O_RDONLY);
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
    async rename(from, to) {
      await forget(from);
      await forget(to);
      await rename(from, to);
    },
    async unlink(path) {
      await forget(path);
      await unlink(path);
    },
    async truncate(path, bytes) {
      await (await handle(path, READ_WRITE)).truncate(bytes);
    },
    async makeFolder(path) {
      await mkdir(path, { recursive: true, mode: 0o700 });
    },
    list: (path) => readdir(path),
    async size(path) {
      try {
        return (await stat(path)).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async release(folder) {
      for (const path of opened.keys()) if (path.startsWith(folder + sep)) await forget(path);
    },
  };
}
