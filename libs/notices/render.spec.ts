import { describe, expect, it } from '@jest/globals';
import { languageOf, renderNotice } from './render.ts';
import { LANGUAGES, type NoticeTemplate, type TemplateValues } from './templates.ts';
import { money } from './wording.ts';

const AT = '2026-11-24T15:00:00.000Z';
const EXAMPLES: TemplateValues = {
  'sign-in-code': { code: '481516', minutes: 10 },
  'phone-code': { code: '481516', minutes: 10 },
  'change-code': { code: '481516', minutes: 10 },
  'phone-added': { lastTwo: '34', at: AT },
  'phone-removed': { lastTwo: '34', at: AT },
  'phone-taken': { lastTwo: '34', at: AT },
  'card-added': { brand: 'visa', lastFour: '4242', at: AT },
  'card-removed': { brand: 'visa', lastFour: '4242', at: AT },
  'palm-added': { hand: 'right', at: AT },
  'palm-removed': { hand: 'left', at: AT },
  'change-announced': { change: 'remove-phone', takesEffectAt: AT },
  'change-withdrawn': { change: 'leave' },
  'change-done': { change: 'download' },
  'expiry-warned': { expiresOn: AT },
  'enrolment-completed': { at: AT },
  'enrolment-lapsed': {},
  'palm-known': { at: AT },
  'erasure-started': { dueBy: AT },
  'erasure-withdrawn': {},
  erased: { receipt: 'receipt-word', reason: 'unused' },
  'payment-receipt': { merchant: 'Bakery', amount: 1250, currency: 'EUR', at: AT },
  'refund-receipt': { merchant: 'Bakery', amount: 250, currency: 'EUR', at: AT },
  'looked-at': { by: 'auditor', reason: 'complaint', at: AT },
  'security-notice': { what: 'paused', at: AT },
  'dispute-decided': { outcome: 'accepted' },
  'principal-invited': { role: 'auditor', credential: 'credential-word' },
};
const TEMPLATES = Object.keys(EXAMPLES) as NoticeTemplate[];

describe.each(LANGUAGES)('messages in %s', (language) => {
  it.each(TEMPLATES)('%s are whole sentences', (template) => {
    const { subject, text } = renderNotice(template, language, EXAMPLES[template]);
    expect(subject).not.toBe('');
    expect(`${subject} ${text}`).not.toMatch(/undefined|null|NaN|\[object|\$\{/);
  });

  it('say the code, the receipt and how to stop a change', () => {
    expect(renderNotice('phone-code', language, EXAMPLES['phone-code']).text).toContain('481516');
    expect(renderNotice('erased', language, EXAMPLES.erased).text).toContain('receipt-word');
    expect(renderNotice('change-announced', language, EXAMPLES['change-announced']).text).toMatch(/stop|verhindern/);
  });

  it('have no receipt where who asked has it', () => {
    expect(renderNotice('erased', language, { reason: 'member' }).text).not.toContain('undefined');
  });
});

describe('amounts and languages', () => {
  it('are written as their reader writes them, by the currency’s own minor units', () => {
    expect(money('en', 1250, 'EUR')).toBe('€12.50');
    expect(money('de', 1250, 'EUR')).toMatch(/^12,50\s€$/);
    expect(money('en', 1250, 'JPY')).toBe('¥1,250');
    expect(money('en', 1250, 'KWD')).toMatch(/1\.250$/);
  });

  it('fall back to English', () => {
    expect(['de', 'de-AT', 'DE', 'fr', ''].map(languageOf)).toEqual(['de', 'de', 'de', 'en', 'en']);
  });
});
