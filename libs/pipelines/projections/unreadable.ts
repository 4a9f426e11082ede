/** Why a message does nothing and stops its key. Says what, never whose. */
export class Unreadable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Unreadable';
  }
}

/** An enum's value in the view's words; one that this build does not know is never guessed. */
export function named<Name>(names: Readonly<Partial<Record<number, Name>>>, value: number, what: string): Name {
  const name = names[value];
  if (name === undefined) throw new Unreadable(`unknown ${what}`);
  return name;
}

export function required(value: string, what: string): string {
  if (value === '') throw new Unreadable(`${what} is missing`);
  return value;
}
