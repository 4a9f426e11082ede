import { whoOf } from '#libs/use-cases/callers.ts';
import type { Who } from '#libs/use-cases/stream/decide.ts';

/** Who acts where nobody does: a part of the system, by its name. `causation` is the record that set it off. */
export function systemWho(part: string): Who {
  return whoOf({ kind: 'system', part });
}
