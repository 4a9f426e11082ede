import { keyringContract, type KeyringUnderTest } from '../keyring.contract.ts';
import { makeFileKeyring, openFileKeyring } from './open.ts';
import { drawFolder } from './testing.ts';

const start = (replicas: number) => async (): Promise<KeyringUnderTest> => {
  const { options, remove } = await drawFolder(replicas);
  let keyring = await makeFileKeyring(options);
  return {
    keyring,
    async reopen() {
      await keyring.close();
      keyring = await openFileKeyring(options);
      return keyring;
    },
    async end() {
      await keyring.close();
      await remove();
    },
  };
};

keyringContract('file', start(0));
keyringContract('file, two replicas', start(2));
