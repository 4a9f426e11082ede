import { Refused } from './refused.ts';

/** Short text that stands in the clear or is shown to people: not blank, at most `longest` characters. `what` names the field. */
export function requireText(what: string, text: string, longest = 200): void {
  if (text.trim() !== '' && text.length <= longest) return;
  throw new Refused(`invalid-${what}`, `The ${what} must have 1 to ${longest} characters.`, 'invalid');
}
