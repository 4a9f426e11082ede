import { describe, expect, it } from '@jest/globals';
import { openHouse } from '#libs/testing/house.ts';
import { openParts } from './parts.ts';

describe('the parts of one process', () => {
  it('given an empty folder, are made; given that folder again, are found as they were', async () => {
    const house = await openHouse();
    const root = house.parts.keys.root.publicKey.export({ format: 'jwk' }).x;
    const reopened = await house.reopen();
    expect(reopened.keys.root.publicKey.export({ format: 'jwk' }).x).toBe(root);
    await house.close();
  });

  it('given a folder that is in use, are refused to a second opener', async () => {
    const house = await openHouse();
    const again = openParts({
      dataDir: `${house.folder}/data`,
      keysDir: `${house.folder}/keys`,
      outboxDir: house.outboxDir,
      cardNetworkDir: `${house.folder}/card-network`,
      clock: house.clock,
      authorities: [],
      falsePositiveRate: 0.001,
      visibleLightLimit: 0,
    });
    await expect(again).rejects.toMatchObject({ name: 'LedgerLocked' });
    await house.close();
  });
});
