import { maxAmount, requirePrice } from '../money.ts';
import { Refused } from '../refused.ts';
import { requireText } from '../text.ts';
import type { PutBackItem, TakeItem } from './commands.ts';
import type { VisitEvent } from './events.ts';
import { requireStarted } from './refusals.ts';
import { totalOf } from './state.ts';
import type { VisitState } from './state.ts';

/** Movements at the shelf in one visit; keeps its stream short enough to load. */
export const maxLines = 1_000;
export const maxQuantity = 1_000;

export function takeItem(command: TakeItem, state: VisitState): readonly VisitEvent[] {
  const { line, article, quantity, unitPrice } = command;
  if (isRepeated(command, quantity, state)) return [];
  requireMovement(command, state);
  if (totalOf(state) + quantity * unitPrice > maxAmount)
    throw new Refused('cart-too-large', `A cart comes to at most ${maxAmount} minor units.`);
  return [{ type: 'ItemTaken', clear: { line, article, quantity, unitPrice } }];
}

export function putBackItem(command: PutBackItem, state: VisitState): readonly VisitEvent[] {
  const { line, article, quantity, unitPrice } = command;
  if (isRepeated(command, -quantity, state)) return [];
  requireMovement(command, state);
  const inCart = quantityOf(command, state);
  if (quantity > inCart)
    throw new Refused('not-in-cart', 'No more can be put back than was taken at that price.', 'conflict', { inCart });
  return [{ type: 'ItemPutBack', clear: { line, article, quantity, unitPrice } }];
}

type Movement = TakeItem | PutBackItem;

/** A movement that is known already decides nothing, also after the visit's end. */
function isRepeated(command: Movement, quantity: number, state: VisitState): boolean {
  if (state.phase === 'none') return false;
  const known = state.lines.find(({ line }) => line === command.line);
  if (!known) return false;
  if (known.article === command.article && known.unitPrice === command.unitPrice && known.quantity === quantity)
    return true;
  throw new Refused('line-reference-used', 'The reference belongs to another movement of this visit.');
}

function requireMovement({ line, article, quantity, unitPrice }: Movement, state: VisitState): void {
  const { lines } = requireStarted(state);
  requireText('line', line);
  requireText('article', article);
  requirePrice(unitPrice);
  if (!Number.isSafeInteger(quantity) || quantity < 1 || quantity > maxQuantity)
    throw new Refused('invalid-quantity', `A quantity is a whole number from 1 to ${maxQuantity}.`, 'invalid');
  if (lines.length >= maxLines) throw new Refused('too-many-lines', `A visit takes at most ${maxLines} movements.`);
}

function quantityOf({ article, unitPrice }: Movement, state: VisitState): number {
  return requireStarted(state)
    .lines.filter((one) => one.article === article && one.unitPrice === unitPrice)
    .reduce((total, { quantity }) => total + quantity, 0);
}
