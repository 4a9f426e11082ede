import type { CheckEvent } from '#libs/domain/check/events.ts';
import type { LookEvent } from '#libs/domain/look/events.ts';
import type { VisitEvent } from '#libs/domain/visit/events.ts';
import { v1, type EventTables } from '../table.ts';

const line = ['line', 'article', 'quantity', 'unitPrice'] as const;

export const visitTables = {
  VisitStarted: v1({
    clear: ['merchant', 'site', 'gate', 'currency'],
    sealed: { fields: ['oneId', 'transaction', 'pseudonym', 'payment'], key: 'stream' },
  }),
  ItemTaken: v1({ clear: line }),
  ItemPutBack: v1({ clear: line }),
  VisitEnded: v1({ clear: ['total', 'ticketHash'] }),
  VisitCharged: v1({ clear: ['total'] }),
  VisitAbandoned: v1({ clear: ['reason'] }),
} satisfies EventTables<VisitEvent>;

export const checkTables = {
  CredentialChecked: v1({
    clear: ['merchant', 'site', 'device', 'kind', 'answer'],
    sealed: { fields: ['oneId', 'transaction', 'pseudonym'], key: 'stream' },
  }),
} satisfies EventTables<CheckEvent>;

export const lookTables = {
  Looked: v1({ clear: ['when', 'principal', 'reason'], sealed: { fields: ['askedFor', 'oneId'], key: 'stream' } }),
} satisfies EventTables<LookEvent>;
