/** What goes with an erasure, and how: in every certificate, and in docs/members-data.md. */
export const DESTROYED = [
  {
    what: 'palm signatures, cards’ tokens, phone numbers, a linked account, credentials, consent and every link between the person and purchases, visits and checks, in the ledger and every copy and backup of it',
    how: 'each was encrypted under a key of its own; these keys were destroyed',
  },
  {
    what: 'palm signatures in the memory of the matching index',
    how: 'overwritten, before the destruction was recorded',
  },
  {
    what: 'what views, and messages not yet sent, held of the person',
    how: 'deleted with secure deletion, or voided with its key',
  },
  {
    what: 'the person’s own stream of events',
    how: 'its records were removed from the ledger; the evidence keeps their hashes, which tell nothing of them',
  },
] as const;

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
