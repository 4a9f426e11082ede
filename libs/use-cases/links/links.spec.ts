import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asked, openTown, type Town } from '#libs/testing/town.ts';
import { overview } from '../one-id/overview.ts';
import { linkAccount, unlinkAccount } from './link.ts';
import { issueLinkProof } from './proof.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const shopkeeper = { kind: 'merchant', principal: 'eve', merchant: 'booksmerchant' } as const;

describe('an account that a member links', () => {
  it('is the one that the third party vouches for; it can be unlinked', async () => {
    const { caller } = await town.member();
    const { proof } = await issueLinkProof(town.deps, { caller: shopkeeper, account: 'ada-77' });
    const request = asked(caller);
    const { link } = await linkAccount(town.deps, { caller, request, proof });
    expect(await linkAccount(town.deps, { caller, request, proof })).toMatchObject({ link });
    expect((await overview(town.deps, { caller })).link).toEqual({ link, account: 'booksmerchant/ada-77' });
    await unlinkAccount(town.deps, { caller, request: asked(caller), link });
    expect((await overview(town.deps, { caller })).link).toBeUndefined();
  });

  it('is not linked by a proof that is over, or by none', async () => {
    const { caller } = await town.member();
    const { proof, expiresAt } = await issueLinkProof(town.deps, { caller: shopkeeper, account: 'ada-77' });
    const guessed = linkAccount(town.deps, { caller, request: asked(caller), proof: `${proof.slice(0, -2)}AA` });
    await expect(guessed).rejects.toMatchObject({ code: 'proof-invalid' });
    town.house.clock.moveTo(new Date(expiresAt));
    const late = linkAccount(town.deps, { caller, request: asked(caller), proof });
    await expect(late).rejects.toMatchObject({ code: 'proof-expired' });
  });
});
