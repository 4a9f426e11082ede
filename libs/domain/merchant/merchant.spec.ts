import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '#libs/testing/given.ts';
import { live } from '#libs/testing/life.ts';
import type { MerchantCommand, OpenSite, RegisterMerchant, SignContract } from './commands.ts';
import { merchantDecider } from './decider.ts';
import type { MerchantEvent } from './events.ts';
import { isSiteOpen, mayDo } from './state.ts';

const now = '2026-11-24T15:00:00.000Z';
const register: RegisterMerchant = {
  type: 'RegisterMerchant',
  at: now,
  name: 'Corner Shop',
  country: 'DE',
  currency: 'EUR',
};
const site = { site: 's1', name: 'Corner', place: 'Berlin', timeZone: 'Europe/Berlin' };
const openSite: OpenSite = { type: 'OpenSite', at: now, ...site };
const closeSite: MerchantCommand = { type: 'CloseSite', at: now, site: 's1' };
const signContract: SignContract = {
  type: 'SignContract',
  at: now,
  contract: 'c1',
  purposes: ['pay', 'visit'],
  from: '2026-12-01T00:00:00.000Z',
};
const endContract: MerchantCommand = { type: 'EndContract', at: now, contract: 'c1' };

const registered: MerchantEvent = {
  type: 'MerchantRegistered',
  clear: { name: 'Corner Shop', country: 'DE', currency: 'EUR' },
};
const opened: MerchantEvent = { type: 'SiteOpened', clear: site };
const closed: MerchantEvent = { type: 'SiteClosed', clear: { site: 's1' } };
const signed: MerchantEvent = {
  type: 'ContractSigned',
  clear: { contract: 'c1', purposes: ['pay', 'visit'], from: '2026-12-01T00:00:00.000Z' },
};
const contractEnded: MerchantEvent = { type: 'ContractEnded', clear: { contract: 'c1' } };
const merchant = (...past: MerchantEvent[]) => given(merchantDecider, ...past);

describe('Registering a merchant', () => {
  it('happens once', () => {
    merchant().when(register).then(registered);
    merchant(registered).when(register).thenNothing();
    merchant(registered)
      .when({ ...register, name: 'Other' })
      .thenRefused('merchant-already-registered');
  });
  it('checks what it is told', () => {
    merchant()
      .when({ ...register, name: ' ' })
      .thenRefused('invalid-name');
    for (const country of ['Germany', 'de', 'QX', ''])
      merchant()
        .when({ ...register, country })
        .thenRefused('invalid-country');
    merchant()
      .when({ ...register, currency: 'EURO' })
      .thenRefused('invalid-currency');
  });
});

describe('A site', () => {
  it('opens, closes and opens again', () => {
    merchant(registered).when(openSite).then(opened);
    merchant(registered, opened).when(closeSite).then(closed);
    merchant(registered, opened, closed)
      .when({ ...openSite, name: 'Corner II' })
      .then({ type: 'SiteOpened', clear: { ...site, name: 'Corner II' } });
    expect(isSiteOpen(merchant(registered, opened).state, 's1')).toBe(true);
    expect(isSiteOpen(merchant(registered, opened, closed).state, 's1')).toBe(false);
    expect(isSiteOpen(merchant(registered, opened, closed, opened).state, 's1')).toBe(true);
    expect(isSiteOpen(merchant().state, 's1')).toBe(false);
  });
  it('decides nothing when repeated', () => {
    merchant(registered, opened).when(openSite).thenNothing();
    merchant(registered, opened, closed).when(closeSite).thenNothing();
  });
  it('is refused where it does not fit', () => {
    merchant(registered, opened)
      .when({ ...openSite, place: 'Bonn' })
      .thenRefused('site-already-open');
    merchant(registered).when(closeSite).thenRefused('site-not-found');
    merchant().when(openSite).thenRefused('merchant-not-found');
    merchant(registered)
      .when({ ...openSite, timeZone: 'Mars/Olympus' })
      .thenRefused('invalid-time-zone');
    merchant(registered)
      .when({ ...openSite, place: '' })
      .thenRefused('invalid-place');
    merchant(registered)
      .when({ ...openSite, site: '' })
      .thenRefused('invalid-site');
  });
});

describe('A contract', () => {
  it('says what a merchant may do, from its beginning to its end', () => {
    merchant(registered).when(signContract).then(signed);
    const { state } = merchant(registered, signed);
    expect(mayDo(state, 'pay', '2026-11-30T23:59:59.999Z')).toBe(false);
    expect(mayDo(state, 'pay', '2026-12-01T00:00:00.000Z')).toBe(true);
    expect(mayDo(state, 'age', '2026-12-01T00:00:00.000Z')).toBe(false);
    merchant(registered, signed).when(endContract).then(contractEnded);
    expect(mayDo(merchant(registered, signed, contractEnded).state, 'pay', '2026-12-01T00:00:00.000Z')).toBe(false);
    expect(mayDo(merchant().state, 'pay', now)).toBe(false);
  });
  it.each([[[]], [['resale']], [['pay', 'resale']]])('never allows %p', (purposes) => {
    merchant(registered)
      .when({ ...signContract, purposes })
      .thenRefused('invalid-purposes');
  });
  it('allows nothing by a purpose that this version does not know', () => {
    const { state } = merchant(registered, {
      type: 'ContractSigned',
      clear: { contract: 'c2', purposes: ['teleport'], from: now },
    });
    expect(state).toMatchObject({ contracts: [{ purposes: [] }] });
  });
  it('decides nothing when repeated', () => {
    merchant(registered, signed).when(signContract).thenNothing();
    merchant(registered, signed, contractEnded).when(endContract).thenNothing();
  });
  it('is refused where it does not fit', () => {
    merchant(registered, signed)
      .when({ ...signContract, purposes: ['pay'] })
      .thenRefused('contract-reference-used');
    merchant(registered).when(endContract).thenRefused('contract-not-found');
    merchant(registered)
      .when({ ...signContract, from: 'tomorrow' })
      .thenRefused('invalid-from');
    merchant().when(signContract).thenRefused('merchant-not-found');
  });
});

describe('In any life of a merchant', () => {
  it('a repeated command decides nothing', () => {
    const anything = fc.constantFrom<MerchantCommand>(
      register,
      openSite,
      closeSite,
      signContract,
      endContract,
      { ...openSite, name: 'Other' },
      { ...signContract, contract: 'c2', purposes: ['age', 'age'] },
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 25 }), (commands) => {
        live(merchantDecider, commands);
      }),
    );
  });
});
