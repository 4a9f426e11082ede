import { serveStore } from '#libs/runtime/serve-store.ts';
import { openWaiting } from './waiting.ts';

serveStore((data) => openWaiting((data as { file: string }).file));
