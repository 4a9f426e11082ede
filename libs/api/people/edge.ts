import type { SignOuts } from '#libs/identity/sign-outs.ts';
import type { Tokens } from '#libs/identity/tokens.ts';

/** What the edge needs to know people and services by, besides their streams. */
export interface PeopleEdge {
  readonly tokens: Tokens;
  readonly signOuts: SignOuts;
}

/** Its injection token. */
export const PEOPLE_EDGE = Symbol('people edge');
