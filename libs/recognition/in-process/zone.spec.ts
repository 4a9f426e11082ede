import { recognitionContract } from '../recognition.contract.ts';
import { startZone } from './zone.ts';

recognitionContract('in this process', async (parts) => startZone(parts));
