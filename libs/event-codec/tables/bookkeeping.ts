import type { Claimed } from '#libs/domain/claim/events.ts';
import type { HeadSigned } from '#libs/domain/head/events.ts';
import { v1, type EventTables } from '../table.ts';

export const claimTables = {
  Claimed: v1({
    clear: ['key'],
    sealed: { fields: ['digest', 'plan'], key: { reserved: 'key' } },
    about: { reserved: 'key' },
  }),
} satisfies EventTables<Claimed>;

export const headTables = {
  HeadSigned: v1({ clear: ['treeSize', 'root', 'signed'] }),
} satisfies EventTables<HeadSigned>;
