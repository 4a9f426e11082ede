import type { ActorKind } from '#libs/domain/values.ts';

/** Kinds of actors as they are stored: by their place in this list, which only ever grows at its end. */
const ACTORS: readonly ActorKind[] = ['member', 'device', 'merchant', 'auditor', 'admin', 'system', 'service'];

/** -1 where there is no such kind. */
export function actorCode(actor: ActorKind): number {
  return ACTORS.indexOf(actor);
}

export function actorOf(code: number): ActorKind | undefined {
  return ACTORS[code];
}
