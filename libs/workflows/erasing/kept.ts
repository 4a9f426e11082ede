/** What stays after an erasure, and why: in every certificate, and in docs/members-data.md. */
export const KEPT = [
  {
    what: 'of each purchase: merchant, place, device, amount, currency, times and how it ended, with the reference of the card network',
    basis: 'duty to keep accounting records (commercial and tax law); GDPR article 17(3)(b)',
    until: 'ten years after the end of the year of the purchase',
  },
  {
    what: 'of each visit and credential check: merchant, place, device, articles or kind, times and how it ended',
    basis: 'duty to keep accounting records (commercial and tax law); GDPR article 17(3)(b)',
    until: 'ten years after the end of the year in which it was',
  },
  {
    what: 'the steps of this erasure with their times, and a salted commitment to the One ID',
    basis: 'proof that the erasure was done; GDPR articles 5(2) and 17(3)(e)',
    until: 'as long as claims can be made',
  },
] as const;

/** What the overwriting of a master key proves depends on what it lies on; said with the copy's medium beside it. */
export const whatOverwritingProves =
  'The pages with the destroyed keys and all above them were written anew under fresh keys, up to a fresh master key; the old master key was overwritten in place and synced. On a medium that writes in place nothing is left of it; on flash, copy-on-write storage or snapshots its old bytes may last until their place is used again, and only with them would an older copy of the keyring open.';
