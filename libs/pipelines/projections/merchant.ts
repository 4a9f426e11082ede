import { fromBinary } from '@bufbuild/protobuf';
import { MerchantSchema } from '#libs/topics/messages.ts';
import { moment } from './moment.ts';
import type { Projection } from './projection.ts';
import { required } from './unreadable.ts';

export const merchantProjection: Projection = {
  changes: ['state'],
  project: ({ sequence }, value) => {
    const message = fromBinary(MerchantSchema, value);
    const merchant = required(message.merchant, 'merchant');
    const { name, country, currency } = message;
    const contracts = message.contracts.map(({ contract, purposes, from, endedAt }) => ({
      contract,
      purposes: [...purposes],
      from,
      ended: endedAt !== undefined,
    }));
    const sites = message.sites.map(({ site, name, place, timeZone, open }) => {
      return { merchant, site: required(site, 'site'), name, place, timeZone, open };
    });
    const row = {
      merchant,
      name,
      country,
      currency,
      contracts,
      changedAt: moment(message.changedAt, 'time'),
      sequence,
    };
    return [{ put: 'merchant', row, sites }];
  },
};
