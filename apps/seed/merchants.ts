import type { DeviceKind } from '#libs/domain/device/events.ts';
import type { Purpose } from '#libs/domain/merchant/state.ts';

export interface Town {
  readonly name: string;
  readonly timeZone: string;
}

export const TOWNS: readonly Town[] = [
  { name: 'Berlin', timeZone: 'Europe/Berlin' },
  { name: 'Hamburg', timeZone: 'Europe/Berlin' },
  { name: 'Leipzig', timeZone: 'Europe/Berlin' },
  { name: 'Munich', timeZone: 'Europe/Berlin' },
  { name: 'Vienna', timeZone: 'Europe/Vienna' },
  { name: 'Graz', timeZone: 'Europe/Vienna' },
];

/** What a shop sells, as it shows in amounts: minor units, about `usual`, seldom far above. */
export interface Shop {
  readonly name: string;
  readonly usual: number;
  readonly spread: number;
  /** How often people go there, beside the others. */
  readonly weight: number;
  readonly purposes: readonly Purpose[];
  readonly device: DeviceKind;
  /** Towns with a site. */
  readonly towns: readonly number[];
  readonly articles: readonly (readonly [name: string, price: number])[];
}

export const SHOPS: readonly Shop[] = [
  shop('Morgenrot Bakery', 'till', 540, 0.5, 9, ['pay', 'loyalty'], [0, 1, 2, 3]),
  shop('Feld & Garten Grocers', 'till', 2_350, 0.7, 10, ['pay', 'loyalty', 'age'], [0, 1, 2, 3, 4, 5]),
  shop('Cafe Lindenhof', 'till', 780, 0.45, 7, ['pay', 'loyalty'], [0, 2, 4]),
  shop('Apotheke am Markt', 'till', 1_420, 0.8, 3, ['pay'], [1, 3, 5]),
  shop('Lichtspiele', 'till', 1_650, 0.4, 2, ['pay', 'age', 'subscription'], [0, 3, 4]),
  shop('Stadtwerk Gym', 'door', 3_900, 0.3, 1, ['pay', 'badge', 'subscription'], [0, 1, 4]),
  shop('Buchladen Seitenweise', 'till', 1_890, 0.6, 2, ['pay'], [2, 3, 5]),
  {
    ...shop('Greif Zu, the shop without checkout', 'gate', 1_280, 0.5, 3, ['pay', 'visit'], [0, 1, 4]),
    articles: [
      ['Sandwich', 449],
      ['Apple juice', 229],
      ['Yoghurt', 119],
      ['Chocolate', 189],
      ['Coffee, cold', 259],
      ['Salad bowl', 649],
    ],
  },
];

function shop(
  name: string,
  device: DeviceKind,
  usual: number,
  spread: number,
  weight: number,
  purposes: readonly Purpose[],
  towns: readonly number[],
): Shop {
  return { name, device, usual, spread, weight, purposes, towns, articles: [] };
}
