import type { Command } from 'commander';
import { listing } from '#libs/command-line/table.ts';
import type { Terminal } from '#libs/command-line/terminal.ts';
import { DeviceClient } from '#libs/device-protocol/device-client.ts';
import { openDeviceFile } from './device-file.ts';
import { whileAlone } from './lock.ts';

export interface Common {
  readonly device: string;
  readonly json?: true;
}

/** Options of a command with those that every command has. */
export function commonOf<Options extends object>(command: Command): Options & Common {
  return command.optsWithGlobals<Options & Common>();
}

/** Opens the device of the file, alone, for one command. */
export async function atDevice<T>(command: Command, work: (client: DeviceClient) => Promise<T>): Promise<T> {
  const { device } = commonOf(command);
  return whileAlone(device, async () => {
    const { url, keys, store } = await openDeviceFile(device);
    return work(new DeviceClient({ baseUrl: url, keys, store }));
  });
}

/** What the service answered: as it came for machines, a name and its value a line for people. */
export function show(command: Command, terminal: Terminal, answer: object, shown: object = answer): void {
  const isSaid = ([, value]: [string, unknown]): boolean => value !== undefined;
  terminal.out(commonOf(command).json ? JSON.stringify(answer) : listing(Object.entries(shown).filter(isSaid)));
}
