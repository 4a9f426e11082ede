import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPalm } from '#libs/testing/palms/palm-picture.ts';

export type Hand = 'left' | 'right';

/** Pictures of hands: another capture of the same hand at each call. */
export interface Palms {
  capture(person: string, hand: Hand): Promise<Uint8Array<ArrayBuffer>>;
  readonly what: string;
}

/** Hands that belong to nobody; `play` gives other hands to the people of another play on the same instance. */
export function drawnPalms(play = ''): Palms {
  const taken = new Map<string, number>();
  return {
    what: 'drawn palms',
    capture: async (person, hand) => {
      const capture = (taken.get(`${person} ${hand}`) ?? 0) + 1;
      taken.set(`${person} ${hand}`, capture);
      return new Uint8Array(await drawPalm({ person: person + play, hand, capture }));
    },
  };
}

/** Pictures in a folder, `<palm>_<sample>.png`: each hand of each person becomes another palm of the folder. */
export function palmsOf(folder: string): Palms {
  const samples = new Map<string, string[]>();
  for (const name of readdirSync(folder).sort()) {
    const palm = /^(.+)_[^_]+\.(png|jpe?g)$/i.exec(name)?.[1];
    if (palm !== undefined) samples.set(palm, [...(samples.get(palm) ?? []), name]);
  }
  // A hand is shown often: palms with many pictures are used.
  const palms = [...samples].filter(([, names]) => names.length >= 8).map(([palm]) => palm);
  if (palms.length < 10)
    throw new Error(`${folder} has too few palms with eight pictures or more, named <palm>_<sample>.png`);
  const owners = new Map<string, { palm: string; next: number }>();
  return {
    what: `pictures of ${palms.length} palms`,
    capture: async (person, hand) => {
      const key = `${person} ${hand}`;
      const owner = owners.get(key) ?? { palm: palms[owners.size % palms.length]!, next: 0 };
      const names = samples.get(owner.palm)!;
      owners.set(key, { ...owner, next: owner.next + 1 });
      return new Uint8Array(readFileSync(join(folder, names[owner.next % names.length]!)));
    },
  };
}
