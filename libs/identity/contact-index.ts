import { createHmac, randomBytes } from 'node:crypto';

/**
 * Phones and linked accounts to One IDs, for sign-in and search. It lives in the vault's memory alone, under a key drawn at
 * each start: what it holds says nothing to who reads the memory later, and it is filled from the ledger.
 */
export class ContactIndex {
  private readonly secret = randomBytes(32);
  private readonly owners = new Map<string, Owner[]>();
  private readonly items = new Map<string, Map<string, Item>>();
  private passedPosition = 0n;
  private waiting: { position: bigint; resolve: () => void }[] = [];

  /** A phone or account of a One ID. `verified` decides whether `find` answers with it. */
  put(kind: ContactKind, value: string, owner: Owner): void {
    this.remove(owner.oneId, owner.ref);
    const mark = this.mark(kind, value);
    this.owners.set(mark, [...this.ownersAt(mark), owner]);
    const items = this.items.get(owner.oneId) ?? new Map<string, Item>();
    this.items.set(
      owner.oneId,
      items.set(owner.ref, { mark, lastFour: kind === 'phone' ? value.slice(-4) : undefined }),
    );
  }

  /** The phone was verified: from now on it is found, before all that verified it earlier. */
  verify(oneId: string, ref: string): void {
    const item = this.items.get(oneId)?.get(ref);
    if (item === undefined) return;
    const others = this.ownersAt(item.mark).filter((owner) => !is(owner, oneId, ref));
    this.owners.set(item.mark, [...others, { oneId, ref, verified: true }]);
  }

  remove(oneId: string, ref: string): void {
    const items = this.items.get(oneId);
    const item = items?.get(ref);
    if (items === undefined || item === undefined) return;
    const left = this.ownersAt(item.mark).filter((owner) => !is(owner, oneId, ref));
    if (left.length === 0) this.owners.delete(item.mark);
    else this.owners.set(item.mark, left);
    items.delete(ref);
    if (items.size === 0) this.items.delete(oneId);
  }

  removeOneId(oneId: string): void {
    for (const ref of [...(this.items.get(oneId)?.keys() ?? [])]) this.remove(oneId, ref);
  }

  /** Whose verified phone or linked account it is: the last to have verified it. */
  find(kind: ContactKind, value: string): Owner | undefined {
    return this.ownersAt(this.mark(kind, value)).findLast((owner) => owner.verified);
  }

  /** Every One ID that has verified this, the last one last: a number belongs to who verified it last. */
  holders(kind: ContactKind, value: string): readonly Owner[] {
    return this.ownersAt(this.mark(kind, value)).filter((owner) => owner.verified);
  }

  /** The other One IDs that have verified what this one holds under the reference. */
  othersOf(oneId: string, ref: string): readonly Owner[] {
    const item = this.items.get(oneId)?.get(ref);
    if (item === undefined) return [];
    return this.ownersAt(item.mark).filter((owner) => owner.verified && owner.oneId !== oneId);
  }

  /** Last four digits of a One ID's verified phones. */
  lastFour(oneId: string): readonly string[] {
    const items = [...(this.items.get(oneId)?.values() ?? [])];
    const verified = items.filter(({ mark }) =>
      this.ownersAt(mark).some((owner) => owner.oneId === oneId && owner.verified),
    );
    return verified.flatMap(({ lastFour }) => (lastFour === undefined ? [] : [lastFour]));
  }

  passed(position: bigint): void {
    if (position <= this.passedPosition) return;
    this.passedPosition = position;
    this.waiting = this.waiting.filter(({ position: wanted, resolve }) => {
      if (wanted > position) return true;
      resolve();
      return false;
    });
  }

  get position(): bigint {
    return this.passedPosition;
  }

  /** Resolves once the index has seen all up to there; false where the deadline comes first. */
  async reached(position: bigint, deadlineMs: number): Promise<boolean> {
    if (this.passedPosition >= position) return true;
    return new Promise((done) => {
      const waiter = { position, resolve: (): void => (clearTimeout(late), done(true)) };
      const late = setTimeout(() => {
        // Whoever waits for what never comes is not kept for ever.
        this.waiting = this.waiting.filter((one) => one !== waiter);
        done(false);
      }, deadlineMs);
      this.waiting.push(waiter);
    });
  }

  private mark(kind: ContactKind, value: string): string {
    return createHmac('sha256', this.secret).update(`${kind}\n${value}`).digest('base64url');
  }

  private ownersAt(mark: string): readonly Owner[] {
    return this.owners.get(mark) ?? [];
  }
}

export type ContactKind = 'phone' | 'account';
export interface Owner {
  readonly oneId: string;
  readonly ref: string;
  readonly verified: boolean;
}

function is(owner: Owner, oneId: string, ref: string): boolean {
  return owner.oneId === oneId && owner.ref === ref;
}

interface Item {
  readonly mark: string;
  readonly lastFour: string | undefined;
}
