import { money, moment, type Texts } from '../wording.ts';

const CHANGES = {
  'remove-phone': 'remove a phone',
  'replace-phone': 'replace a phone',
  download: 'download everything that is held about you',
  leave: 'close your One ID and erase everything',
};
const SECURITY = {
  'signed-in': 'Somebody signed in to your One ID',
  paused: 'Your palm was paused. It identifies nobody until you unpause it',
  unpaused: 'Your palm was unpaused and works again',
  suspended: 'Your One ID was suspended by us',
  resumed: 'Your One ID is no longer suspended',
  downloaded: 'A copy of everything that is held about you was downloaded',
  'link-changed': 'The account linked with your One ID was changed',
};
const LOOKERS = { auditor: 'An auditor', admin: 'An administrator', service: 'A service' };
const ERASED = {
  member: 'as you asked',
  admin: 'by a decision of ours',
  unused: 'since it was not used for two years',
  lapsed: 'since the enrolment was not completed',
  'consent-withdrawn': 'since you withdrew your consent',
  'service-closed': 'since the service ends',
};
const NOT_YOU = 'If this was not you, sign in or hold your palm over a device and pause your One ID.';
const CODE = (code: string, minutes: number): string =>
  `${code} is your code. It works once, for ${minutes} minutes. Give it to nobody; we never ask for it.`;
const HAND = { left: 'left', right: 'right' };

export const en: Texts = {
  'sign-in-code': ({ code, minutes }) => ['Your code to sign in', CODE(code, minutes)],
  'phone-code': ({ code, minutes }) => ['Your code to confirm this phone', CODE(code, minutes)],
  'change-code': ({ code, minutes }) => ['Your code to confirm the change', CODE(code, minutes)],
  'phone-added': ({ lastTwo, at }) => [
    'A phone was added',
    `A phone ending in ${lastTwo} was added to your One ID on ${moment('en', at)}. ${NOT_YOU}`,
  ],
  'phone-removed': ({ lastTwo, at }) => [
    'A phone was removed',
    `The phone ending in ${lastTwo} was removed from your One ID on ${moment('en', at)}. ${NOT_YOU}`,
  ],
  'phone-taken': ({ lastTwo, at }) => [
    'A phone number of yours belongs to somebody else now',
    `Somebody else verified the phone number ending in ${lastTwo} on ${moment('en', at)}. A number belongs to who verified it last, so it was taken off your One ID; nothing else changed.`,
  ],
  'card-added': ({ brand, lastFour, at }) => [
    'A card was added',
    `The ${brand} card ending in ${lastFour} was added to your One ID on ${moment('en', at)}. ${NOT_YOU}`,
  ],
  'card-removed': ({ brand, lastFour, at }) => [
    'A card was removed',
    `The ${brand} card ending in ${lastFour} was removed from your One ID on ${moment('en', at)}.`,
  ],
  'palm-added': ({ hand, at }) => [
    'A palm was added',
    `Your ${HAND[hand]} palm was added to your One ID on ${moment('en', at)}. ${NOT_YOU}`,
  ],
  'palm-removed': ({ hand, at }) => [
    'A palm was removed',
    `Your ${HAND[hand]} palm was removed from your One ID on ${moment('en', at)}. Its signature is gone.`,
  ],
  'change-announced': ({ change, takesEffectAt }) => [
    'A change was announced',
    `Somebody asked to ${CHANGES[change]}. It happens on ${moment('en', takesEffectAt)}. To stop it, sign in, open "Changes" and withdraw it, or hold your palm over a device. If it was you, you need not do anything.`,
  ],
  'change-withdrawn': ({ change }) => [
    'A change was stopped',
    `The announced change (${CHANGES[change]}) was withdrawn. Nothing happened.`,
  ],
  'change-done': ({ change }) => ['A change took effect', `The announced change (${CHANGES[change]}) took effect.`],
  'expiry-warned': ({ expiresOn }) => [
    'Your One ID expires',
    `You have not used your palm for a long time. On ${moment('en', expiresOn)} your One ID expires and everything about you is erased. To keep it, hold your palm over any device before then.`,
  ],
  'enrolment-completed': ({ at }) => [
    'Welcome',
    `Your One ID works since ${moment('en', at)}. You can see, change and erase everything when you sign in with this phone.`,
  ],
  'enrolment-lapsed': () => [
    'Your enrolment was not completed',
    'It was not completed within 24 hours. Everything that you gave us for it is erased.',
  ],
  'palm-known': ({ at }) => [
    'Your palm was held over a device to enrol',
    `On ${moment('en', at)} somebody tried to enrol with a palm that belongs to your One ID. If it was you, you have a One ID already; if not, tell us.`,
  ],
  'erasure-started': ({ dueBy }) => [
    'Your data is being erased',
    `From now on your palm identifies nobody. All is done by ${moment('en', dueBy)}. Until the destruction begins you can withdraw this when you sign in.`,
  ],
  'erasure-withdrawn': () => ['The erasure was stopped', 'Your One ID is kept and works again.'],
  erased: ({ receipt, reason }) => [
    'This is our last message',
    `Your One ID is erased, ${ERASED[reason]}. We hold nothing by which we could recognise or reach you.` +
      (receipt === undefined
        ? ' Your receipt reads the certificate.'
        : ` Your receipt is ${receipt}: it reads the state of the erasure and the certificate. Keep it; we cannot send it again.`),
  ],
  'payment-receipt': ({ merchant, amount, currency, at }) => [
    'Receipt',
    `You paid ${money('en', amount, currency)} at ${merchant} on ${moment('en', at)}. If this was not you, say so under "Purchases".`,
  ],
  'refund-receipt': ({ merchant, amount, currency, at }) => [
    'Refund',
    `${merchant} gave back ${money('en', amount, currency)} on ${moment('en', at)}.`,
  ],
  'looked-at': ({ by, reason, at }) => [
    'Somebody looked at your data',
    `${LOOKERS[by]} looked at your data on ${moment('en', at)}. Reason: ${reason}. All looks stand under "Who looked".`,
  ],
  'security-notice': ({ what, at }) => [
    'About the safety of your One ID',
    `${SECURITY[what]} (${moment('en', at)}). ${NOT_YOU}`,
  ],
  'dispute-decided': ({ outcome }) => [
    'Your dispute is decided',
    outcome === 'accepted'
      ? 'You were right: the amount is given back.'
      : 'We found that the payment was yours. You may ask us for the reasons.',
  ],
  'principal-invited': ({ role, credential }) => [
    'You were invited',
    `You may work with PalmLedger as ${role}. Your credential, shown this once: ${credential}`,
  ],
};
