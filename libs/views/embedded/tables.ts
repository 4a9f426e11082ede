/**
 * Each table holds whole rows as JSON, the columns by which they are found, and a checksum over all of it. SQLite notices a
 * damaged page's structure, not a flipped bit in a row: the checksum does.
 */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly indexes: readonly (readonly string[])[];
}

const byPlaceAndTime = {
  columns: ['merchant', 'site', 'at'],
  indexes: [
    ['merchant', 'at', 'key'],
    ['merchant', 'site', 'at', 'key'],
    ['at', 'key'],
  ],
} as const;

export const tables = {
  purchases: { name: 'purchases', ...byPlaceAndTime },
  visits: { name: 'visits', ...byPlaceAndTime },
  checks: { name: 'checks', ...byPlaceAndTime },
  visitItems: { name: 'visit_items', columns: ['visit'], indexes: [['visit', 'key']] },
  devices: { name: 'devices', columns: ['merchant', 'site'], indexes: [['merchant', 'site', 'key']] },
  merchants: { name: 'merchants', columns: [], indexes: [] },
  sites: { name: 'sites', columns: ['merchant'], indexes: [['merchant', 'key']] },
  principals: { name: 'principals', columns: [], indexes: [] },
  subscribers: { name: 'subscribers', columns: [], indexes: [] },
  erasures: { name: 'erasures', columns: ['over', 'at'], indexes: [['over', 'at', 'key']] },
  totals: { name: 'totals', columns: ['merchant', 'site', 'day'], indexes: [['merchant', 'site', 'day', 'key']] },
} as const satisfies Record<string, Table>;

/** Keys of several parts sort by their first; ids are drawn from letters and digits, so the separator is in none. */
export const joinedKey = (...parts: readonly string[]): string => parts.join('\u001f');
