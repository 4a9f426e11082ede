import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sealCard } from '#libs/device-protocol/card.ts';
import { verifyTokeniserKey } from '#libs/device-protocol/signed-key.ts';
import { KeyReused, OutcomeUnknown, RequestInvalid, type Authorised, type CardNetwork } from './port.ts';

export interface NetworkUnderTest {
  readonly network: CardNetwork;
  /** The same book, opened again after the process ended. */
  restart(): Promise<CardNetwork>;
  close(): Promise<void>;
}

const GOOD = '4242424242424242';
const CONTEXT = { sender: 'device1', request: 'request-1' };

/** What every card network must do. `open` starts one with an empty book and a clock of November 2026. */
export function cardNetworkContract(name: string, open: () => Promise<NetworkUnderTest>): void {
  describe(`the card network (${name})`, () => {
    let under: NetworkUnderTest;
    let network: CardNetwork;
    let keys = 0;
    const key = (): string => `key-${++keys}`;

    // One for all, since keys are never used twice; those that end it come last.
    beforeAll(async () => {
      under = await open();
      network = under.network;
    });
    afterAll(() => under.close());

    async function sealed(pan: string, expiry = '2031-04'): Promise<string> {
      return sealCard({ pan, expiry }, await network.tokeniserKey(), CONTEXT);
    }

    async function token(pan = GOOD): Promise<string> {
      const made = await network.tokenise({ key: key(), card: await sealed(pan), context: CONTEXT });
      if (made.outcome !== 'tokenised') throw new Error(made.reason);
      return made.networkToken;
    }

    async function authorised(amount = 1250, pan = GOOD): Promise<string> {
      const of = await token(pan);
      return referenceOf(await network.authorise({ key: key(), token: of, amount, currency: 'EUR', merchant: 'm1' }));
    }

    async function captured(amount = 1250): Promise<string> {
      const reference = await authorised(amount);
      expect(await network.capture({ key: key(), reference, amount })).toMatchObject({ outcome: 'captured' });
      return reference;
    }

    describe('turns a card into a token', () => {
      it('under a key that its root vouches for', async () => {
        const tokeniser = await network.tokeniserKey();
        const now = new Date('2026-11-24T15:00:00.000Z');
        expect(await verifyTokeniserKey(tokeniser, await network.rootKey(), now)).toBe('valid');
      });

      it.each([
        [GOOD, 'visa'],
        ['5555555555554444', 'mastercard'],
        ['2223003122003222', 'mastercard'],
        ['378282246310005', 'amex'],
        ['6011111111111117', 'discover'],
        ['3056930009020004', 'diners'],
        ['3566002020360505', 'jcb'],
        ['6200000000000005', 'unionpay'],
        ['6304000000000000', undefined],
      ])('%s is of brand %s', async (pan, brand) => {
        const made = await network.tokenise({ key: key(), card: await sealed(pan), context: CONTEXT });
        if (brand === undefined) expect(made).toMatchObject({ outcome: 'refused', reason: 'brand-unknown' });
        else expect(made).toMatchObject({ outcome: 'tokenised', brand, lastFour: pan.slice(-4), expiry: '2031-04' });
      });

      it('and refuses what is no card', async () => {
        const wrong = await network.tokenise({ key: key(), card: await sealed('4242424242424241'), context: CONTEXT });
        expect(wrong).toEqual({ outcome: 'refused', reason: 'number-invalid' });
        const over = await network.tokenise({ key: key(), card: await sealed(GOOD, '2026-10'), context: CONTEXT });
        expect(over).toEqual({ outcome: 'refused', reason: 'expired' });
        const garbled = await network.tokenise({ key: key(), card: 'AAAA', context: CONTEXT });
        expect(garbled).toEqual({ outcome: 'refused', reason: 'unreadable' });
      });

      it('and refuses one that was sealed for something else', async () => {
        const context = { ...CONTEXT, request: 'request-2' };
        const made = await network.tokenise({ key: key(), card: await sealed(GOOD), context });
        expect(made).toEqual({ outcome: 'refused', reason: 'unreadable' });
      });

      it('once a key, and takes another card under it only where the first was refused', async () => {
        const one = { key: key(), card: await sealed(GOOD), context: CONTEXT };
        const made = await network.tokenise(one);
        expect(await network.tokenise(one)).toEqual(made);
        await expect(network.tokenise({ ...one, card: await sealed(GOOD) })).rejects.toThrow(KeyReused);
        const refusedKey = key();
        await network.tokenise({ key: refusedKey, card: 'AAAA', context: CONTEXT });
        const second = await network.tokenise({ key: refusedKey, card: await sealed(GOOD), context: CONTEXT });
        expect(second.outcome).toBe('tokenised');
      });
    });

    describe('authorises and captures', () => {
      it('once a key, also when it is asked many times at once', async () => {
        const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
        const answers = await Promise.all(Array.from({ length: 20 }, () => network.authorise(request)));
        expect(new Set(answers.map(referenceOf)).size).toBe(1);
        const reference = referenceOf(answers[0]!);
        const capture = { key: key(), reference, amount: 1250 };
        expect(await network.capture(capture)).toEqual({ outcome: 'captured', reference });
        expect(await network.capture(capture)).toEqual({ outcome: 'captured', reference });
        expect(await network.capture({ ...capture, key: key() })).toMatchObject({ reason: 'already-captured' });
      });

      it('and refuses a key that stands for something else', async () => {
        const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
        const reference = referenceOf(await network.authorise(request));
        await expect(network.authorise({ ...request, amount: 1251 })).rejects.toThrow(KeyReused);
        await expect(network.capture({ key: request.key, reference, amount: 1250 })).rejects.toThrow(KeyReused);
      });

      it('captures no more than was authorised', async () => {
        const reference = await authorised(1250);
        expect(await network.capture({ key: key(), reference, amount: 1251 })).toMatchObject({
          reason: 'amount-too-large',
        });
        expect(await network.capture({ key: key(), reference, amount: 1000 })).toMatchObject({ outcome: 'captured' });
      });

      it('declines an unknown token', async () => {
        const request = { key: key(), token: 'tok_none', amount: 1, currency: 'EUR', merchant: 'm1' };
        expect(await network.authorise(request)).toMatchObject({ outcome: 'declined', reason: 'card-unknown' });
      });

      it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('refuses the amount %d as no amount', async (amount) => {
        const request = { key: key(), token: 'tok_x', amount, currency: 'EUR', merchant: 'm1' };
        await expect(network.authorise(request)).rejects.toThrow(RequestInvalid);
        await expect(network.refund({ key: key(), reference: 'r', amount })).rejects.toThrow(RequestInvalid);
      });
    });

    describe('cancels', () => {
      it('what was authorised', async () => {
        const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
        const reference = referenceOf(await network.authorise(request));
        const cancel = { key: key(), cancels: request.key };
        expect(await network.cancel(cancel)).toEqual({ outcome: 'cancelled' });
        expect(await network.cancel(cancel)).toEqual({ outcome: 'cancelled' });
        expect(await network.capture({ key: key(), reference, amount: 1250 })).toMatchObject({ reason: 'cancelled' });
      });

      it('what comes after it', async () => {
        const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
        expect(await network.cancel({ key: key(), cancels: request.key })).toEqual({ outcome: 'cancelled' });
        expect(await network.authorise(request)).toMatchObject({ outcome: 'declined', reason: 'cancelled' });
      });

      it('nothing that is captured', async () => {
        const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
        const reference = referenceOf(await network.authorise(request));
        await network.capture({ key: key(), reference, amount: 1250 });
        const late = await network.cancel({ key: key(), cancels: request.key });
        expect(late).toEqual({ outcome: 'refused', reason: 'already-captured' });
      });
    });

    describe('refunds', () => {
      it('in parts, never beyond what was captured', async () => {
        const reference = await captured(1250);
        const part = { key: key(), reference, amount: 1000 };
        const first = await network.refund(part);
        expect(first).toMatchObject({ outcome: 'refunded' });
        expect(await network.refund(part)).toEqual(first);
        expect(await network.refund({ key: key(), reference, amount: 251 })).toMatchObject({
          reason: 'amount-too-large',
        });
        expect(await network.refund({ key: key(), reference, amount: 250 })).toMatchObject({ outcome: 'refunded' });
        expect(await network.refund({ key: key(), reference, amount: 1 })).toMatchObject({
          reason: 'amount-too-large',
        });
      });

      it('nothing that was not captured', async () => {
        const reference = await authorised();
        expect(await network.refund({ key: key(), reference, amount: 1 })).toMatchObject({ reason: 'not-captured' });
        const unknown = { key: key(), reference: 'net_none', amount: 1 };
        expect(await network.refund(unknown)).toMatchObject({ reason: 'reference-unknown' });
      });
    });

    describe('says what became of a key', () => {
      it('and that it knows nothing of one that never arrived', async () => {
        const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
        expect(await network.lookUp(request.key)).toEqual({ step: 'unknown' });
        const outcome = await network.authorise(request);
        expect(await network.lookUp(request.key)).toEqual({ step: 'authorise', outcome });
      });
    });

    it('has no news where nothing happened by itself', async () => {
      expect(await network.since('0')).toEqual({ chargeBacks: [], position: '0' });
      await expect(network.since('x')).rejects.toThrow(RequestInvalid);
    });

    it('knows after a restart what it knew before', async () => {
      const root = await network.rootKey();
      const request = { key: key(), token: await token(), amount: 1250, currency: 'EUR', merchant: 'm1' };
      const outcome = await network.authorise(request);
      const sealedBefore = { key: key(), card: await sealed(GOOD), context: CONTEXT };
      network = await under.restart();
      expect(await network.rootKey()).toBe(root);
      expect(await network.authorise(request)).toEqual(outcome);
      expect(await network.tokenise(sealedBefore)).toMatchObject({ outcome: 'tokenised' });
      const capture = { key: key(), reference: referenceOf(outcome), amount: 1250 };
      expect(await network.capture(capture)).toMatchObject({ outcome: 'captured' });
    });

    it('that has ended gives no answer, never a wrong one', async () => {
      await network.close();
      await expect(network.lookUp('key-x')).rejects.toThrow(OutcomeUnknown);
    });
  });
}

function referenceOf(answer: Authorised): string {
  return answer.reference;
}
