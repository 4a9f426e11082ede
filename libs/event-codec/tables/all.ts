import { UnknownEvent } from '../errors.ts';
import type { AnyTables, FieldTable } from '../table.ts';
import { claimTables, headTables } from './bookkeeping.ts';
import { erasureTables } from './erasure.ts';
import { oneIdTables } from './one-id.ts';
import { deviceTables, merchantTables, principalTables, subscriberTables } from './parties.ts';
import { paymentTables } from './payment.ts';
import { checkTables, lookTables, visitTables } from './visit-and-check.ts';

/** Every event there is, by the kind of its stream (the part of the stream's name before the first dash). */
export const tables: Readonly<Record<string, AnyTables>> = {
  oneId: oneIdTables,
  payment: paymentTables,
  visit: visitTables,
  check: checkTables,
  device: deviceTables,
  merchant: merchantTables,
  principal: principalTables,
  subscriber: subscriberTables,
  erasure: erasureTables,
  look: lookTables,
  claim: claimTables,
  head: headTables,
};

export function kindOf(stream: string): string {
  return stream.slice(0, stream.indexOf('-'));
}

export function currentVersion(stream: string, type: string): number {
  const entry = entryOf(stream, type);
  if (entry === undefined) throw new UnknownEvent(type, 0);
  return entry.current;
}

/** The fields of one version of one type; an unknown one is never guessed. */
export function fieldsOf(stream: string, type: string, version: number): FieldTable {
  const table = entryOf(stream, type)?.versions[version];
  if (table === undefined) throw new UnknownEvent(type, version);
  return table;
}

/** Own names only: a record may say that its type is `constructor`. */
function entryOf(stream: string, type: string): AnyTables[string] | undefined {
  const kind = kindOf(stream);
  const ofKind = Object.hasOwn(tables, kind) ? tables[kind] : undefined;
  return ofKind !== undefined && Object.hasOwn(ofKind, type) ? ofKind[type] : undefined;
}
