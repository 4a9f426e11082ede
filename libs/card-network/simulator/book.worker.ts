import { serveStore } from '#libs/runtime/serve-store.ts';
import { openBook } from './book.ts';

serveStore((data) => openBook((data as { file: string }).file));
