import { join } from 'node:path';
import { witnessContract } from '../witness.contract.ts';
import { fileWitness } from './file-witness.ts';

witnessContract('a folder', (folder, publicKey) => fileWitness(join(folder, 'witness'), publicKey));
