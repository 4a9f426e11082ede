import type { Topic } from '../port.ts';
import { devices } from './devices.ts';
import { erasures } from './erasures.ts';
import { merchants } from './merchants.ts';
import { oneIdChanges } from './one-id-changes.ts';
import { oneIds } from './one-ids.ts';
import { purchases } from './purchases.ts';
import type { TopicMapping } from './topic-mapping.ts';
import { visits } from './visits.ts';

/** A mapping whose state only its own fold knows. */
export type AnyMapping = TopicMapping<unknown>;

/** States never leave the mapping they belong to, which is what makes forgetting their type safe. */
export function anyMapping<State>(mapping: TopicMapping<State>): AnyMapping {
  return mapping as unknown as AnyMapping;
}

export const mappings: Readonly<Record<Topic, AnyMapping>> = {
  'one-ids': anyMapping(oneIds),
  'one-id-changes': anyMapping(oneIdChanges),
  purchases: anyMapping(purchases),
  visits: anyMapping(visits),
  devices: anyMapping(devices),
  merchants: anyMapping(merchants),
  erasures: anyMapping(erasures),
};

export function mappingsOf(topics: readonly Topic[]): readonly AnyMapping[] {
  return topics.map((topic) => mappings[topic]);
}
