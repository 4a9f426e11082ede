import { CopyRefused, KeyringDamaged, MasterKeyRefused, NoQuorum } from '../errors.ts';
import type { CopyStatus, RetiredCopy } from '../port.ts';
import { type CopyPlace, KeyCopy, type Told } from './copy.ts';
import type { Disk } from './disk.ts';
import type { Entry } from './page.ts';
import type { Known, Root } from './root.ts';

const FILL = 8192;
const RETRY_MS = 5000;

interface Member {
  readonly place: CopyPlace;
  state: CopyStatus['state'];
  copy: KeyCopy | undefined;
  reason?: string;
  retired?: RetiredCopy;
  triedAt: number;
}

interface Kind {
  readonly walk: boolean;
  readonly walkDue: boolean;
}

export interface CopiesOptions {
  readonly disk: Disk;
  readonly quorum: number;
  readonly maxOpened: number;
}

/**
 * All copies of one keyring. A copy that fails is away: the others record that before anything is acknowledged without it.
 * It comes back by being filled from a copy in step, under a fresh master key, whatever it held; what it held is never asked.
 */
export class Copies {
  readonly #members: Member[] = [];
  readonly #options: CopiesOptions;

  constructor(options: CopiesOptions) {
    this.#options = options;
  }

  add(place: CopyPlace, state: CopyStatus['state'], copy?: KeyCopy, reason?: string, retired?: RetiredCopy): void {
    const told = { ...(reason !== undefined && { reason }), ...(retired && { retired }) };
    this.#members.push({ place, state, copy, triedAt: -Infinity, ...told });
  }

  get root(): Root {
    return this.#primary.root;
  }

  get pages(): number {
    return this.#primary.pages;
  }

  /** Never more than there are copies left. */
  get quorum(): number {
    return Math.min(this.#options.quorum, this.#members.filter(({ state }) => state !== 'retired').length);
  }

  get hasQuorum(): boolean {
    return this.#inStep().length >= this.quorum;
  }

  get status(): CopyStatus[] {
    return this.#members.map(({ place, state, reason, retired }) => ({
      name: place.name,
      medium: place.medium,
      state,
      ...(state === 'away' && reason !== undefined && { reason }),
      ...(retired && { retired }),
    }));
  }

  away(): string[] {
    return this.#members.filter(({ state }) => state === 'away').map(({ place }) => place.name);
  }

  /** From the first copy in step; where that one fails, from the next. */
  async read<T>(read: (copy: KeyCopy) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const { copy } of this.#inStep()) {
      try {
        return await read(copy);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** On every copy in step. Those that fail are away from then on, and the rest has that recorded. */
  async commit(entries: readonly Entry[], kind: Kind, joining?: Member): Promise<void> {
    const { epoch, commit } = this.root;
    const told = { epoch: epoch + (kind.walk ? 1 : 0), commit: commit + 1, walkDue: kind.walkDue, whole: true };
    const members = this.#inStep();
    const change = { entries, told: { ...told, copies: this.#known(joining) }, walk: kind.walk };
    const done = await Promise.allSettled(members.map(({ copy }) => copy.commit(change)));
    const failed = members.flatMap((member, i) => {
      const result = done[i];
      return result?.status === 'rejected' ? [{ member, cause: result.reason as unknown }] : [];
    });
    if (failed.length === 0) return;
    if (failed.length === members.length) throw failed[0]?.cause;
    for (const { member, cause } of failed) await this.#lose(member, cause);
    await this.commit([], { walk: false, walkDue: kind.walkDue }, joining);
  }

  requireQuorum(): void {
    if (this.hasQuorum) return;
    const line = `${this.#inStep().length} of the keyring's copies can be written, ${this.quorum} are asked for; away: ${this.away().join(', ')}`;
    throw new NoQuorum(line);
  }

  /** Brings back what is away, where it can be reached. Without `force`, not more often than every few seconds. */
  async reach(force: boolean): Promise<void> {
    for (const member of this.#members) {
      const early = performance.now() - member.triedAt < RETRY_MS;
      if (member.state !== 'away' || (early && !force)) continue;
      member.triedAt = performance.now();
      await this.#bringBack(member).catch(async (error: unknown) => this.#lose(member, error));
    }
  }

  async retire(name: string, by: readonly [string, string]): Promise<void> {
    const member = this.#members.find(({ place }) => place.name === name);
    if (!member) throw new CopyRefused('the keyring has no copy of that name');
    if (member.state === 'retired') return;
    const others = this.#inStep().filter((other) => other !== member);
    if (others.length === 0) throw new CopyRefused('the last copy of the keyring in step cannot be retired');
    const before = member.state;
    member.state = 'retired';
    member.retired = { by, epoch: this.root.epoch };
    try {
      await this.commit([], { walk: false, walkDue: this.root.walkDue });
    } catch (error) {
      member.state = before;
      delete member.retired;
      throw error;
    }
    await member.copy?.overwriteMasterKeys().catch(() => undefined);
    await member.copy?.close().catch(() => undefined);
    member.copy = undefined;
  }

  async close(): Promise<void> {
    for (const { copy } of this.#members) await copy?.close().catch(() => undefined);
  }

  get #primary(): KeyCopy {
    const [first] = this.#inStep();
    if (!first) throw new NoQuorum("none of the keyring's copies is in step");
    return first.copy;
  }

  #inStep(): (Member & { copy: KeyCopy })[] {
    return this.#members.filter((member): member is Member & { copy: KeyCopy } => {
      return member.state === 'in-step' && member.copy !== undefined;
    });
  }

  #known(joining: Member | undefined): Known[] {
    return this.#members.map((member) => {
      const { place, retired } = member;
      const state = member === joining ? 'in-step' : member.state;
      return { name: place.name, medium: place.medium, state, ...(retired && { retired }) };
    });
  }

  async #lose(member: Member, cause: unknown): Promise<void> {
    member.state = 'away';
    member.reason = cause instanceof Error ? cause.message : String(cause);
    const { copy } = member;
    member.copy = undefined;
    await copy?.close().catch(() => undefined);
  }

  async #bringBack(member: Member): Promise<void> {
    const source = this.#primary;
    const copy = member.copy ?? (await this.#reopen(member.place, source.root));
    member.copy = copy;
    await this.#fill(copy, source);
    // Those in step record it before it counts: so none of them, alone, takes itself for the newest after it went on without them.
    await this.commit([], { walk: false, walkDue: source.root.walkDue }, member);
    const { epoch, commit, copies, walkDue } = this.root;
    await copy.commit({ entries: [], told: { epoch, commit, copies, walkDue, whole: true }, walk: true });
    member.state = 'in-step';
    delete member.reason;
  }

  /** One that its own key does not open any more (an older folder under today's key, or damage) is made anew. */
  async #reopen(place: CopyPlace, root: Root): Promise<KeyCopy> {
    const { disk, maxOpened } = this.#options;
    if (place.dataDir === '') throw new CopyRefused('its folders are not configured');
    try {
      const copy = await KeyCopy.open(place, disk, maxOpened);
      if (copy.root.keyring.equals(root.keyring)) return copy;
      await copy.close();
      throw new MasterKeyRefused('foreign', `the copy ${place.name} is of another keyring: set its folders to its own`);
    } catch (error) {
      const stale =
        error instanceof KeyringDamaged || (error instanceof MasterKeyRefused && error.fault === 'mismatch');
      if (!stale) throw error;
      return KeyCopy.make(place, disk, maxOpened, root, filling(root));
    }
  }

  async #fill(copy: KeyCopy, source: KeyCopy): Promise<void> {
    const told = filling(source.root);
    await copy.commit({ entries: [], told, walk: true, afresh: true });
    let entries: Entry[] = [];
    const flush = async (): Promise<void> => {
      await copy.commit({ entries, told, walk: false });
      for (const { key } of entries) key?.fill(0);
      entries = [];
    };
    for await (const leaf of source.leaves()) {
      entries.push(...leaf);
      if (entries.length >= FILL) await flush();
    }
    await flush();
  }
}

/** What a copy's root says until it holds everything. */
export function filling(root: Root): Told {
  return { epoch: 0, commit: 0, copies: root.copies, walkDue: false, whole: false };
}
