import { contextOf } from '#libs/event-codec/codec.ts';
import type { Keyring } from '#libs/keyring/port.ts';
import type { SealedMember } from '#libs/views/rows.ts';

/** A row of a view that may still say, sealed, whose it is. */
export interface SealedRow {
  readonly stream: string;
  readonly member?: SealedMember;
}

/** What is sealed with each row, in order; undefined where the key or the ciphertext is gone. One call to the vault for all. */
export async function openMembers(
  keyring: Pick<Keyring, 'open'>,
  rows: readonly SealedRow[],
): Promise<readonly (Record<string, unknown> | undefined)[]> {
  const sealed = rows.flatMap(({ stream, member }) =>
    member === undefined
      ? []
      : [{ key: stream, ciphertext: member.ciphertext, context: contextOf(stream, member.eventId, 'data') }],
  );
  const opened = [...(await keyring.open(sealed))];
  return rows.map(({ member }) => (member === undefined ? undefined : parsed(opened.shift())));
}

function parsed(opened: Uint8Array | 'gone' | undefined): Record<string, unknown> | undefined {
  if (opened === undefined || opened === 'gone') return undefined;
  const value = JSON.parse(Buffer.from(opened).toString('utf8')) as Record<string, unknown>;
  opened.fill(0);
  return value;
}
