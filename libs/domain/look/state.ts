export type LookState =
  | { readonly phase: 'none' }
  | { readonly phase: 'looked'; readonly when: string; readonly principal: string; readonly reason: string };

export const noLook: LookState = { phase: 'none' };
