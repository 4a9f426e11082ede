import { create, toBinary } from '@bufbuild/protobuf';
import { evolve } from '#libs/domain/merchant/evolve.ts';
import { noMerchant, type MerchantState } from '#libs/domain/merchant/state.ts';
import { MerchantSchema } from '../generated/palmledger/topics/v1/merchant_pb.js';
import { foldBy } from './fold.ts';
import { timestamp } from './timestamp.ts';
import type { TopicMapping } from './topic-mapping.ts';

/** The whole state with sites and contracts. */
export const merchants: TopicMapping<MerchantState> = {
  topic: 'merchants',
  fold: {
    kind: 'merchant',
    whole: true,
    types: ['MerchantRegistered', 'SiteOpened', 'SiteClosed', 'ContractSigned', 'ContractEnded'],
    initialState: noMerchant,
    evolve: foldBy(evolve),
  },
  message: ({ key, before, after, event }) => {
    if (before === after || after.phase === 'none') return undefined;
    const { name, country, currency, sites, contracts } = after;
    const message = create(MerchantSchema, {
      merchant: key,
      name,
      country,
      currency,
      sites: sites.map(({ site, name, place, timeZone, open }) => ({ site, name, place, timeZone, open })),
      contracts: contracts.map(({ contract, purposes, from, endedAt }) => ({
        contract,
        purposes: [...purposes],
        from,
        ...(endedAt === undefined ? {} : { endedAt: timestamp(endedAt) }),
      })),
      changedAt: timestamp(event.at),
    });
    return { change: 'state', value: toBinary(MerchantSchema, message) };
  },
};
